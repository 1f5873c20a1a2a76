/** A JSON Schema and the type that it describes, from one source. */
export interface Shape<T> {
  readonly schema: JsonSchema;
  /** Schemas of the shapes that are referenced by name. */
  readonly named: Readonly<Record<string, JsonSchema>>;
  /** For the type only; never set. */
  readonly type?: T;
}
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The type that a shape describes. */
export type Of<S> = S extends Shape<infer T> ? T : never;

interface Optional<T> extends Shape<T> {
  readonly optional: true;
}
type Members = Readonly<Record<string, Shape<unknown>>>;
type OptionalNames<M> = { [K in keyof M]: M[K] extends { readonly optional: true } ? K : never }[keyof M];
type ObjectOf<M> = { readonly [K in Exclude<keyof M, OptionalNames<M>>]: Of<M[K]> } & {
  readonly [K in OptionalNames<M>]?: Of<M[K]>;
};

function shape<T>(schema: JsonSchema, ...parts: readonly Shape<unknown>[]): Shape<T> {
  return { schema, named: Object.assign({}, ...parts.map(({ named }) => named)) };
}

const described = (description: string | undefined) => (description === undefined ? {} : { description });

export const text = (description?: string): Shape<string> => shape({ type: 'string', ...described(description) });
export const pattern = (source: string): Shape<string> => shape({ type: 'string', pattern: source });
export const flag = (description?: string): Shape<boolean> => shape({ type: 'boolean', ...described(description) });
export const number = (minimum?: number): Shape<number> =>
  shape({ type: 'number', ...(minimum !== undefined && { minimum }) });
export const count = (description?: string): Shape<number> =>
  shape({ type: 'integer', minimum: 0, ...described(description) });
export const textOrNumber: Shape<string | number> = shape({ type: ['string', 'number'] });

/** A string from a closed list. */
export const words = <const W extends readonly string[]>(list: W, description?: string): Shape<W[number]> =>
  shape({ enum: list, ...described(description) });

export const constant = <const C extends string | boolean>(value: C, description?: string): Shape<C> =>
  shape({ const: value, ...described(description) });

export const list = <T>(item: Shape<T>, description?: string): Shape<readonly T[]> =>
  shape({ type: 'array', items: item.schema, ...described(description) }, item);

export const pair: Shape<readonly [string, string]> = shape({
  type: 'array',
  minItems: 2,
  maxItems: 2,
  items: { type: 'string' },
});

/** An object with arbitrary member names, all members of one shape. */
export const record = <T>(value: Shape<T>, description?: string): Shape<Readonly<Record<string, T>>> =>
  shape({ type: 'object', ...described(description), additionalProperties: value.schema }, value);

/** An object with member names from a closed list, all members of one shape. */
export const keyed = <K extends string, T>(
  names: Shape<K>,
  value: Shape<T>,
  description?: string,
): Shape<Readonly<Partial<Record<K, T>>>> =>
  shape(
    { type: 'object', ...described(description), propertyNames: names.schema, additionalProperties: value.schema },
    names,
    value,
  );

/** An object with these members; `open` allows others. */
export function object<M extends Members>(
  members: M,
  { description, open = false }: { readonly description?: string; readonly open?: boolean } = {},
): Shape<ObjectOf<M>> {
  const parts = Object.entries(members);
  return shape(
    {
      type: 'object',
      ...described(description),
      ...(open ? {} : { additionalProperties: false }),
      required: parts.filter(([, part]) => !('optional' in part)).map(([name]) => name),
      properties: Object.fromEntries(parts.map(([name, part]) => [name, part.schema])),
    },
    ...parts.map(([, part]) => part),
  );
}

export const optional = <T>(inner: Shape<T>): Optional<T> => ({ ...inner, optional: true });

/** A shape that is referenced by its name among the definitions. */
export function named<T>(name: string, inner: Shape<T>): Shape<T> {
  return { schema: { $ref: `#/$defs/${name}` }, named: { ...inner.named, [name]: inner.schema } };
}

/** The JSON Schema document of a shape. `more`: further definitions. */
export function documentOf(id: string, title: string, root: Shape<unknown>, more: readonly Shape<unknown>[] = []) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title,
    ...root.schema,
    $defs: Object.assign({}, root.named, ...more.map(({ named: defs }) => defs)) as Readonly<
      Record<string, JsonSchema>
    >,
  };
}

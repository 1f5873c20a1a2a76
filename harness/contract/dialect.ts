import { isObject, type JsonObject } from './document.ts';
import { KEYWORDS } from './keywords/index.ts';
import { PARTS, UNIONS } from './keywords/parts.ts';

/** Keys whose values are never schemas, even if they look like one. */
const LITERAL = ['default', 'example', 'examples', 'enum', 'const'];
/** Keys whose values map names to schemas. */
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'schemas'];

/** Keywords that have an effect next to `$ref`. */
const COUNTS = [...KEYWORDS.map(({ name }) => name), ...PARTS, ...UNIONS];

/**
 * The document converted to one dialect, JSON Schema 2020-12: `nullable` and the boolean exclusive limits of OpenAPI 3.0
 * become their newer form, a `$ref` with other keywords moves into an `allOf`, and the schema `false` becomes
 * `{ not: {} }`. Pointers do not change, except below an added `allOf`.
 */
export function inOneDialect(root: unknown): unknown {
  const version = isObject(root) ? root.openapi : undefined;
  return rewritten(root, typeof version === 'string' && version.startsWith('3.0'), false);
}

function rewritten(value: unknown, isOld: boolean, isMap: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, isOld, false));
  if (!isObject(value)) return value === false && isMap ? { not: {} } : value;
  const made: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      !isMap && (LITERAL.includes(key) || key.startsWith('x-'))
        ? structuredClone(child)
        : rewritten(child, isOld, !isMap && MAPS.includes(key)),
    ]),
  );
  if (isMap) return made;
  if (typeof made.$ref === 'string') return isOld ? made : beside(made);
  return isOld ? modern(made) : made;
}

/** Moves a `$ref` with other keywords into an `allOf`. OpenAPI 3.1 allows such keywords; 3.0 ignores them. */
function beside(schema: JsonObject): JsonObject {
  const { $ref, ...others } = schema;
  if (!Object.keys(others).some((key) => COUNTS.includes(key))) return schema;
  return { ...others, allOf: [{ $ref }, ...(Array.isArray(others.allOf) ? others.allOf : [])] };
}

function modern({ nullable, ...schema }: JsonObject): JsonObject {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const list = schema.enum;
  return Object.fromEntries(
    Object.entries({
      ...schema,
      ...(nullable === true && typeof type === 'string' && { type: [type, 'null'] }),
      ...(nullable === true && Array.isArray(list) && !list.includes(null) && { enum: [...list, null] }),
      ...(typeof exclusiveMinimum === 'boolean' && {
        exclusiveMinimum: exclusiveMinimum ? minimum : undefined,
        minimum: exclusiveMinimum ? undefined : minimum,
      }),
      ...(typeof exclusiveMaximum === 'boolean' && {
        exclusiveMaximum: exclusiveMaximum ? maximum : undefined,
        maximum: exclusiveMaximum ? undefined : maximum,
      }),
    }).filter(([, value]) => value !== undefined),
  );
}

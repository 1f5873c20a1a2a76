import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { addStrictFormats } from './formats.ts';
import { exercised, JUDGED } from './keywords.ts';
import { type DocumentReader, isObject, join, type Node } from './nodes.ts';
import { slicesOf } from './slices.ts';

/** One keyword that a value violates, at one place. */
export interface SchemaViolation {
  /** Pointer of the keyword in the document; see {@link Keyword.pointer}. */
  readonly pointer: string;
  /** Where in the value, as a JSON pointer; empty for the value itself. */
  readonly at: string;
  readonly message: string;
}

/** What a value says about a schema: the keywords it put to the test, and those it violates. */
export interface SchemaVerdict {
  readonly exercised: ReadonlySet<string>;
  readonly violations: readonly SchemaViolation[];
}

/** Judges values by schemas of the document, keyword by keyword. */
export class Schemas {
  readonly #doc: DocumentReader;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();
  /** Where each schema object stands: the validator reports objects, the contract speaks of pointers. */
  readonly #pointers = new Map<unknown, string>();

  constructor(doc: DocumentReader) {
    this.#doc = doc;
    this.#ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false, validateSchema: false });
    addStrictFormats(this.#ajv);
    this.#ajv.addSchema(doc.root as object, 'contract');
    this.#locate('#', doc.root);
  }

  /** Judges a value. Where the type is wrong nothing else is said about that place. */
  judge(schema: Node, value: unknown): SchemaVerdict {
    const validate = this.#validator(schema.pointer);
    const errors = slicesOf(value).flatMap((slice) =>
      (validate(slice.value) ? [] : (validate.errors ?? [])).flatMap((error) => {
        const instancePath = slice.whole(error.instancePath);
        return instancePath === undefined ? [] : [{ ...error, instancePath }];
      }),
    );
    const wrongType = new Set(errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath));
    const told = exercised(this.#doc, schema, value);
    for (const error of errors.filter(
      (candidate) => candidate.keyword !== 'type' && wrongType.has(candidate.instancePath),
    ))
      told.delete(join(this.#pointers.get(error.parentSchema) ?? '#', error.keyword));
    return {
      exercised: told,
      violations: errors
        .filter((error) => JUDGED.includes(error.keyword))
        .filter((error) => error.keyword === 'type' || !wrongType.has(error.instancePath))
        .map((error) => this.#violation(error)),
    };
  }

  /** True where the value keeps every keyword. */
  accepts(schema: Node, value: unknown): boolean {
    return this.#validator(schema.pointer)(value);
  }

  #validator(pointer: string): ValidateFunction {
    const known = this.#validators.get(pointer);
    if (known !== undefined) return known;
    const validate = this.#ajv.compile({ $ref: `contract${pointer}` });
    this.#validators.set(pointer, validate);
    return validate;
  }

  #locate(pointer: string, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    this.#pointers.set(value, pointer);
    for (const [key, child] of Object.entries(value)) this.#locate(join(pointer, key), child);
  }

  #violation(error: ErrorObject): SchemaViolation {
    const schema = this.#pointers.get(error.parentSchema) ?? '#';
    const missing =
      isObject(error.params) && typeof error.params.missingProperty === 'string'
        ? error.params.missingProperty
        : undefined;
    return {
      pointer: missing === undefined ? join(schema, error.keyword) : join(schema, error.keyword, missing),
      at: error.instancePath,
      message: inWords(error, missing),
    };
  }
}

function inWords(error: ErrorObject, missing: string | undefined): string {
  const place = `body${error.instancePath}`;
  if (missing !== undefined) return `${place} has no ${missing}`;
  if (error.keyword === 'additionalProperties')
    return `${place} has ${JSON.stringify(error.params.additionalProperty)}, which is not documented`;
  return `${place} is ${excerpt(error.data)}, and ${error.message ?? `violates ${error.keyword}`}`;
}

/** A value as JSON, short enough for a line. */
export function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type DocumentReader, isObject, isTextList, join, type Node } from './document.ts';
import { addStrictFormats } from './formats.ts';
import { brokenBy } from './keywords/broken.ts';
import type { KeywordDefinition } from './keywords/definition.ts';
import { assertedIn, constrains } from './keywords/index.ts';
import { type Branch, meantBranch, tagsOf } from './keywords/meant-branch.ts';
import { branchesOf, type Part, partsOf, UNIONS, type Union, valuesOf } from './keywords/parts.ts';
import { expression } from './keywords/pattern.ts';
import type { Keyword } from './keywords/places.ts';
import { typeOf } from './keywords/values.ts';
import { slicesOf } from './slices.ts';

/** One keyword that a value violates, at one place. */
export interface SchemaViolation {
  /** Pointer of the keyword in the document; see {@link Keyword.pointer}. */
  readonly pointer: string;
  readonly keyword: string;
  /** JSON pointer into the value; empty for the value itself. */
  readonly at: string;
  readonly message: string;
}

/** The result of a validation: the keywords that the value exercised, and those that it violates. */
export interface SchemaVerdict {
  readonly exercised: ReadonlySet<string>;
  readonly violations: readonly SchemaViolation[];
}

interface Verdict extends SchemaVerdict {
  readonly exercised: Set<string>;
  readonly violations: SchemaViolation[];
}

/** Keywords whose subschemas make no promises of their own. */
const OPAQUE = ['not', 'contains', 'if', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'];
const PARTS_OF_OPAQUE = ['minContains', 'maxContains', 'then', 'else'];

/** Judges values by schemas of the document, keyword by keyword. */
export class Schemas {
  readonly #doc: DocumentReader;
  /** Ignores the keywords that are decided here, so that each of its errors is a violation. */
  readonly #plain: Validators;
  /** All of JSON Schema. */
  readonly #whole: Validators;
  /** The pointer of each schema object: ajv reports objects, requirements have pointers. */
  readonly #pointers = new Map<unknown, string>();
  readonly #plans = new Map<Node, Plan>();

  constructor(doc: DocumentReader) {
    this.#doc = doc;
    this.#whole = new Validators(doc.root, []);
    const decided = [...UNIONS, ...OPAQUE];
    this.#plain = uses(doc.root, decided) ? new Validators(doc.root, [...decided, ...PARTS_OF_OPAQUE]) : this.#whole;
    this.#locate('#', doc.root);
  }

  /** Judges a value. A wrong type is the only violation reported at its place. */
  judge(schema: Node, value: unknown): SchemaVerdict {
    const validate = this.#plain.at(schema.pointer);
    const errors = slicesOf(value).flatMap((slice) =>
      (validate(slice.value) ? [] : (validate.errors ?? [])).flatMap((error) => {
        const instancePath = slice.whole(error.instancePath);
        return instancePath === undefined ? [] : [{ ...error, instancePath }];
      }),
    );
    const wrongType = new Set(errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath));
    const verdict: Verdict = {
      exercised: new Set<string>(),
      violations: errors
        .filter((error) => error.keyword === 'type' || !wrongType.has(error.instancePath))
        .map((error) => this.#violation(error)),
    };
    this.#walk(schema, value, '', verdict, wrongType);
    return verdict;
  }

  /** True if the value keeps every keyword. */
  accepts(schema: Node, value: unknown): boolean {
    return this.#whole.at(schema.pointer)(value);
  }

  /**
   * Copies of a valid value that violate this keyword and no other, the simplest first; empty if none can be derived.
   */
  breaking(schema: Node, keyword: Keyword, valid: unknown): unknown[] {
    return brokenBy(keyword, valid).filter((broken) => {
      const { violations } = this.judge(schema, broken);
      return violations.length > 0 && violations.every(({ pointer }) => pointer === keyword.pointer);
    });
  }

  /** Records the exercised keywords, and judges unions and opaque keywords. */
  #walk(schema: Node, value: unknown, at: string, verdict: Verdict, wrongType: ReadonlySet<string>): void {
    const plan = this.#planOf(schema);
    const isTyped = wrongType.size === 0 || !wrongType.has(at);
    const type = typeOf(value);
    for (const { pointers, definition } of plan.asserted)
      if (isTyped ? constrains(definition, type) : definition.name === 'type')
        for (const pointer of pointers) verdict.exercised.add(pointer);
    if (isTyped) {
      for (const by of plan.unions) this.#judgeUnion(schema, by, value, at, verdict);
      for (const name of plan.opaque) this.#judgeOpaque(schema, name, value, at, verdict);
    }
    if (type !== 'object' && type !== 'array' && !plan.holdsForAny) return;
    for (const part of plan.parts)
      for (const [key, inside] of valuesOf(schema, part, value))
        this.#walk(part.schema, inside, key === undefined ? at : below(at, key), verdict, wrongType);
  }

  #planOf(schema: Node): Plan {
    const known = this.#plans.get(schema);
    if (known !== undefined) return known;
    const value = isObject(schema.value) ? schema.value : {};
    const parts = partsOf(this.#doc, schema);
    const plan: Plan = {
      asserted: assertedIn(value).flatMap((definition) => {
        // Whether a union is exercised depends on its branches.
        if (isUnion(definition.name)) return [];
        const pointer = join(schema.pointer, definition.name);
        const names = definition.name === 'required' && isTextList(value.required) ? value.required : undefined;
        return [{ definition, pointers: names?.map((name) => join(pointer, name)) ?? [pointer] }];
      }),
      unions: UNIONS.filter((by) => by in value),
      opaque: OPAQUE.filter((name) => name in value),
      parts,
      holdsForAny: parts.some(({ by }) => by === 'allOf'),
    };
    this.#plans.set(schema, plan);
    return plan;
  }

  /**
   * Takes over the verdict of the branch that the value matches, or else of the one that it was meant for. The union
   * itself is violated if there is no such branch, or if several branches of `oneOf` match.
   */
  #judgeUnion(owner: Node, by: Union, value: unknown, at: string, verdict: Verdict): void {
    const pointer = join(owner.pointer, by);
    const branches = branchesOf(this.#doc, owner, by).map((schema) => ({ schema, verdict: this.judge(schema, value) }));
    const kept = branches.filter(({ verdict: { violations } }) => violations.length === 0);
    const meant = kept.length > 0 ? undefined : meantBranch(this.#doc, owner, branches, value);
    for (const branch of meant === undefined ? kept : [meant]) {
      for (const one of branch.verdict.exercised) verdict.exercised.add(one);
      verdict.violations.push(...branch.verdict.violations.map((one) => within(at, one)));
    }
    if (meant !== undefined || (kept.length === 0 && this.#isTagWrong(owner, branches, at, verdict))) return;
    verdict.exercised.add(pointer);
    if (kept.length === 0 || (by === 'oneOf' && kept.length > 1))
      verdict.violations.push({
        pointer,
        keyword: by,
        at,
        message: `body${at} is ${excerpt(value)}, and matches ${kept.length === 0 ? 'none' : `${kept.length}`} of ${branches.length} schemas`,
      });
  }

  /** True if the member that distinguishes the branches already has a violation. */
  #isTagWrong(owner: Node, branches: readonly Branch[], at: string, { violations }: SchemaVerdict): boolean {
    const tags = [...tagsOf(this.#doc, owner, branches).keys()];
    return violations.some((one) =>
      tags.some((tag) => one.at === join(at, tag) || (one.at === at && one.pointer.endsWith(`/required/${tag}`))),
    );
  }

  #judgeOpaque(owner: Node, keyword: string, value: unknown, at: string, verdict: Verdict): void {
    const validate = this.#whole.at(owner.pointer);
    if (validate(value)) return;
    const own = (validate.errors ?? []).find(
      (error) => error.keyword === keyword && error.instancePath === '' && error.parentSchema === owner.value,
    );
    if (own !== undefined) verdict.violations.push(this.#violation({ ...own, instancePath: at }));
  }

  #locate(pointer: string, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    this.#pointers.set(value, pointer);
    for (const [key, child] of Object.entries(value)) this.#locate(join(pointer, key), child);
  }

  #violation(error: ErrorObject): SchemaViolation {
    const schema = this.#pointers.get(error.parentSchema) ?? '#';
    const missing =
      error.keyword === 'required' && typeof error.params.missingProperty === 'string'
        ? error.params.missingProperty
        : undefined;
    return {
      pointer: missing === undefined ? join(schema, error.keyword) : join(schema, error.keyword, missing),
      keyword: error.keyword,
      at: error.instancePath,
      message: inWords(error, missing),
    };
  }
}

/** A schema, prepared for the walk along a value. */
interface Plan {
  readonly asserted: ReadonlyArray<{ readonly pointers: readonly string[]; readonly definition: KeywordDefinition }>;
  readonly unions: readonly Union[];
  readonly opaque: readonly string[];
  readonly parts: readonly Part[];
  /** True if a part applies to values without members and items. */
  readonly holdsForAny: boolean;
}

/** A fast {@link join}: most keys need no escaping. */
const below = (at: string, key: string) => (/[~/]/.test(key) ? join(at, key) : `${at}/${key}`);

/** The validators of a document, compiled on demand. */
class Validators {
  readonly #ajv: Ajv2020;
  readonly #made = new Map<string, ValidateFunction>();

  /** @param ignored keywords that these validators ignore */
  constructor(root: unknown, ignored: readonly string[]) {
    this.#ajv = new Ajv2020({
      allErrors: true,
      verbose: true,
      strict: false,
      validateSchema: false,
      logger: false,
      code: { regExp: Object.assign((pattern: string) => expression(pattern) ?? /^/, { code: '' }) },
    });
    addStrictFormats(this.#ajv);
    for (const keyword of ignored) this.#ajv.removeKeyword(keyword);
    if (isObject(root)) this.#ajv.addSchema(root, 'contract');
  }

  at(pointer: string): ValidateFunction {
    const known = this.#made.get(pointer);
    if (known !== undefined) return known;
    const validate = this.#ajv.compile({ $ref: `contract${pointer}` });
    this.#made.set(pointer, validate);
    return validate;
  }
}

const isUnion = (name: string): boolean => UNIONS.some((union) => union === name);

/** True if one of the keys occurs anywhere in a document. */
function uses(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, child]) => keys.includes(key) || uses(child, keys));
}

/** A violation inside a value, with the place prefixed at which that value is contained. */
function within(at: string, violation: SchemaViolation): SchemaViolation {
  return { ...violation, at: at + violation.at, message: violation.message.replace(/^body/, () => `body${at}`) };
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

/** The types of JSON values in JSON Schema; an integer is a `number`. */
export type InstanceType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** The subject of a promise. */
export interface Subject {
  /** The owner of the value, in words. */
  readonly owner: string;
  /** Path of the value inside its owner; empty for the whole. */
  readonly path: string;
  /** The beginning of the phrase, such as "`type` of an order" for a promise and `whose type` for a violation. */
  readonly text: string;
}

/**
 * Everything that the suite knows about a keyword of JSON Schema 2020-12. Validation itself is left to ajv, so that a
 * keyword without a definition is still judged.
 */
export interface KeywordDefinition {
  readonly name: string;
  /** Types that it constrains; values of other types always conform. Absent: every type. */
  readonly appliesTo?: readonly InstanceType[];
  /** The promise, without a period. */
  statement(value: unknown, subject: Subject): string;
  /** The defect of a value that violates the promise, as a phrase after "a body" or similar. */
  violation(value: unknown, subject: Subject): string;
  /**
   * Values close to a valid one that violate the keyword, the simplest first; `undefined` omits the value. Some may also
   * violate another keyword of the place. Requests and faults are derived from them; without this member there are none.
   *
   * @param valid `undefined` if none is known
   */
  readonly invalid?: (value: unknown, valid: unknown) => readonly unknown[];
  /**
   * Values that conform to the keyword: at its limits, or other spellings of the usual value.
   *
   * @param usual the value that spellings have to be equivalent to; `undefined` if any value will do
   */
  readonly valid?: (value: unknown, usual: unknown) => readonly unknown[];
  /** Invalid texts of a parameter, for keywords whose invalid values are not texts. */
  readonly invalidTexts?: readonly string[];
  /** False if this value of the keyword makes no promise. Absent: every value makes one. */
  readonly asserts?: (value: unknown) => boolean;
  /** Why a value of the keyword is invalid in a document; `undefined` if it is valid. */
  readonly problem?: (value: unknown) => string | undefined;
  /** True if the vendor's versioning policy allows compatible changes that violate the promise. */
  readonly additive?: true;
}

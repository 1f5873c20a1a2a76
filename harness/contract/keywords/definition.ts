/** The types of JSON values, as JSON Schema names them; a whole number is a `number`. */
export type InstanceType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** What a promise is about. */
export interface Subject {
  /** What holds the value, in words: `account group`. */
  readonly owner: string;
  /** Path of the value inside of it; empty for the whole. */
  readonly path: string;
  /** Begins the phrase: "`type` of an account group" for a promise, `whose type` for a violation. */
  readonly text: string;
}

/**
 * One keyword of JSON Schema 2020-12. This is all that the suite knows about it: whether a value keeps it is decided by
 * ajv, so that a keyword without a definition is judged as well.
 */
export interface KeywordDefinition {
  readonly name: string;
  /** Types of the values that it constrains; it is kept by values of all others. Absent: every type. */
  readonly appliesTo?: readonly InstanceType[];
  /** The promise, without a period. */
  statement(value: unknown, subject: Subject): string;
  /** The defect of a value that breaks the promise, as a phrase behind "a body" or the like. */
  violation(value: unknown, subject: Subject): string;
  /**
   * Values next to a valid one that break the keyword, the plainest first; `undefined` leaves the value out. Some may
   * break another keyword of the place as well. Requests and faults are made from them; without this member neither is.
   *
   * @param valid `undefined` if no value is at hand
   */
  readonly invalid?: (value: unknown, valid: unknown) => readonly unknown[];
  /**
   * Values that keep the keyword: at its bounds, or other spellings of the usual value.
   *
   * @param usual what the value has to mean; `undefined` if it may mean anything
   */
  readonly valid?: (value: unknown, usual: unknown) => readonly unknown[];
  /** Texts that no parameter can be read from; for keywords whose invalid values are not texts. */
  readonly invalidTexts?: readonly string[];
  /** False if a value of the keyword promises nothing. Absent: every value promises something. */
  readonly asserts?: (value: unknown) => boolean;
  /** Why the document cannot use a value of the keyword; `undefined` if it can. */
  readonly problem?: (value: unknown) => string | undefined;
  /** True if the vendor's versioning policy lets a compatible change break the promise. */
  readonly additive?: true;
}

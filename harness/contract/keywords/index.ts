import { additionalProperties } from './additional-properties.ts';
import { anyOf } from './any-of.ts';
import { constant } from './const.ts';
import type { InstanceType, KeywordDefinition } from './definition.ts';
import { enumeration } from './enum.ts';
import { exclusiveMaximum } from './exclusive-maximum.ts';
import { exclusiveMinimum } from './exclusive-minimum.ts';
import { format } from './format.ts';
import { JUDGED_ONLY } from './judged-only.ts';
import { maxItems } from './max-items.ts';
import { maxLength } from './max-length.ts';
import { maxProperties } from './max-properties.ts';
import { maximum } from './maximum.ts';
import { minItems } from './min-items.ts';
import { minLength } from './min-length.ts';
import { minProperties } from './min-properties.ts';
import { minimum } from './minimum.ts';
import { multipleOf } from './multiple-of.ts';
import { oneOf } from './one-of.ts';
import { pattern } from './pattern.ts';
import { required } from './required.ts';
import { type } from './type.ts';
import { uniqueItems } from './unique-items.ts';

/** The keywords that make a promise, in the order in which they are tested. A new keyword is a file and a line here. */
export const KEYWORDS: readonly KeywordDefinition[] = [
  type,
  format,
  pattern,
  enumeration,
  constant,
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  multipleOf,
  minLength,
  maxLength,
  minItems,
  maxItems,
  uniqueItems,
  minProperties,
  maxProperties,
  oneOf,
  anyOf,
  ...JUDGED_ONLY,
  additionalProperties,
  required,
];

const byName = new Map(KEYWORDS.map((definition) => [definition.name, definition]));

/** The definition of a keyword; `undefined` for one that makes no promise by itself. */
export const definitionOf = (name: string): KeywordDefinition | undefined => byName.get(name);

/** The keywords of a schema object that make a promise. */
export function assertedIn(schema: Readonly<Record<string, unknown>>): KeywordDefinition[] {
  return KEYWORDS.filter(({ name, asserts }) => Object.hasOwn(schema, name) && (asserts?.(schema[name]) ?? true));
}

/** True if requests and faults can be derived that violate the keyword. */
export const isProvocable = ({ name }: { readonly name: string }): boolean => definitionOf(name)?.invalid !== undefined;

/** True if a keyword applies to values of a type. */
export function constrains({ appliesTo }: KeywordDefinition, type: InstanceType): boolean {
  return appliesTo === undefined || appliesTo.includes(type);
}

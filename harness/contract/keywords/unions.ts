import { isObject } from '../nodes.ts';
import type { KeywordDefinition } from './definition.ts';
import { written } from './values.ts';

/** A value of each type; those that a branch takes are sorted out where they are used. */
const PLAIN = ['text', 123456789, true, {}, [], null];

/** What a branch is called in a sentence: the component that it refers to, or what it says of itself. */
export function nameOf(branch: unknown): string | undefined {
  if (!isObject(branch)) return undefined;
  if (typeof branch.$ref === 'string') return branch.$ref.split('/').at(-1);
  if (typeof branch.title === 'string') return branch.title;
  if ('const' in branch) return written(branch.const);
  return typeof branch.type === 'string' && !isObject(branch.properties) ? branch.type : undefined;
}

const names = (branches: unknown) =>
  (Array.isArray(branches) ? branches : []).map((branch, index) => nameOf(branch) ?? `schema ${index + 1}`).join(', ');

export const oneOf: KeywordDefinition = {
  name: 'oneOf',
  statement: (value, { text }) => `${text} is exactly one of ${names(value)}`,
  violation: (value, { text }) => `${text} is not exactly one of ${names(value)}`,
  invalid: () => PLAIN,
};

export const anyOf: KeywordDefinition = {
  name: 'anyOf',
  statement: (value, { text }) => `${text} is at least one of ${names(value)}`,
  violation: (value, { text }) => `${text} is none of ${names(value)}`,
  invalid: () => PLAIN,
};

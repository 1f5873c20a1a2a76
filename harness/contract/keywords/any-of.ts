import { namesOf, PLAIN } from './branches.ts';
import type { KeywordDefinition } from './definition.ts';

export const anyOf: KeywordDefinition = {
  name: 'anyOf',
  statement: (value, { text }) => `${text} is at least one of ${namesOf(value)}`,
  violation: (value, { text }) => `${text} is none of ${namesOf(value)}`,
  invalid: () => PLAIN,
};

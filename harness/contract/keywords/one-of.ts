import { namesOf, PLAIN } from './branches.ts';
import type { KeywordDefinition } from './definition.ts';

export const oneOf: KeywordDefinition = {
  name: 'oneOf',
  statement: (value, { text }) => `${text} is exactly one of ${namesOf(value)}`,
  violation: (value, { text }) => `${text} is not exactly one of ${namesOf(value)}`,
  invalid: () => PLAIN,
};

import type { KeywordDefinition } from './definition.ts';
import { unlisted, written } from './values.ts';

export const constant: KeywordDefinition = {
  name: 'const',
  statement: (value, { text }) => `${text} is always ${written(value)}`,
  violation: (value, { text }) => `${text} is not ${written(value)}`,
  invalid: (value) => unlisted([value], value),
  valid: (value) => [value],
};

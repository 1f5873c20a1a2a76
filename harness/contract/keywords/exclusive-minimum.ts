import type { KeywordDefinition } from './definition.ts';

export const exclusiveMinimum: KeywordDefinition = {
  name: 'exclusiveMinimum',
  appliesTo: ['number'],
  statement: (value, { text }) => `${text} is more than ${String(value)}`,
  violation: (value, { text }) => `${text} is not more than ${String(value)}`,
  invalid: (value) => [value, Number(value) - 1],
  valid: (value) => [Math.floor(Number(value)) + 1],
};

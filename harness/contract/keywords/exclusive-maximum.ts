import type { KeywordDefinition } from './definition.ts';

export const exclusiveMaximum: KeywordDefinition = {
  name: 'exclusiveMaximum',
  appliesTo: ['number'],
  statement: (value, { text }) => `${text} is less than ${String(value)}`,
  violation: (value, { text }) => `${text} is not less than ${String(value)}`,
  invalid: (value) => [value, Number(value) + 1],
  valid: (value) => [Math.ceil(Number(value)) - 1],
};

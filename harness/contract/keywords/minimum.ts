import type { KeywordDefinition } from './definition.ts';

export const minimum: KeywordDefinition = {
  name: 'minimum',
  appliesTo: ['number'],
  statement: (value, { text }) => `${text} is at least ${String(value)}`,
  violation: (value, { text }) => `${text} is less than ${String(value)}`,
  invalid: (value) => [Number(value) - 1],
  valid: (value) => [0, 1, 2].map((more) => Number(value) + more),
};

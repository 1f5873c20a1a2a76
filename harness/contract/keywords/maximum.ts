import type { KeywordDefinition } from './definition.ts';

export const maximum: KeywordDefinition = {
  name: 'maximum',
  appliesTo: ['number'],
  statement: (value, { text }) => `${text} is at most ${String(value)}`,
  violation: (value, { text }) => `${text} is more than ${String(value)}`,
  invalid: (value) => [Number(value) + 1, Number.MAX_SAFE_INTEGER].filter((one) => one > Number(value)),
  valid: (value) => [value],
};

import type { KeywordDefinition } from './definition.ts';

export const multipleOf: KeywordDefinition = {
  name: 'multipleOf',
  appliesTo: ['number'],
  statement: (value, { text }) => `${text} is a multiple of ${String(value)}`,
  violation: (value, { text }) => `${text} is not a multiple of ${String(value)}`,
  // Adding one keeps it an integer, which the type may require.
  invalid: (value, valid) => {
    const step = Number(value);
    const usual = typeof valid === 'number' ? valid : 0;
    return Number.isInteger(step) && step > 1 ? [usual + 1, usual + step / 2] : [usual + step / 2];
  },
  valid: (value) => [value],
};

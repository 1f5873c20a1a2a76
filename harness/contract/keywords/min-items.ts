import type { KeywordDefinition } from './definition.ts';
import { counted } from './values.ts';

export const minItems: KeywordDefinition = {
  name: 'minItems',
  appliesTo: ['array'],
  statement: (value, { text }) => `${text} has at least ${counted(value, 'item')}`,
  violation: (value, { text }) => `${text} has fewer than ${counted(value, 'item')}`,
  invalid: (value, valid) => [Array.isArray(valid) ? valid.slice(0, Number(value) - 1) : []],
  valid: (value, usual) =>
    Array.isArray(usual) && usual.length >= Number(value) ? [usual.slice(0, Number(value))] : [],
  asserts: (value) => Number(value) > 0,
};

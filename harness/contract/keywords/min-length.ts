import type { KeywordDefinition } from './definition.ts';
import { counted } from './values.ts';

export const minLength: KeywordDefinition = {
  name: 'minLength',
  appliesTo: ['string'],
  statement: (value, { text }) => `${text} has at least ${counted(value, 'character')}`,
  violation: (value, { text }) => `${text} has fewer than ${counted(value, 'character')}`,
  invalid: (value) => ['x'.repeat(Number(value) - 1)],
  valid: (value, usual) => (usual === undefined ? ['x'.repeat(Number(value))] : []),
  asserts: (value) => Number(value) > 0,
};

import type { KeywordDefinition } from './definition.ts';
import { counted } from './values.ts';

export const maxLength: KeywordDefinition = {
  name: 'maxLength',
  appliesTo: ['string'],
  statement: (value, { text }) => `${text} has at most ${counted(value, 'character')}`,
  violation: (value, { text }) => `${text} has more than ${counted(value, 'character')}`,
  invalid: (value, valid = '') => [String(valid).padEnd(Number(value) + 1, 'x')],
  valid: (value, usual) => (usual === undefined ? ['x'.repeat(Number(value))] : []),
};

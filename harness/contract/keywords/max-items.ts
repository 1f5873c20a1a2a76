import type { KeywordDefinition } from './definition.ts';
import { counted } from './values.ts';

export const maxItems: KeywordDefinition = {
  name: 'maxItems',
  appliesTo: ['array'],
  statement: (value, { text }) => `${text} has at most ${counted(value, 'item')}`,
  violation: (value, { text }) => `${text} has more than ${counted(value, 'item')}`,
  invalid: (value, valid) => {
    const [first] = Array.isArray(valid) ? valid : [];
    return first === undefined ? [] : [[...Array(Number(value) + 1)].map(() => first)];
  },
  valid: (_, usual) => (Array.isArray(usual) ? [usual] : []),
};

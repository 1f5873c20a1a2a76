import { isObject } from '../document.ts';
import type { KeywordDefinition } from './definition.ts';
import { counted } from './values.ts';

export const maxProperties: KeywordDefinition = {
  name: 'maxProperties',
  appliesTo: ['object'],
  statement: (value, { text }) => `${text} has at most ${counted(value, 'member')}`,
  violation: (value, { text }) => `${text} has more than ${counted(value, 'member')}`,
  invalid: (value, valid) => {
    const members = isObject(valid) ? valid : {};
    const missing = Math.max(0, Number(value) + 1 - Object.keys(members).length);
    const more = Array.from({ length: missing }, (_, index) => [`undocumented_member_${index + 1}`, 'x'] as const);
    return [{ ...members, ...Object.fromEntries(more) }];
  },
  valid: (_, usual) => (isObject(usual) ? [usual] : [{}]),
};

import type { KeywordDefinition } from './definition.ts';
import { unlisted, written } from './values.ts';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const words = (value: unknown) => listOf(value).map(written).join(', ');

export const enumeration: KeywordDefinition = {
  name: 'enum',
  statement: (value, { text }) => `${text} is one of ${words(value)}`,
  violation: (value, { text }) => `${text} is none of ${words(value)}`,
  invalid: (value, valid) => unlisted(listOf(value), valid),
  valid: listOf,
  additive: true,
};

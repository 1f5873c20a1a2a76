import { isObject } from '../document.ts';
import type { KeywordDefinition } from './definition.ts';

/** The keyword with the value `false`. A schema in its place is judged by its own keywords. */
export const additionalProperties: KeywordDefinition = {
  name: 'additionalProperties',
  appliesTo: ['object'],
  statement: (_, { text }) => `${text} has documented members only`,
  violation: () => 'with members that are not documented',
  invalid: (_, valid) => (isObject(valid) ? [{ ...valid, undocumented_member: 'x' }] : []),
  asserts: (value) => value === false,
  additive: true,
};

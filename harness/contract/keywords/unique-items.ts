import type { KeywordDefinition } from './definition.ts';

export const uniqueItems: KeywordDefinition = {
  name: 'uniqueItems',
  appliesTo: ['array'],
  statement: (_, { text }) => `${text} holds no item twice`,
  violation: (_, { text }) => `${text} holds an item twice`,
  invalid: (_, valid) =>
    Array.isArray(valid) && valid.length > 0
      ? [
          [...valid, valid[0]],
          [valid[0], valid[0]],
        ]
      : [],
  valid: (_, usual) => (Array.isArray(usual) ? [usual.slice(0, 1)] : [[]]),
  asserts: (value) => value === true,
};

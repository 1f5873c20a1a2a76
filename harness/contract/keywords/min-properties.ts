import { isObject } from '../document.ts';
import type { KeywordDefinition } from './definition.ts';
import { counted } from './values.ts';

export const minProperties: KeywordDefinition = {
  name: 'minProperties',
  appliesTo: ['object'],
  statement: (value, { text }) => `${text} has at least ${counted(value, 'member')}`,
  violation: (value, { text }) => `${text} has fewer than ${counted(value, 'member')}`,
  invalid: (value, valid) => [isObject(valid) ? firstOf(valid, Number(value) - 1) : {}],
  valid: (value, usual) =>
    isObject(usual) && Object.keys(usual).length >= Number(value) ? [firstOf(usual, Number(value))] : [],
  asserts: (value) => Number(value) > 0,
};

const firstOf = (value: object, count: number) => Object.fromEntries(Object.entries(value).slice(0, count));

import type { InstanceType, KeywordDefinition } from './definition.ts';

/** A keyword that ajv judges, but no request or fault is derived to violate it. */
const judgedOnly = (
  name: string,
  appliesTo: readonly InstanceType[] | undefined,
  promise: string,
): KeywordDefinition => ({
  name,
  ...(appliesTo && { appliesTo }),
  statement: (_, { text }) => `${text} ${promise}`,
  violation: (_, { text }) => `${text} breaks its ${name}`,
});

export const JUDGED_ONLY: readonly KeywordDefinition[] = [
  judgedOnly('contains', ['array'], 'contains the items that it has to'),
  judgedOnly('not', undefined, 'is nothing that its schema rules out'),
  judgedOnly('if', undefined, 'keeps what its schema asks for under a condition'),
  judgedOnly('dependentRequired', ['object'], 'has every member that another one asks for'),
  judgedOnly('propertyNames', ['object'], 'has members with permitted names only'),
  judgedOnly('unevaluatedProperties', ['object'], 'has documented members only'),
  judgedOnly('unevaluatedItems', ['array'], 'has documented items only'),
];

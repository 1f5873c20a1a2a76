import type { KeywordDefinition } from './definition.ts';

/** Each property that it names is a promise of its own; its value is that name. */
export const required: KeywordDefinition = {
  name: 'required',
  appliesTo: ['object'],
  statement: (_, { owner, path }) => `Every ${owner} has \`${path}\``,
  violation: (_, { path }) => `without ${path}`,
  invalid: () => [undefined],
};

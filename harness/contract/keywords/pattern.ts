import type { KeywordDefinition } from './definition.ts';

/** The expression of a pattern, by the rules of Unicode if it keeps them; `undefined` if it is none at all. */
export function expression(pattern: unknown): RegExp | undefined {
  for (const flags of ['u', ''])
    try {
      if (typeof pattern === 'string') return new RegExp(pattern, flags);
    } catch {
      // Many documents escape what Unicode mode does not let them; the older rules take that.
    }
  return undefined;
}

const isKept = (pattern: unknown, text: string) => expression(pattern)?.test(text) ?? true;

export const pattern: KeywordDefinition = {
  name: 'pattern',
  appliesTo: ['string'],
  statement: (value, { text }) => `${text} matches ${String(value)}`,
  violation: (_, { text }) => `${text} does not match its pattern`,
  invalid: (value, valid = '') =>
    typeof valid === 'string'
      ? [valid.slice(0, -1), `${valid}0`, `${valid.slice(0, -1)}x`, `x${valid.slice(1)}`, ''].filter(
          (text) => !isKept(value, text),
        )
      : [],
  // Without hyphens and in capitals: ways to write the same UUID (RFC 9562 §4), as far as the pattern takes them.
  valid: (value, usual) => {
    if (typeof usual !== 'string') return [];
    const bare = usual.replaceAll('-', '');
    return [usual, usual.toUpperCase(), bare, bare.toUpperCase()].filter((text) => isKept(value, text));
  },
  problem: (value) => (expression(value) === undefined ? 'is not a regular expression' : undefined),
};

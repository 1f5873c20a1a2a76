import type { KeywordDefinition } from './definition.ts';

/** The expression of a pattern, in Unicode mode if that accepts it; `undefined` if it is not a regular expression. */
export function expression(pattern: unknown): RegExp | undefined {
  for (const flags of ['u', ''])
    try {
      if (typeof pattern === 'string') return new RegExp(pattern, flags);
    } catch {
      // Many documents have escapes that Unicode mode rejects and the older syntax accepts.
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
  // Spellings of the same UUID (RFC 9562 §4) that the pattern allows: upper case, and without hyphens.
  valid: (value, usual) => {
    if (typeof usual !== 'string') return [];
    const bare = usual.replaceAll('-', '');
    return [usual, usual.toUpperCase(), bare, bare.toUpperCase()].filter((text) => isKept(value, text));
  },
  problem: (value) => (expression(value) === undefined ? 'is not a regular expression' : undefined),
};

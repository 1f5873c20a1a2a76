/**
 * Characters that a reader does not see but a terminal, browser or parser acts on: control characters, format characters
 * such as bidi overrides, and those that XML forbids.
 */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** Text from a target with its invisible characters escaped as `\u{202e}`. Line feeds and tabs are kept. */
export function escapeInvisible(text: string): string {
  return text.replaceAll(INVISIBLE, (char) => (char === '\n' || char === '\t' ? char : escaped(char)));
}

const escaped = (char: string) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

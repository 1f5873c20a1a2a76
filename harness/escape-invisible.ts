/**
 * Signs that a reader does not see but that a terminal, a browser or a parser obeys: controls, formats such as bidi
 * overrides, and what XML forbids.
 */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** Text from a target, every sign of it to be seen: invisible ones as `\u{202e}`. Line ends and tabs stay. */
export function escapeInvisible(text: string): string {
  return text.replaceAll(INVISIBLE, (sign) => (sign === '\n' || sign === '\t' ? sign : escaped(sign)));
}

const escaped = (sign: string) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;

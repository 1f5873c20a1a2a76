/** A small change to source code that a test or the proof should notice. */
export interface Mutation {
  /** Offset in the text. */
  readonly at: number;
  /** Counted from 1. */
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

/** Operators and their replacements. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '<=': ['<'],
  '>=': ['>'],
  ' < ': [' <= '],
  ' > ': [' >= '],
  ' + ': [' - '],
  ' - ': [' + '],
};
const PATTERNS: readonly (readonly [pattern: RegExp, to: string])[] = [
  // Remove a negation.
  [/(?<=[(\s&|:?,])!(?=[a-zA-Z(])/g, ''],
  [/(?<!\| )\btrue\b/g, 'false'],
  [/(?<!\| )\bfalse\b/g, 'true'],
  // Filter out everything, and swap quantifiers.
  [/\.filter\(/g, '.slice(0, 0).filter('],
  [/\.some\(/g, '.every('],
  [/\.every\(/g, '.some('],
];

/** Blanks out comments, strings and regular expressions; all offsets stay the same. */
export function codeOf(text: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[(,=:[!&|?{};\s])\/(?![/*\s])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*/g;
  return text.replaceAll(token, (found) => found.replaceAll(/[^\n]/g, ' '));
}

/** Every mutation of a text, by offset. Types are not mutated: the compiler checks them. */
export function mutationsOf(text: string): Mutation[] {
  const code = withoutTypes(codeOf(text));
  const found: Mutation[] = [];
  const add = (at: number, from: string, to: string) =>
    void found.push({ at, line: text.slice(0, at).split('\n').length, from, to });
  for (const [from, alternatives] of Object.entries(OPERATORS))
    for (let at = code.indexOf(from); at >= 0; at = code.indexOf(from, at + from.length)) {
      // This is part of a longer operator.
      if (['=', '<', '>'].includes(code[at + from.length] ?? '') || ['<', '>'].includes(code[at - 1] ?? '')) continue;
      for (const to of alternatives) add(at, from, to);
    }
  for (const [pattern, to] of PATTERNS) for (const match of code.matchAll(pattern)) add(match.index, match[0], to);
  for (const { at, statement } of reportCalls(code)) add(at, text.slice(at, at + statement.length), ';');
  return found.sort((left, right) => left.at - right.at);
}

/** The text with one mutation applied. */
export function mutated(text: string, { at, from, to }: Mutation): string {
  return text.slice(0, at) + to + text.slice(at + from.length);
}

/** Blanks out interfaces, type aliases and imports. */
function withoutTypes(code: string): string {
  const blank = (found: string) => found.replaceAll(/[^\n]/g, ' ');
  return code
    .replaceAll(/^import [\s\S]*?;$/gm, blank)
    .replaceAll(/^(?:export )?interface [\s\S]*?^}/gm, blank)
    .replaceAll(/^(?:export )?type [\s\S]*?;$/gm, blank);
}

/** Statements that only report findings. */
function reportCalls(code: string): { at: number; statement: string }[] {
  return [...code.matchAll(/(?<=^\s*)(?:api\.report|api\.judgeStatus|judge|report)\(/gm)].flatMap(
    ({ index, 0: head }) => {
      let depth = 1;
      let end = index + head.length;
      while (depth > 0 && end < code.length) {
        if (code[end] === '(') depth++;
        if (code[end] === ')') depth--;
        end++;
      }
      return code[end] === ';' ? [{ at: index, statement: code.slice(index, end + 1) }] : [];
    },
  );
}

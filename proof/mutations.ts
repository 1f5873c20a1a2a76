/** Small changes to program text that ought to be noticed. */
export interface Mutation {
  /** Position in the text. */
  readonly at: number;
  /** Counted from 1. */
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

/** What an operator may become. The longest match counts. */
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
  // A negation goes.
  [/(?<=[(\s&|:?,])!(?=[a-zA-Z(])/g, ''],
  [/(?<!\| )\btrue\b/g, 'false'],
  [/(?<!\| )\bfalse\b/g, 'true'],
  // Nothing is filtered, everything is.
  [/\.filter\(/g, '.slice(0, 0).filter('],
  [/\.some\(/g, '.every('],
  [/\.every\(/g, '.some('],
];

/** The part of a text that is code: comments, texts and regular expressions are blanked out, all positions stay. */
export function codeOf(text: string): string {
  const token =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[(,=:[!&|?{};\s])\/(?![/*\s])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*/g;
  return text.replaceAll(token, (found) => found.replaceAll(/[^\n]/g, ' '));
}

/** Every mutation of a text, in its order. Types are left alone: whatever is wrong with them the compiler says. */
export function mutationsOf(text: string): Mutation[] {
  const code = withoutTypes(codeOf(text));
  const found: Mutation[] = [];
  const add = (at: number, from: string, to: string) =>
    void found.push({ at, line: text.slice(0, at).split('\n').length, from, to });
  for (const [from, alternatives] of Object.entries(OPERATORS))
    for (let at = code.indexOf(from); at >= 0; at = code.indexOf(from, at + from.length)) {
      // Part of a longer operator.
      if (['=', '<', '>'].includes(code[at + from.length] ?? '') || ['<', '>'].includes(code[at - 1] ?? '')) continue;
      for (const to of alternatives) add(at, from, to);
    }
  for (const [pattern, to] of PATTERNS) for (const match of code.matchAll(pattern)) add(match.index, match[0], to);
  for (const { at, statement } of judgeCalls(code)) add(at, text.slice(at, at + statement.length), ';');
  return found.sort((left, right) => left.at - right.at);
}

/** The text with one mutation in it. */
export function mutated(text: string, { at, from, to }: Mutation): string {
  return text.slice(0, at) + to + text.slice(at + from.length);
}

/** Interfaces, type aliases and imports, blanked out. */
function withoutTypes(code: string): string {
  const blank = (found: string) => found.replaceAll(/[^\n]/g, ' ');
  return code
    .replaceAll(/^import [\s\S]*?;$/gm, blank)
    .replaceAll(/^(?:export )?interface [\s\S]*?^}/gm, blank)
    .replaceAll(/^(?:export )?type [\s\S]*?;$/gm, blank);
}

/** Statements that only judge. */
function judgeCalls(code: string): { at: number; statement: string }[] {
  return [...code.matchAll(/(?<=^\s*)(?:api\.judge|api\.judgeStatus|judge)\(/gm)].flatMap(({ index, 0: head }) => {
    let depth = 1;
    let end = index + head.length;
    while (depth > 0 && end < code.length) {
      if (code[end] === '(') depth++;
      if (code[end] === ')') depth--;
      end++;
    }
    return code[end] === ';' ? [{ at: index, statement: code.slice(index, end + 1) }] : [];
  });
}

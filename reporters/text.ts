import { stripVTControlCharacters } from 'node:util';
import { INVISIBLE } from '../harness/escape-invisible.ts';

/** What CI servers take for a command: GitHub at the start of a line, and in its old form, as Azure, anywhere. */
const COMMAND = /^(\s*):(?=:)|#(?=#\w*\[)/gm;

/**
 * Text from a target, safe to print: escape sequences are gone, and what is left of control characters is shown, not
 * obeyed; so are commands to a CI server.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(INVISIBLE, (sign) => (sign === '\n' ? sign : '\ufffd'))
    .replaceAll(COMMAND, '$& ');
}

/** Text from a target on one line of a terminal. */
export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

/** The beginning of a text that is too long, and how long it is. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}... (${text.length} characters in all)` : text;
}

/** JSON in which no invisible sign stands as itself. Says exactly the same. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (sign) =>
    Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** Who has done something, where it was not one run; with the blank before it. */
export function byShards({ parts }: { readonly parts: number }): string {
  return parts > 1 ? ` by ${counted(parts, 'shard')}` : '';
}

/** `1 group`, `2 groups`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** `1 user, 2 account groups`, one part for each kind of thing; empty if there are none. */
export function countedByKind(things: ReadonlyArray<{ readonly what: string }>): string {
  const counts = new Map<string, number>();
  for (const { what } of things) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].map(([what, count]) => counted(count, oneLine(what))).join(', ');
}

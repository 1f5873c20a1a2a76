import { stripVTControlCharacters } from 'node:util';
import { INVISIBLE } from '../harness/escape-invisible.ts';

/** CI commands: `::` at the start of a line (GitHub), and `##[` anywhere (GitHub's old form, and Azure). */
const COMMAND = /^(\s*):(?=:)|#(?=#\w*\[)/gm;

/**
 * Makes text from a target safe to print: removes escape sequences, replaces other control characters, and breaks up
 * commands to CI servers.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(INVISIBLE, (sign) => (sign === '\n' ? sign : '\ufffd'))
    .replaceAll(COMMAND, '$& ');
}

/** Makes text from a target safe to print, on one line. */
export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

/** A text of at most `most` characters: a longer one is cut, and says how long it was. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}... (${text.length} characters in all)` : text;
}

/** JSON with all invisible characters escaped; it parses to the same value. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (sign) =>
    Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** ` by 3 shards`, with the leading space; empty for a run of one part. */
export function byShards({ parts }: { readonly parts: number }): string {
  return parts > 1 ? ` by ${counted(parts, 'shard')}` : '';
}

/** `1 group`, `2 groups`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** `1 user, 2 account groups`; empty if there are none. */
export function countedByKind(things: ReadonlyArray<{ readonly what: string }>): string {
  const counts = new Map<string, number>();
  for (const { what } of things) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].map(([what, count]) => counted(count, oneLine(what))).join(', ');
}

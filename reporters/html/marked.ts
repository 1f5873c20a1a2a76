import { html, type Markup } from './markup.ts';

/** A line of a message, and whether it is what a violation speaks of. */
interface Line {
  readonly text: string;
  readonly isGuilty: boolean;
}

/** More lines than these are left out; where something is marked, so are those that are not near. */
const MOST_LINES = 36;
const FIRST = 2;
const AROUND = 4;

/** A JSON body in lines, what a violation speaks of marked; any other body as it is. */
export function markedBody(body: string, seen: readonly string[]): Markup {
  const value = parsed(body);
  if (value === undefined) return html`${body}`;
  const targets = seen.map(targetOf);
  const lines: Line[] = [];
  write(value.json, [], '', '', lines, (path, leaf) => targets.some((target) => target(path, leaf)));
  return told(lines);
}

/** Lines of a message; those that a violation speaks of are marked. */
export const markedLines = (lines: readonly string[], isGuilty: (line: string) => boolean): Markup =>
  told(lines.map((text) => ({ text, isGuilty: isGuilty(text) })));

function parsed(body: string): { readonly json: unknown } | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? { json } : undefined;
  } catch {
    return undefined;
  }
}

type Matches = (path: readonly string[], leaf: unknown) => boolean;

/** What a violation points at: a place in the body, or values that it repeats. */
function targetOf(seen: string): Matches {
  const place = /^body(?:\/(\S+))?(?= (?:has|is|must|lacks))/.exec(seen) ?? /^body\/(\S+)/.exec(seen);
  if (place !== null) {
    const at = place[1]?.split('/') ?? [];
    const member = /^body\S* has "([^"]+)"/.exec(seen)?.[1];
    const wanted = (member === undefined ? at : [...at, member]).join('/');
    return (path) => path.join('/') === wanted;
  }
  const words = new Set(seen.split(/[\s,;="]+/));
  return (path, leaf) => {
    if (typeof leaf === 'string') return leaf.length > 3 && seen.includes(leaf);
    return typeof leaf === 'number' && words.has(String(path.at(-1))) && words.has(String(leaf));
  };
}

/** Writes a value as JSON does with two blanks, a line for each member. */
function write(
  value: unknown,
  path: readonly string[],
  head: string,
  tail: string,
  lines: Line[],
  isGuilty: Matches,
): void {
  const indent = '  '.repeat(path.length);
  const guilty = isGuilty(path, value);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    lines.push({ text: `${indent}${head}${JSON.stringify(value)}${tail}`, isGuilty: guilty });
    return;
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  lines.push({ text: `${indent}${head}${open}`, isGuilty: guilty });
  const members = Object.entries(value);
  members.forEach(([key, member], index) => {
    const name = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    write(member, [...path, key], name, index < members.length - 1 ? ',' : '', lines, isGuilty);
  });
  lines.push({ text: `${indent}${close}${tail}`, isGuilty: false });
}

/** The lines, as many as one wants to read: the first ones, and those around what is marked. */
function told(lines: readonly Line[]): Markup {
  const isMarked = lines.some(({ isGuilty }) => isGuilty);
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ isGuilty }) => isGuilty);
  const isShown = (index: number) => index < (isMarked ? FIRST : MOST_LINES) || (isMarked && isNear(index));
  let shown = 0;
  const parts = lines.map((line, index) => {
    if (shown >= MOST_LINES || !isShown(index)) return undefined;
    shown++;
    return line;
  });
  return html`${parts.map((line, index) => {
    const end = index < lines.length - 1 ? '\n' : '';
    if (line !== undefined) return html`${line.isGuilty ? html`<mark>${line.text}</mark>` : line.text}${end}`;
    return parts[index - 1] === undefined && index > 0 ? '' : `...${end}`;
  })}`;
}

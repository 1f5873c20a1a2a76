import { html, type Markup } from './markup.ts';

/** A line of a message, and whether to highlight it. */
interface Line {
  readonly text: string;
  readonly isMarked: boolean;
}

/** A body is shortened to this many lines: about one screen. */
const MOST_LINES = 36;
/** If lines are highlighted, only the first lines and this much context around each highlight remain. */
const FIRST = 2;
const AROUND = 4;

/** A JSON body, one member a line, with the lines highlighted to which violations refer; any other body unchanged. */
export function markedBody(body: string, seen: readonly string[]): Markup {
  const value = parsed(body);
  if (value === undefined) return html`${body}`;
  const targets = seen.map(targetOf);
  const lines: Line[] = [];
  write(value.json, [], '', '', lines, (path, leaf) => targets.some((target) => target(path, leaf)));
  return shortened(lines);
}

/** The lines of a message head, with those highlighted to which violations refer. */
export const markedLines = (lines: readonly string[], isMarked: (line: string) => boolean): Markup =>
  shortened(lines.map((text) => ({ text, isMarked: isMarked(text) })));

function parsed(body: string): { readonly json: unknown } | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? { json } : undefined;
  } catch {
    return undefined;
  }
}

type Matches = (path: readonly string[], leaf: unknown) => boolean;

/** Recognizes what a violation refers to: a place in the body, or the values that its text repeats. */
function targetOf(seen: string): Matches {
  const place = /^body(?:\/(\S+))?(?= (?:has|is|must|lacks))/.exec(seen) ?? /^body\/(\S+)/.exec(seen);
  if (place !== null) {
    const at = place[1]?.split('/') ?? [];
    const member = /^body\S* has "([^"]+)"/.exec(seen)?.[1];
    const expected = (member === undefined ? at : [...at, member]).join('/');
    return (path) => path.join('/') === expected;
  }
  const words = new Set(seen.split(/[\s,;="]+/));
  return (path, leaf) => {
    if (typeof leaf === 'string') return leaf.length > 3 && seen.includes(leaf);
    return typeof leaf === 'number' && words.has(String(path.at(-1))) && words.has(String(leaf));
  };
}

/** Appends a value as JSON indented by two spaces, one line for each member. */
function write(
  value: unknown,
  path: readonly string[],
  head: string,
  tail: string,
  lines: Line[],
  isMarked: Matches,
): void {
  const indent = '  '.repeat(path.length);
  const marked = isMarked(path, value);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    lines.push({ text: `${indent}${head}${JSON.stringify(value)}${tail}`, isMarked: marked });
    return;
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  lines.push({ text: `${indent}${head}${open}`, isMarked: marked });
  const members = Object.entries(value);
  members.forEach(([key, member], index) => {
    const name = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    write(member, [...path, key], name, index < members.length - 1 ? ',' : '', lines, isMarked);
  });
  lines.push({ text: `${indent}${close}${tail}`, isMarked: false });
}

/** The first lines and those around each highlight, at most {@link MOST_LINES}. */
function shortened(lines: readonly Line[]): Markup {
  const hasMarks = lines.some(({ isMarked }) => isMarked);
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ isMarked }) => isMarked);
  const isShown = (index: number) => index < (hasMarks ? FIRST : MOST_LINES) || (hasMarks && isNear(index));
  let shown = 0;
  const parts = lines.map((line, index) => {
    if (shown >= MOST_LINES || !isShown(index)) return undefined;
    shown++;
    return line;
  });
  return html`${parts.map((line, index) => {
    const end = index < lines.length - 1 ? '\n' : '';
    if (line !== undefined) return html`${line.isMarked ? html`<mark>${line.text}</mark>` : line.text}${end}`;
    return parts[index - 1] === undefined && index > 0 ? '' : `...${end}`;
  })}`;
}

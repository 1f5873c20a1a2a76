import { isObject } from './document.ts';

/**
 * The subset of JSONPath (RFC 9535) that our overlays need: one or several names, indexes, wildcards, and filters that
 * compare a value, or one of its members, with a text.
 */

/** A place in a document: the containing object or list, and the key. The root has no holder. */
export interface Place {
  readonly holder: Record<string, unknown> | unknown[] | undefined;
  readonly key: string | number;
  readonly value: unknown;
}

type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'equal'; readonly member: string | undefined; readonly text: string };

const NAME = '[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*';
const TEXT = `'((?:[^'\\\\]|\\\\['\\\\])*)'`;
const STEP = new RegExp(
  [
    `\\.(?<name>${NAME})`,
    `\\[(?<quoted>${TEXT}(?:\\s*,\\s*${TEXT})*)\\]`,
    '\\[(?<index>-?\\d+)\\]',
    '(?<all>\\.\\*|\\[\\*\\])',
    `\\[\\?\\s*@(?:\\.(?<member>${NAME})|\\[${TEXT.replace('(', '(?<quotedMember>')}\\])?\\s*==\\s*${TEXT.replace('(', '(?<text>')}\\s*\\]`,
  ].join('|'),
  'uy',
);

/**
 * The places that a query selects, in document order.
 *
 * @throws {SyntaxError} if the query is not JSONPath, or outside this subset
 */
export function select(root: unknown, query: string): Place[] {
  let places: Place[] = [{ holder: undefined, key: '', value: root }];
  for (const step of parse(query)) places = places.flatMap(({ value }) => next(value, step));
  return places;
}

function parse(query: string): Step[] {
  if (!query.startsWith('$')) throw new SyntaxError('must start with $');
  const steps: Step[] = [];
  for (let at = 1; at < query.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const found = STEP.exec(query)?.groups;
    if (found === undefined) throw new SyntaxError(`cannot be read from ${query.slice(at)} on`);
    steps.push(toStep(found));
  }
  return steps;
}

function toStep(found: Readonly<Record<string, string | undefined>>): Step {
  const { name, quoted, index, text, member, quotedMember } = found;
  if (name !== undefined) return { kind: 'names', names: [name] };
  if (quoted !== undefined)
    return { kind: 'names', names: [...quoted.matchAll(new RegExp(TEXT, 'g'))].map(([, one]) => unescaped(one ?? '')) };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  if (text === undefined) return { kind: 'all' };
  const key = quotedMember === undefined ? member : unescaped(quotedMember);
  return { kind: 'equal', member: key, text: unescaped(text) };
}

const unescaped = (text: string) => text.replace(/\\(['\\])/g, '$1');

function next(value: unknown, step: Step): Place[] {
  const children = childrenOf(value);
  switch (step.kind) {
    case 'names':
      return Array.isArray(value) ? [] : step.names.flatMap((name) => children.filter(({ key }) => key === name));
    case 'index':
      return Array.isArray(value)
        ? children.filter(({ key }) => key === (step.index < 0 ? value.length + step.index : step.index))
        : [];
    case 'all':
      return children;
    case 'equal':
      return children.filter(({ value: child }) =>
        step.member === undefined
          ? child === step.text
          : isObject(child) && Object.hasOwn(child, step.member) && child[step.member] === step.text,
      );
  }
}

function childrenOf(value: unknown): Place[] {
  if (Array.isArray(value)) return value.map((child, key) => ({ holder: value, key, value: child }));
  if (!isObject(value)) return [];
  const holder: Record<string, unknown> = value;
  return Object.entries(value).map(([key, child]) => ({ holder, key, value: child }));
}

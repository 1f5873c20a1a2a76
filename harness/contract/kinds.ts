import type { DocumentReader, Node } from './document.ts';
import { isObject } from './document.ts';

/** What an operation does to the resource. These words are named here and nowhere else. */
export const LIST = 'list';
export const CREATE = 'create';
export const RETRIEVE = 'retrieve';
export const CLOSE = 'close';
export const KINDS = [LIST, CREATE, RETRIEVE, CLOSE] as const;
export type Kind = (typeof KINDS)[number];

/** As `x-kind`: the operation does none of these, whatever it looks like. */
const NONE = 'none';

export function isKind(word: unknown): word is Kind {
  return KINDS.some((kind) => kind === word);
}

/** The values that `x-kind` may have. */
export const KIND_WORDS: readonly string[] = [...KINDS, NONE];
export const isKindWord = (word: unknown): boolean => typeof word === 'string' && KIND_WORDS.includes(word);

/** The array of objects that a page holds. */
export interface Items {
  /** Name of the member that holds them. */
  readonly member: string;
  readonly schema: Node;
}

/** The items of a page, if a schema describes one: an object with a single list of objects. */
export function itemsOf(doc: DocumentReader, page: Node | undefined): Items | undefined {
  if (page === undefined) return undefined;
  const lists = doc.children(doc.child(page, 'properties')).flatMap(([member, child]) => {
    const schema = doc.child(child, 'items');
    return schema !== undefined && describesObject(schema) ? [{ member, schema }] : [];
  });
  return lists.length === 1 && isPageLike(doc, page) ? lists[0] : undefined;
}

/** A page holds its items and what it says about itself; a resource that has a list among its members holds more. */
function isPageLike(doc: DocumentReader, schema: Node): boolean {
  const members = doc.children(doc.child(schema, 'properties'));
  return members.every(([, child]) => doc.child(child, 'items') !== undefined || describesObject(child));
}

const describesObject = ({ value }: Node) => isObject(value) && (value.type === 'object' || 'properties' in value);

/**
 * What an operation does, by its method, the shape of its path and its successful answer. `declared` is its `x-kind`,
 * which overrides what the operation looks like.
 */
export function kindOf(
  doc: DocumentReader,
  operation: { readonly method: string; readonly path: string; readonly body: Node | undefined },
  declared: unknown,
): Kind | undefined {
  if (isKind(declared)) return declared;
  if (declared === NONE) return undefined;
  const { method, path, body } = operation;
  const namesOne = /\{[^{}/]+\}$/.test(path);
  const isPage = itemsOf(doc, body) !== undefined;
  const isOne = body !== undefined && describesObject(body) && !isPage;
  if (method === 'GET') return namesOne && isOne ? RETRIEVE : !namesOne && isPage ? LIST : undefined;
  if (method === 'POST') return !namesOne && isOne ? CREATE : undefined;
  return method === 'DELETE' && namesOne ? CLOSE : undefined;
}

import type { DocumentReader, Node } from './document.ts';
import { isObject } from './document.ts';

/** What an operation does to the resource. The only place that spells these words. */
export const LIST = 'list';
export const CREATE = 'create';
export const RETRIEVE = 'retrieve';
export const CLOSE = 'close';
export const KINDS = [LIST, CREATE, RETRIEVE, CLOSE] as const;
export type Kind = (typeof KINDS)[number];

/** As `x-kind`: the operation does none of these, even if it looks like it. */
const NONE = 'none';

export function isKind(word: unknown): word is Kind {
  return KINDS.some((kind) => kind === word);
}

/** The legal values of `x-kind`. */
export const KIND_WORDS: readonly string[] = [...KINDS, NONE];
export const isKindWord = (word: unknown): boolean => typeof word === 'string' && KIND_WORDS.includes(word);

/** The list of objects in a page. */
export interface Items {
  /** Name of the member with the list. */
  readonly member: string;
  readonly schema: Node;
}

/** The items of a page, if the schema describes one: an object with exactly one list of objects. */
export function itemsOf(doc: DocumentReader, page: Node | undefined): Items | undefined {
  if (page === undefined) return undefined;
  const lists = doc.children(doc.child(page, 'properties')).flatMap(([member, child]) => {
    const schema = doc.child(child, 'items');
    return schema !== undefined && describesObject(schema) ? [{ member, schema }] : [];
  });
  return lists.length === 1 && isPageLike(doc, page) ? lists[0] : undefined;
}

/** True if an object has only lists and metadata objects. A resource with a list among its members has scalars too. */
function isPageLike(doc: DocumentReader, schema: Node): boolean {
  const members = doc.children(doc.child(schema, 'properties'));
  return members.every(([, child]) => doc.child(child, 'items') !== undefined || describesObject(child));
}

const describesObject = ({ value }: Node) => isObject(value) && (value.type === 'object' || 'properties' in value);

/**
 * What an operation does, judging by its method, the shape of its path and its success response. `declared` is its
 * `x-kind`, which takes precedence.
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

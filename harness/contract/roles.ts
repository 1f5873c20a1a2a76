import type { DocumentReader, Node } from './document.ts';
import { formsOf } from './forms.ts';
import { kebab } from './keywords/values.ts';
import { CLOSE, itemsOf, type Kind, kindOf, LIST, RETRIEVE } from './kinds.ts';
import type { Operation } from './operations.ts';

/** An operation before its kind and name are known. */
export type Unassigned = Omit<Operation, 'kind' | 'name' | 'isPrimary'> & {
  /** Its `x-kind`. */
  readonly declaredKind: unknown;
  /** Its `x-name`. */
  readonly ownName: string | undefined;
};

/** The schema of the success response of an operation. */
export function successOf({ responses }: Pick<Operation, 'responses'>): Node | undefined {
  return [...responses.values()].find(({ status }) => status.startsWith('2'))?.body?.schema;
}

/**
 * True for operations that the suite can call: those with a kind, the token endpoint, and reads without path
 * parameters.
 */
export const isAskable = ({ kind, issuesTokens, method, path }: Operation): boolean =>
  kind !== undefined || issuesTokens || (method === 'GET' && !path.includes('{'));

/** True for a list other than that of all items; cases request it sparingly. */
export const isOtherList = ({ kind, isPrimary }: Operation): boolean => kind === LIST && !isPrimary;

/** Sorts primary operations first. */
export const byPrimacy = (a: Operation, b: Operation) => Number(b.isPrimary) - Number(a.isPrimary);

/** The schema of the resource: the one that most operations read, list or create. */
export function describedBy(doc: DocumentReader, operations: readonly Operation[]): Node | undefined {
  const [pointer] = mostFrequent(operations.map((operation) => aboutOf(doc, operation, operation.kind)));
  return pointer === undefined ? undefined : doc.find(pointer);
}

/**
 * Assigns kinds and names. The resource of a document is what most operations are about; operations on anything else have
 * no kind. The operation at the path of the collection, or of its items, is named after its kind.
 */
export function assignRoles(doc: DocumentReader, found: readonly Unassigned[]): Operation[] {
  const seen = found.map((operation) => {
    const kind = operation.issuesTokens
      ? undefined
      : kindOf(doc, { ...operation, body: successOf(operation) }, operation.declaredKind);
    return { operation, kind, about: aboutOf(doc, operation, kind) };
  });
  const [resource] = mostFrequent(seen.map(({ about }) => about));
  const forms = [
    resource,
    ...formsOf(doc, resource === undefined ? undefined : doc.find(resource)).map(({ pointer }) => pointer),
  ];
  const items = seen
    .filter(({ kind, about }) => kind === RETRIEVE && about === resource)
    .map((one) => one.operation.path);
  const [itemPath] = items;
  const isOurs = ({ operation, kind, about }: (typeof seen)[number]) =>
    kind === CLOSE ? itemPath === undefined || items.includes(operation.path) : forms.includes(about);
  const assigned = seen.map((one) => ({ ...one.operation, kind: isOurs(one) ? one.kind : undefined }));
  const isPrimary = ({ kind, path }: (typeof assigned)[number]) =>
    kind !== undefined &&
    ([itemPath, collectionOf(itemPath)].includes(path) || assigned.filter((other) => other.kind === kind).length === 1);
  return assigned.map(({ declaredKind: _, ownName, ...operation }, index) => {
    const one = assigned[index];
    const primary = one !== undefined && isPrimary(one);
    return {
      ...operation,
      isPrimary: primary,
      name: ownName ?? (primary ? operation.kind : undefined) ?? nameOf(found, operation.id),
    };
  });
}

const collectionOf = (itemPath: string | undefined) => itemPath?.replace(/\/\{[^{}/]+\}$/, '');

/** The verb at the beginning of the `operationId` if it is unique, else the whole `operationId`. */
function nameOf(all: readonly Unassigned[], id: string): string {
  const wordsOf = (text: string) => kebab(text).replaceAll(/[^A-Za-z0-9]+/g, '-');
  const verbOf = (text: string) => wordsOf(text).split('-')[0] ?? text;
  return all.filter((other) => verbOf(other.id) === verbOf(id)).length > 1 ? wordsOf(id) : verbOf(id);
}

/** The pointer of the schema of the item that an operation reads, lists or creates. */
function aboutOf(
  doc: DocumentReader,
  operation: Pick<Operation, 'responses'>,
  kind: Kind | undefined,
): string | undefined {
  const body = successOf(operation);
  if (kind === LIST) return itemsOf(doc, body)?.schema.pointer;
  return kind === undefined || kind === CLOSE ? undefined : body?.pointer;
}

/** The distinct texts, the most frequent first. */
function mostFrequent(texts: readonly (string | undefined)[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}

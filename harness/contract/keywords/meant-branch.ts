import { type DocumentReader, isObject, isTextList, type Node } from '../document.ts';
import type { SchemaVerdict, SchemaViolation } from '../schemas.ts';
import { isSame, typeOf } from './values.ts';

/** A branch of `oneOf` or `anyOf`, with the verdict on a value. */
export interface Branch {
  readonly schema: Node;
  readonly verdict: SchemaVerdict;
}

/**
 * The branch that a value was meant for although it matches none; the defect then belongs to that branch, not to the
 * union. `undefined` if it cannot be determined.
 *
 * Decided by type, then by members whose constants distinguish the branches, or without these by the members present.
 */
export function meantBranch(
  doc: DocumentReader,
  owner: Node,
  branches: readonly Branch[],
  value: unknown,
): Branch | undefined {
  const typed = branches.filter(
    ({ verdict }) => !verdict.violations.some(({ keyword, at }) => keyword === 'type' && at === ''),
  );
  if (typed.length < 2 || typeOf(value) !== 'object') return only(typed);
  const tags = tagsOf(doc, owner, branches);
  const tagged = typed.filter(({ schema }) =>
    [...tags].every(([tag, words]) => isTagged(value, tag, words.get(schema))),
  );
  if (tags.size > 0)
    return (
      only(tagged) ??
      (tagged.length === 0
        ? only(typed.filter(({ verdict }) => verdict.violations.every(isAbout([...tags.keys()]))))
        : undefined)
    );
  const misfits = typed.map(
    ({ verdict }) => verdict.violations.filter(({ keyword, at }) => OUTLINE.includes(keyword) && at === '').length,
  );
  return only(typed.filter((_, index) => misfits[index] === Math.min(...misfits)));
}

/** Keywords about which members are present. */
const OUTLINE = ['required', 'additionalProperties', 'unevaluatedProperties', 'minProperties', 'maxProperties'];

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

const isTagged = (value: unknown, tag: string, words: readonly unknown[] | undefined) =>
  words === undefined ||
  (isObject(value) && Object.hasOwn(value, tag) && words.some((word) => isSame(word, value[tag])));

/** True for a violation of one of the members itself, such as its absence. */
const isAbout =
  (tags: readonly string[]) =>
  ({ at, keyword, pointer }: SchemaViolation): boolean =>
    tags.some((tag) => at === `/${tag}` || (at === '' && keyword === 'required' && pointer.endsWith(`/${tag}`)));

/** The members whose constants distinguish the branches, each with its constants by branch. */
export function tagsOf(
  doc: DocumentReader,
  owner: Node,
  branches: readonly { readonly schema: Node }[],
): ReadonlyMap<string, ReadonlyMap<Node, readonly unknown[]>> {
  const declared = doc.child(owner, 'discriminator');
  const tags = new Map<string, Map<Node, readonly unknown[]>>();
  const note = (tag: string, schema: Node, words: readonly unknown[]) => {
    const known = tags.get(tag) ?? new Map<Node, readonly unknown[]>();
    tags.set(tag, known.set(schema, [...(known.get(schema) ?? []), ...words]));
  };
  for (const { schema } of branches) for (const [tag, words] of constantsOf(doc, schema)) note(tag, schema, words);
  const property = declared !== undefined && isObject(declared.value) ? declared.value.propertyName : undefined;
  if (declared === undefined || typeof property !== 'string') {
    return new Map([...tags].filter(([, words]) => words.size > 1 && isDistinct([...words.values()])));
  }
  const mapping = doc.child(declared, 'mapping');
  for (const { schema } of branches)
    if (!tags.get(property)?.has(schema)) note(property, schema, wordsFor(doc, mapping, schema));
  return new Map([...tags].filter(([tag]) => tag === property));
}

/** True if no constant belongs to two branches. */
const isDistinct = (lists: readonly (readonly unknown[])[]) =>
  lists.every((words, index) =>
    words.every((word) => lists.every((others, other) => other === index || !others.some((one) => isSame(one, word)))),
  );

/** The discriminator values of a branch: the names mapped to it, else the name of its component. */
function wordsFor(doc: DocumentReader, mapping: Node | undefined, { pointer }: Node): string[] {
  const mapped = Object.entries(mapping !== undefined && isObject(mapping.value) ? mapping.value : {})
    .filter(
      ([, target]) =>
        typeof target === 'string' && (doc.find(target)?.pointer === pointer || pointer.endsWith(`/schemas/${target}`)),
    )
    .map(([word]) => word);
  return mapped.length > 0 ? mapped : [pointer.split('/').at(-1) ?? ''];
}

type Constants = readonly [member: string, words: readonly unknown[]];

function constantsOf(doc: DocumentReader, schema: Node): Constants[] {
  const own = doc.children(doc.child(schema, 'properties')).flatMap(([member, { value }]): Constants[] => {
    if (!isObject(value)) return [];
    if ('const' in value) return [[member, [value.const]]];
    return isTextList(value.enum) ? [[member, value.enum]] : [];
  });
  return [...own, ...doc.children(doc.child(schema, 'allOf')).flatMap(([, part]) => constantsOf(doc, part))];
}

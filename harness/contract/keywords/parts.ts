import { type DocumentReader, isObject, join, type Node } from '../document.ts';
import { expression } from './pattern.ts';

/** A subschema that applies to a part of the value that its owner applies to, or to the same value. */
export interface Part {
  readonly schema: Node;
  /** `'properties'`, `'items'` and so on. */
  readonly by: string;
  /** Name of the member or index of the item; empty if it applies to several, or to the whole value. */
  readonly key: string;
}

/** Keywords whose subschemas always apply in addition to their owner, and make promises of their own. */
const LISTS = ['allOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];
const SINGLE = ['items', 'additionalProperties'];
export const PARTS: readonly string[] = [...LISTS, ...MAPS, ...SINGLE];

const known = new WeakMap<DocumentReader, Map<string, readonly Part[]>>();

/** The subschemas that apply in addition to the schema's own keywords. */
export function partsOf(doc: DocumentReader, schema: Node): readonly Part[] {
  const ofDocument = known.get(doc) ?? new Map<string, readonly Part[]>();
  known.set(doc, ofDocument);
  const parts = ofDocument.get(schema.pointer) ?? readParts(doc, schema);
  ofDocument.set(schema.pointer, parts);
  return parts;
}

function readParts(doc: DocumentReader, schema: Node): Part[] {
  const { value } = schema;
  if (!isObject(value)) return [];
  const many = [...MAPS, ...LISTS].flatMap((by) =>
    doc.children(doc.child(schema, by)).map(([key, child]) => ({ schema: child, by, key })),
  );
  const one = SINGLE.filter((by) => isObject(value[by])).flatMap((by) => {
    const child = doc.child(schema, by);
    return child === undefined ? [] : [{ schema: child, by, key: '' }];
  });
  return [...many, ...one];
}

/** Keywords with alternative subschemas. */
export const UNIONS = ['oneOf', 'anyOf'] as const;
export type Union = (typeof UNIONS)[number];

/** The branches of a union. */
export function branchesOf(doc: DocumentReader, schema: Node, by: Union): readonly Node[] {
  return doc.children(doc.child(schema, by)).map(([, branch]) => branch);
}

/** The values that a part applies to, each with its key; `undefined` for the value itself. */
export function valuesOf(
  owner: Node,
  { by, key }: Part,
  value: unknown,
): ReadonlyArray<readonly [key: string | undefined, value: unknown]> {
  if (by === 'allOf') return [[undefined, value]];
  if (Array.isArray(value)) {
    if (by === 'prefixItems') return Number(key) < value.length ? [[key, value[Number(key)]]] : [];
    const first = isObject(owner.value) && Array.isArray(owner.value.prefixItems) ? owner.value.prefixItems.length : 0;
    return by === 'items' ? value.slice(first).map((item, index) => [String(first + index), item] as const) : [];
  }
  if (!isObject(value)) return [];
  const members = Object.entries(value);
  switch (by) {
    case 'properties':
      return Object.hasOwn(value, key) ? [[key, value[key]]] : [];
    case 'dependentSchemas':
      return Object.hasOwn(value, key) ? [[undefined, value]] : [];
    case 'patternProperties':
      return members.filter(([name]) => expression(key)?.test(name));
    case 'additionalProperties':
      return members.filter(([name]) => !isDeclared(owner, name));
    default:
      return [];
  }
}

function isDeclared({ value }: Node, name: string): boolean {
  const { properties, patternProperties } = isObject(value) ? value : {};
  return (
    (isObject(properties) && Object.hasOwn(properties, name)) ||
    (isObject(patternProperties) && Object.keys(patternProperties).some((key) => expression(key)?.test(name)))
  );
}

/** The step that a part adds to the path of a keyword; `undefined` if it adds none. */
export function stepOf({ by, key }: Part): string | undefined {
  if (by === 'properties') return key;
  if (by === 'items') return '[]';
  if (by === 'prefixItems') return `[${key}]`;
  return by === 'additionalProperties' || by === 'patternProperties' ? '{}' : undefined;
}

/** True for a child that was reached through `$ref`, whose pointer is outside its parent. */
export const isReferred = (child: Node, parent: Node) => !child.pointer.startsWith(join(parent.pointer, ''));

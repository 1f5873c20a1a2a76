import { type DocumentReader, isObject, join, type Node } from '../document.ts';
import { expression } from './pattern.ts';

/** A schema that holds for a part of whatever its owner holds for, or for the whole of it. */
export interface Part {
  readonly schema: Node;
  /** `'properties'`, `'items'` and so on. */
  readonly by: string;
  /** Name of the member or number of the item; empty if it holds for several, or for the whole. */
  readonly key: string;
}

/** The keywords whose schemas are kept together with that of their owner, and followed by their own promises. */
const LISTS = ['allOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];
const SINGLE = ['items', 'additionalProperties'];
export const PARTS: readonly string[] = [...LISTS, ...MAPS, ...SINGLE];

const known = new WeakMap<DocumentReader, Map<string, readonly Part[]>>();

/** The schemas that a value has to keep besides those keywords of its own schema that judge it by themselves. */
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

/** Keywords that hold one schema or another. */
export const UNIONS = ['oneOf', 'anyOf'] as const;
export type Union = (typeof UNIONS)[number];

/** The branches of a union. */
export function branchesOf(doc: DocumentReader, schema: Node, by: Union): readonly Node[] {
  return doc.children(doc.child(schema, by)).map(([, branch]) => branch);
}

/** The values inside a value for which a part holds, each with its key; the value itself has none. */
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

/** Where the values of a part stand in the path of a keyword. */
export function stepOf({ by, key }: Part): string | undefined {
  if (by === 'properties') return key;
  if (by === 'items') return '[]';
  if (by === 'prefixItems') return `[${key}]`;
  return by === 'additionalProperties' || by === 'patternProperties' ? '{}' : undefined;
}

/** A child reached through `$ref` lies outside of its parent. */
export const isReferred = (child: Node, parent: Node) => !child.pointer.startsWith(join(parent.pointer, ''));

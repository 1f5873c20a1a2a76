import type { Node } from '../../harness/contract/document.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { brokenBy } from '../../harness/contract/keywords/broken.ts';
import { branchesOf, type Part, partsOf, UNIONS, valuesOf } from '../../harness/contract/keywords/parts.ts';
import type { Keyword } from '../../harness/contract/keywords/places.ts';
import { isJson, type Json } from './intercepted.ts';

/** Returns a part of a message with one keyword violated, or the part itself if that is impossible; `turn` selects the way. */
export type Breaking = (part: unknown, turn?: number) => unknown;

/** Whether a value violates one keyword of its schema, and no other. */
export function violatesOnly(
  { schemas }: Contract,
  schema: Node,
  value: unknown,
  keyword: string | undefined,
): boolean {
  const { violations } = schemas.judge(schema, value);
  return violations.length > 0 && violations.every(({ pointer }) => pointer === keyword);
}

/** Violates one keyword of a component, and no other. The ways to do so are determined with the first part. */
export function breaking(contract: Contract, schema: Node, keyword: Keyword): Breaking {
  let ways: readonly number[] | undefined;
  return (part, turn = 0) => {
    const broken = brokenBy(keyword, part);
    if (broken.length === 0) return part;
    ways ??= broken.flatMap((one, way) => (violatesOnly(contract, schema, one, keyword.pointer) ? [way] : []));
    const way = ways[turn % ways.length];
    return way === undefined ? part : broken[way % broken.length];
  };
}

/**
 * A message with a change applied to every part that one component describes; `directly`: only if no union offers another.
 */
export function changeParts(
  contract: Contract,
  schema: Node,
  value: unknown,
  component: Node,
  change: (part: unknown) => unknown,
  directly = false,
): unknown {
  if (schema.pointer === component.pointer) return change(value);
  return inside(contract, schema, value, directly).reduce((whole: unknown, [part, key, before]) => {
    const after = changeParts(contract, part.schema, before, component, change, directly);
    if (after === before) return whole;
    if (key === undefined) return after;
    return Array.isArray(whole) ? whole.with(Number(key), after) : { ...Object(whole), [key]: after };
  }, value);
}

type Inside = readonly [part: Part, key: string | undefined, value: unknown];

/** The values inside a value with their schemas; in a union, the branch that accepts the value. */
function inside({ doc, schemas }: Contract, schema: Node, value: unknown, directly: boolean): Inside[] {
  const branches = (directly ? [] : UNIONS)
    .flatMap((by) => branchesOf(doc, schema, by))
    .filter((branch) => schemas.accepts(branch, value))
    .map((branch) => ({ schema: branch, by: 'allOf', key: '' }));
  return [...partsOf(doc, schema), ...branches].flatMap((part) =>
    valuesOf(schema, part, value).map(([key, one]): Inside => [part, key, one]),
  );
}

/** Replaces the content of an object in place. */
export function become(part: Json, other: unknown): void {
  if (!isJson(other)) return;
  for (const name of Object.keys(part)) if (!Object.hasOwn(other, name)) delete part[name];
  Object.assign(part, other);
}

/** A keyword in the statement of a fault. */
export const inWords = ({ name, path }: Keyword) => `${name}${path === '' ? '' : ` of ${path}`}`;

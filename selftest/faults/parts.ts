import type { Contract } from '../../harness/contract/index.ts';
import type { Node } from '../../harness/contract/nodes.ts';
import { successOf } from '../../harness/contract/roles.ts';
import { type Answered, groups, isJson, type Json, meta } from './lie.ts';

/** A component of answers, and where it is found in them. */
export interface Part {
  readonly component: string;
  readonly schema: Node;
  readonly role: 'item' | 'inner' | 'page' | 'meta' | 'problem';
  select(answered: Answered): Json[];
  /** Puts a list in the place of each one. */
  listed(answered: Answered): void;
}

/** The components that answers about the resource are made of: items, what is inside them, pages and refusals. */
export function partsOf({ doc, resource, problem }: Contract): Part[] {
  const { schema, members, list } = resource;
  const page = list && successOf(list);
  const inner = members.flatMap(({ name, schema: { pointer } }): Part[] => {
    const item = doc.find(`${pointer}/items`);
    return item === undefined || !isComponent(item) || item.pointer.startsWith(`${schema?.pointer}/`)
      ? []
      : [{ ...named(item), role: 'inner', select: insideOf(name), listed: (answered) => inEach(answered, name) }];
  });
  return [
    ...(schema === undefined ? [] : [{ ...named(schema), role: 'item' as const, select: groups, listed: listItems }]),
    ...inner,
    ...(page === undefined ? [] : [{ ...named(page), role: 'page' as const, select: pagesIn, listed: listPage }]),
    ...metaOf(doc.find(`${page?.pointer}/properties/meta`)),
    ...(problem === undefined
      ? []
      : [{ ...named(problem), role: 'problem' as const, select: problemsIn, listed: listProblem }]),
  ];
}

const isComponent = ({ pointer }: Node) => /^#\/components\/schemas\/[^/]+$/.test(pointer);
const named = (schema: Node) => ({ component: schema.pointer.split('/').at(-1) ?? '', schema });

const metaOf = (schema: Node | undefined): Part[] =>
  schema === undefined || !isComponent(schema)
    ? []
    : [{ ...named(schema), role: 'meta', select: metasIn, listed: listMeta }];

const isPage = (answered: Answered) => Object.keys(meta(answered)).length > 0;
const pagesIn = (answered: Answered) => (isPage(answered) && isJson(answered.body) ? [answered.body] : []);
const metasIn = (answered: Answered) => (isPage(answered) ? [meta(answered)] : []);
const problemsIn = ({ status, body }: Answered) => (status >= 400 && isJson(body) ? [body] : []);

/** The objects in a member of items that is a list of them. */
export const insideOf = (member: string) => (answered: Answered) =>
  groups(answered).flatMap((item) => objectsIn(item[member]));

export const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

function inEach(answered: Answered, member: string): void {
  for (const item of groups(answered)) item[member] = ['nobody'];
}

function listItems(answered: Answered): void {
  const { body, shows } = answered;
  if (!isJson(body) || groups(answered).length === 0) return;
  if (typeof shows === 'object') body[shows.page] = groups(answered).map((item) => [item]);
  else answered.body = [body];
}

function listPage(answered: Answered): void {
  if (typeof answered.shows === 'object' && answered.status === 200) answered.body = [answered.body];
}

function listMeta({ body, shows, status }: Answered): void {
  if (isJson(body) && typeof shows === 'object' && status === 200) body.meta = [body.meta];
}

function listProblem(answered: Answered): void {
  if (answered.status >= 400 && isJson(answered.body)) answered.body = [answered.body];
}

import type { Node } from '../../harness/contract/document.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { successOf } from '../../harness/contract/roles.ts';
import { type Answered, groups, isJson, type Json, meta } from './fault.ts';

/** A component of answers, and where it occurs in them. */
export interface Part {
  readonly component: string;
  readonly schema: Node;
  readonly role: 'item' | 'inner' | 'page' | 'meta' | 'problem';
  select(answered: Answered): Json[];
}

/** The components of answers about the resource: items, what is inside them, pages and problems. */
export function partsOf({ doc, resource, problem, schemas }: Contract): Part[] {
  const { forms, members, list } = resource;
  const page = list && successOf(list);
  const inner = members.flatMap(({ name, schema: { pointer } }): Part[] => {
    const item = doc.find(`${pointer}/items`);
    return item === undefined || !isComponent(item) || forms.some((form) => item.pointer.startsWith(`${form.pointer}/`))
      ? []
      : [{ ...named(item), role: 'inner', select: insideOf(name) }];
  });
  return [
    ...forms.map((form) => ({
      ...named(form),
      role: 'item' as const,
      select: (answered: Answered) =>
        groups(answered).filter((item) => forms.length === 1 || schemas.accepts(form, item)),
    })),
    ...inner,
    ...(page === undefined ? [] : [{ ...named(page), role: 'page' as const, select: pagesIn }]),
    ...metaOf(doc.find(`${page?.pointer}/properties/meta`)),
    ...(problem === undefined ? [] : [{ ...named(problem), role: 'problem' as const, select: problemsIn }]),
  ];
}

const isComponent = ({ pointer }: Node) => /^#\/components\/schemas\/[^/]+$/.test(pointer);
const named = (schema: Node) => ({ component: schema.pointer.split('/').at(-1) ?? '', schema });

const metaOf = (schema: Node | undefined): Part[] =>
  schema === undefined || !isComponent(schema) ? [] : [{ ...named(schema), role: 'meta', select: metasIn }];

const isPage = (answered: Answered) => Object.keys(meta(answered)).length > 0;
const pagesIn = (answered: Answered) => (isPage(answered) && isJson(answered.body) ? [answered.body] : []);
const metasIn = (answered: Answered) => (isPage(answered) ? [meta(answered)] : []);
const problemsIn = ({ status, body }: Answered) => (status >= 400 && isJson(body) ? [body] : []);

/** The objects in a list member of items. */
const insideOf = (member: string) => (answered: Answered) =>
  groups(answered).flatMap((item) => objectsIn(item[member]));

export const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

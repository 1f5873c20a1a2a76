import { type DocumentReader, isObject, isTextList, type Node } from './document.ts';
import { branchesOf, isReferred, partsOf, UNIONS } from './keywords/parts.ts';
import { kebab } from './keywords/values.ts';
import type { Operation } from './operations.ts';

/** A schema with promises of its own: a named schema, the target of a `$ref`, or the body of an answer. */
export interface Component {
  /** In camel case; unique even after conversion to an id prefix. */
  readonly name: string;
  readonly schema: Node;
  readonly provocable: boolean;
}

/** The schema of a message, and its name if the document gives it none. */
interface Root {
  readonly schema: Node;
  readonly name: string;
  readonly provocable: boolean;
}

/** The response bodies of an operation. */
export function answersOf({ name, responses }: Operation): Root[] {
  return [...responses.values()].flatMap(({ status, body, pointer }) => {
    if (body === undefined) return [];
    const shared = /^#\/components\/responses\/([^/]+)$/.exec(pointer)?.[1];
    return [{ schema: body.schema, name: `${shared ?? `${name}.${status}`}.body`, provocable: true }];
  });
}

/** All components of messages. Those in optional members are not provocable. */
export function componentsOf(doc: DocumentReader, roots: readonly Root[]): Component[] {
  const found = new Map<string, { readonly name: string; readonly schema: Node; provocable: boolean }>();
  const visit = (schema: Node, provocable: boolean, owner: Node | undefined, name: string): void => {
    if (owner === undefined || isReferred(schema, owner)) {
      const known = found.get(schema.pointer);
      if (known?.provocable === true || known?.provocable === provocable) return;
      found.set(schema.pointer, { name: nameIn(schema.pointer) ?? name, schema, provocable });
    }
    const required = isObject(schema.value) && isTextList(schema.value.required) ? schema.value.required : [];
    for (const { schema: part, by, key } of partsOf(doc, schema))
      visit(part, by === 'allOf' || (required.includes(key) && provocable), schema, name);
    for (const by of UNIONS) for (const branch of branchesOf(doc, schema, by)) visit(branch, false, schema, name);
  };
  for (const { schema, provocable, name } of roots) visit(schema, provocable, undefined, name);
  return distinct([...found.values()]);
}

/** `ListMeta` for a component, `ListMeta.limit` for a schema inside it. */
function nameIn(pointer: string): string | undefined {
  const [, name, inside = ''] = /^#\/components\/schemas\/([^/]+)(\/.*)?$/.exec(pointer) ?? [];
  return name && `${name}${inside.replaceAll('/properties/', '.').replaceAll('/', '-')}`;
}

/** Numbers names that would give the same id prefix. */
function distinct(components: readonly Component[]): Component[] {
  const seen = new Map<string, number>();
  return components.map((component) => {
    const key = kebab(component.name).toLowerCase();
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? component : { ...component, name: `${component.name}-${times}` };
  });
}

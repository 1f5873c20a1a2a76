import { type DocumentReader, isObject, isTextList, join, type Node } from './nodes.ts';
import type { Level } from './operations.ts';

/** One keyword at one place of a schema: the smallest thing that a body can violate. */
export interface Keyword {
  /** Where it stands. For `required` and its like the name is appended, so that each is a promise of its own. */
  readonly pointer: string;
  /** Path of the value inside the component, such as `items[].id`; empty for the component itself. */
  readonly path: string;
  readonly name: string;
  readonly value: unknown;
  /** True where the value may be absent from a valid body, so that nothing forces the target to show it. */
  readonly optional: boolean;
  /** SHOULD where the schema lists the keyword under `x-should`, by its name or as `required.<property>`. */
  readonly level: Level;
  /** The component schema that it belongs to. */
  readonly component: string;
}

/** The schema keywords that the suite knows how to judge. A document that uses others is refused. */
export const JUDGED = [
  'type',
  'format',
  'pattern',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'additionalProperties',
  'required',
];
/** Keywords that hold other schemas or say nothing about a value. */
export const STRUCTURE = ['properties', 'items', 'title', 'description', 'default', 'example', 'examples'];

/** Every keyword of a schema and of the schemas inside it; named components that it refers to are left to themselves. */
export function keywordsOf(
  doc: DocumentReader,
  schema: Node,
  component: string,
  path = '',
  optional = false,
): Keyword[] {
  if (!isObject(schema.value)) return [];
  const own: Keyword[] = [];
  const advisory = isTextList(schema.value['x-should']) ? schema.value['x-should'] : [];
  const levelOf = (name: string): Level => (advisory.includes(name) ? 'SHOULD' : 'MUST');
  for (const name of JUDGED.filter((keyword) => keyword in (schema.value as object))) {
    const value = schema.value[name];
    const at = join(schema.pointer, name);
    if (name === 'required') {
      for (const property of isTextList(value) ? value : [])
        own.push({
          pointer: join(at, property),
          path: dotted(path, property),
          name,
          value: property,
          optional,
          level: levelOf(`${name}.${property}`),
          component,
        });
    } else if (name !== 'additionalProperties' || value === false)
      own.push({ pointer: at, path, name, value, optional, level: levelOf(name), component });
  }
  const required = schema.value.required;
  const inside = doc
    .children(doc.child(schema, 'properties'))
    .flatMap(([property, child]) =>
      refersToComponent(child, schema)
        ? []
        : keywordsOf(
            doc,
            child,
            component,
            dotted(path, property),
            optional || !(isTextList(required) && required.includes(property)),
          ),
    );
  const items = doc.child(schema, 'items');
  const item =
    items === undefined || refersToComponent(items, schema) ? [] : keywordsOf(doc, items, component, `${path}[]`, true);
  return [...own, ...inside, ...item];
}

const dotted = (path: string, property: string) => (path === '' ? property : `${path}.${property}`);

/** A child reached through `$ref` lies outside of its parent. */
const refersToComponent = (child: Node, parent: Node) => !child.pointer.startsWith(`${parent.pointer}/`);

/** A schema, laid out for walking along a value. */
interface Plan {
  readonly keywords: ReadonlyArray<readonly [name: string, pointer: string]>;
  readonly required: readonly string[];
  readonly properties: ReadonlyArray<readonly [name: string, schema: Node]>;
  readonly items: Node | undefined;
}

const plans = new WeakMap<DocumentReader, Map<string, Plan>>();

function planOf(doc: DocumentReader, schema: Node): Plan {
  const known = plans.get(doc) ?? new Map<string, Plan>();
  plans.set(doc, known);
  const plan = known.get(schema.pointer) ?? makePlan(doc, schema);
  known.set(schema.pointer, plan);
  return plan;
}

function makePlan(doc: DocumentReader, schema: Node): Plan {
  const value = isObject(schema.value) ? schema.value : {};
  return {
    keywords: JUDGED.filter((name) => name in value && name !== 'required').map((name) => [
      name,
      join(schema.pointer, name),
    ]),
    required: isTextList(value.required)
      ? value.required.map((property) => join(schema.pointer, 'required', property))
      : [],
    properties: doc.children(doc.child(schema, 'properties')),
    items: doc.child(schema, 'items'),
  };
}

/** The pointers of all keywords that a value puts to the test, in the schema and in those that it refers to. */
export function exercised(doc: DocumentReader, schema: Node, value: unknown, into = new Set<string>()): Set<string> {
  const plan = planOf(doc, schema);
  for (const [name, pointer] of plan.keywords) if (appliesTo(name, value)) into.add(pointer);
  if (isObject(value)) {
    for (const pointer of plan.required) into.add(pointer);
    for (const [property, child] of plan.properties)
      if (Object.hasOwn(value, property)) exercised(doc, child, value[property], into);
  }
  if (Array.isArray(value) && plan.items !== undefined)
    for (const item of value) exercised(doc, plan.items, item, into);
  return into;
}

const OF_TEXT = ['format', 'pattern', 'minLength', 'maxLength'];

/** JSON Schema keywords ignore values of other types; they have not been tested by those. */
function appliesTo(keyword: string, value: unknown): boolean {
  if (OF_TEXT.includes(keyword)) return typeof value === 'string';
  if (keyword === 'minimum' || keyword === 'maximum') return typeof value === 'number';
  if (keyword === 'minItems') return Array.isArray(value);
  if (keyword === 'additionalProperties') return isObject(value);
  return true;
}

import { type DocumentReader, isObject, isTextList, join, type Node } from '../document.ts';
import type { Level } from '../operations.ts';
import { nameOf } from './branches.ts';
import { assertedIn } from './index.ts';
import { branchesOf, isReferred, partsOf, stepOf, UNIONS, type Union } from './parts.ts';
import { kebab } from './values.ts';

/** One keyword at one place of a schema: the smallest promise that a body can violate. */
export interface Keyword {
  /**
   * Pointer of the keyword. For `required`, the name of the member is appended, so that each is a promise of its own.
   */
  readonly pointer: string;
  /** Path of the value inside the component, such as `items[].id`; empty for the component itself. */
  readonly path: string;
  /**
   * The same path step by step; `[]` is any item, `[0]` the first item, and `{}` any member without a declared name.
   */
  readonly steps: readonly string[];
  /** The path with the names of the branches on the way, which makes ids unique within a component. */
  readonly label: string;
  readonly name: string;
  readonly value: unknown;
  /** True if the value may be absent from a valid body, so that nothing forces the target to show it. */
  readonly optional: boolean;
  /** SHOULD if the schema lists the keyword under `x-should`, by its name or as `required.<property>`. */
  readonly level: Level;
  /** The component schema that it belongs to. */
  readonly component: string;
}

interface Position {
  readonly steps: readonly string[];
  readonly label: string;
  readonly optional: boolean;
  /** Pointers of the referring schemas on the way here, to stop at cycles. */
  readonly within: readonly string[];
}

/**
 * Every keyword of a schema and of its subschemas. Schemas behind `$ref` are components of their own and are skipped; if
 * `deep`, they are followed, except in cycles.
 */
export function keywordsOf(
  doc: DocumentReader,
  schema: Node,
  component: string,
  { deep = false }: { readonly deep?: boolean } = {},
): Keyword[] {
  const start = { steps: [], label: '', optional: false, within: [schema.pointer] };
  const found = new Collector(doc, component, deep).collect(schema, start);
  const seen = new Map<string, number>();
  return found.map((keyword) => {
    const key = `${keyword.label} ${keyword.name}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    // Only `allOf` can apply the same keyword to one value twice.
    return times === 1 ? keyword : { ...keyword, label: dotted(keyword.label, `all-of-${times}`) };
  });
}

class Collector {
  readonly #doc: DocumentReader;
  readonly #component: string;
  readonly #deep: boolean;

  constructor(doc: DocumentReader, component: string, deep: boolean) {
    this.#doc = doc;
    this.#component = component;
    this.#deep = deep;
  }

  collect(schema: Node, at: Position): Keyword[] {
    if (!isObject(schema.value)) return [];
    return [...this.#own(schema, at), ...this.#branches(schema, at), ...this.#parts(schema, at)];
  }

  #own(schema: Node, at: Position): Keyword[] {
    const object = isObject(schema.value) ? schema.value : {};
    const advisory = isTextList(object['x-should']) ? object['x-should'] : [];
    const levelOf = (name: string): Level => (advisory.includes(name) ? 'SHOULD' : 'MUST');
    return assertedIn(object).flatMap(({ name }): Keyword[] => {
      const pointer = join(schema.pointer, name);
      const value = object[name];
      const common = { name, component: this.#component, optional: at.optional };
      const here = { path: pathOf(at.steps), steps: at.steps, label: at.label };
      if (name !== 'required') return [{ ...common, ...here, pointer, value, level: levelOf(name) }];
      return (isTextList(value) ? value : []).map((property) => {
        const steps = [...at.steps, property];
        return {
          ...common,
          pointer: join(pointer, property),
          path: pathOf(steps),
          steps,
          label: dotted(at.label, property),
          value: property,
          level: levelOf(`${name}.${property}`),
        };
      });
    });
  }

  #parts(schema: Node, at: Position): Keyword[] {
    const required = isObject(schema.value) && isTextList(schema.value.required) ? schema.value.required : [];
    return partsOf(this.#doc, schema).flatMap((part) => {
      const step = stepOf(part);
      const isSure = part.by === 'allOf' || (part.by === 'properties' && required.includes(part.key));
      return this.#inside(part.schema, schema, {
        steps: step === undefined ? at.steps : [...at.steps, step],
        label: step === undefined ? at.label : dotted(at.label, step),
        optional: at.optional || !isSure,
        within: at.within,
      });
    });
  }

  #branches(schema: Node, at: Position): Keyword[] {
    return UNIONS.flatMap((by) => {
      const branches = branchesOf(this.#doc, schema, by);
      const names = branchNames(schema, by);
      return branches.flatMap((branch, index) =>
        this.#inside(branch, schema, { ...at, label: dotted(at.label, names[index] ?? ''), optional: true }),
      );
    });
  }

  #inside(child: Node, owner: Node, at: Position): Keyword[] {
    if (!isReferred(child, owner)) return this.collect(child, at);
    if (!this.#deep || at.within.includes(child.pointer)) return [];
    return this.collect(child, { ...at, within: [...at.within, child.pointer] });
  }
}

/** The names of the branches of a union in ids: their own if unique, else a number. */
function branchNames({ value }: Node, by: Union): string[] {
  const branches = isObject(value) && Array.isArray(value[by]) ? value[by] : [];
  const names = branches.map((branch) => kebab(nameOf(branch) ?? '').replaceAll(/[^\w-]+/g, '-'));
  const number = by === 'oneOf' ? 'one-of' : 'any-of';
  return names.map((name, index) =>
    name !== '' && names.indexOf(name) === names.lastIndexOf(name) ? name : `${number}-${index + 1}`,
  );
}

const dotted = (path: string, step: string) =>
  step.startsWith('[') || step.startsWith('{') ? `${path}${step}` : path === '' ? step : `${path}.${step}`;

const pathOf = (steps: readonly string[]) => steps.reduce(dotted, '');

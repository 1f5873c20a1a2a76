/** A problem in a contract document. */
export interface ContractProblem {
  /** JSON pointer into the document, starting with `#`. */
  readonly pointer: string;
  readonly message: string;
}

/** The document is not a usable contract. The message lists every problem with its pointer, one per line. */
export class ContractError extends Error {
  readonly problems: readonly ContractProblem[];

  constructor(path: string, problems: readonly ContractProblem[]) {
    super(`${path} is not a usable contract:\n${problems.map((p) => `  ${p.pointer}  ${p.message}`).join('\n')}`);
    this.name = 'ContractError';
    this.problems = problems;
  }
}

/** A value of the document with its pointer, after following `$ref`. */
export interface Node {
  readonly pointer: string;
  readonly value: unknown;
}

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

const escapeKey = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
const unescapeKey = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** Appends keys to a pointer, escaped according to RFC 6901. */
export function join(pointer: string, ...keys: readonly string[]): string {
  return [pointer, ...keys.map(escapeKey)].join('/');
}

/** Read access to a parsed document by pointer. Every error names the pointer. */
export class DocumentReader {
  readonly root: unknown;
  readonly #following = new Set<string>();
  readonly #found = new Map<string, Node | undefined>();
  readonly #children = new Map<string, ReadonlyArray<readonly [key: string, child: Node]>>();

  constructor(root: unknown) {
    this.root = root;
  }

  /** The node at a pointer; `undefined` if there is none. Follows `$ref` within the document. */
  find(pointer: string): Node | undefined {
    if (!this.#found.has(pointer)) this.#found.set(pointer, this.#lookUp(pointer));
    return this.#found.get(pointer);
  }

  #lookUp(pointer: string): Node | undefined {
    let value: unknown = this.root;
    for (const key of pointer.split('/').slice(1).map(unescapeKey)) {
      if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
      else if (Array.isArray(value) && key in value) value = value[Number(key)];
      else return undefined;
    }
    if (!isObject(value) || typeof value.$ref !== 'string') return { pointer, value };
    if (this.#following.has(pointer))
      throw new ContractError('the document', [{ pointer, message: 'refers to itself' }]);
    this.#following.add(pointer);
    try {
      return this.find(value.$ref);
    } finally {
      this.#following.delete(pointer);
    }
  }

  /** The child of a node; `undefined` if there is none. Follows `$ref`. */
  child(node: Node, ...keys: readonly string[]): Node | undefined {
    return this.find(join(node.pointer, ...keys));
  }

  /** The descendant of a node; `undefined` if there is none. Follows `$ref` at each step. */
  within(node: Node, ...keys: readonly string[]): Node | undefined {
    return keys.reduce<Node | undefined>((inside, key) => inside && this.child(inside, key), node);
  }

  /** The children of an object or list by key. Follows `$ref`. */
  children(node: Node | undefined): ReadonlyArray<readonly [key: string, child: Node]> {
    if (node === undefined || typeof node.value !== 'object' || node.value === null) return [];
    const known = this.#children.get(node.pointer);
    if (known !== undefined) return known;
    const children = Object.keys(node.value).map((key) => {
      const child = this.child(node, key);
      if (child === undefined)
        throw new ContractError('the document', [
          { pointer: join(node.pointer, key), message: 'has an unresolvable $ref' },
        ]);
      return [key, child] as const;
    });
    this.#children.set(node.pointer, children);
    return children;
  }

  /** The string at a key of a node. @throws {ContractError} for anything else */
  text(node: Node, key: string): string {
    const value = isObject(node.value) ? node.value[key] : undefined;
    if (typeof value === 'string') return value;
    throw new ContractError('the document', [{ pointer: join(node.pointer, key), message: 'must be a string' }]);
  }

  /** The list of strings at a key of a node. @throws {ContractError} for anything else */
  texts(node: Node, key: string): readonly string[] {
    const value = isObject(node.value) ? node.value[key] : undefined;
    if (isTextList(value)) return value;
    throw new ContractError('the document', [
      { pointer: join(node.pointer, key), message: 'must be a list of strings' },
    ]);
  }

  /**
   * The source of a promise: `x-source` of the node or its nearest ancestor, or the entry for a keyword in
   * `x-sources`.
   */
  source(pointer: string): string | undefined {
    let below: string | undefined;
    for (let at = pointer; at.includes('/'); at = at.slice(0, at.lastIndexOf('/'))) {
      const value = this.find(at)?.value;
      const keywords = isObject(value) && isObject(value['x-sources']) ? value['x-sources'] : {};
      const own = below === undefined ? undefined : keywords[below];
      if (typeof own === 'string') return own;
      if (isObject(value) && typeof value['x-source'] === 'string') return value['x-source'];
      below = unescapeKey(at.slice(at.lastIndexOf('/') + 1));
    }
    return undefined;
  }
}

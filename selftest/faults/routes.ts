import type { Contract, Operation } from '../../harness/contract/index.ts';
import { isObject } from '../../harness/contract/nodes.ts';

/** What is asked at a path that no operation of the contract has, or that faults know by another name. */
export const TOKEN = 'token';
/** Where whoever items belong to is made, as `x-prerequisites` says. */
export const OWNER = 'owner';
export const OTHER = 'other';

/** Where the operations of a contract are. */
export interface Routes {
  /** Name of the operation, or one of the words above. */
  nameOf(method: string, path: string): string;
  /** The id of an item in a path; empty if the path names none. */
  idIn(path: string): string;
  /** The same path for another item. */
  withId(path: string, id: string): string;
  /** The path of all items. */
  readonly collection: string;
}

const known = new WeakMap<Contract, Routes>();

/** The routes of a contract. */
export function routesOf(contract: Contract): Routes {
  const routes = known.get(contract) ?? makeRoutes(contract);
  known.set(contract, routes);
  return routes;
}

function makeRoutes({ doc, operations, resource }: Contract): Routes {
  const itemPath = (resource.retrieve ?? resource.close)?.path ?? '';
  const item = patternOf(itemPath);
  const [owner] = resource.creation.given;
  const recipe = owner && doc.find(`#/x-prerequisites/${owner.prerequisite}`)?.value;
  const declared = operations.map((operation) => ({ operation, pattern: patternOf(operation.path) }));
  return {
    nameOf(method, path) {
      if (isObject(recipe) && path === recipe.path) return OWNER;
      const here = declared.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation);
      if (here.some(({ issuesTokens }) => issuesTokens)) return TOKEN;
      return here.find((operation: Operation) => operation.method === method)?.name ?? OTHER;
    },
    idIn: (path) => decodeURIComponent(itemPath === '' ? '' : (item.exec(path)?.at(-1) ?? '')),
    withId: (path, id) => (itemPath !== '' && item.test(path) ? path.replace(/[^/]+$/, encodeURIComponent(id)) : path),
    collection: (resource.list ?? resource.create)?.path ?? itemPath.replace(/\/\{[^{}/]+\}$/, ''),
  };
}

/** A path with its parameters as groups. */
const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{[^{}/]+\}/g, '([^/]+)')}$`);

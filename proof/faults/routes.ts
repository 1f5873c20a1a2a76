import { isObject } from '../../harness/contract/document.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { CREATE, itemsOf, LIST, RETRIEVE } from '../../harness/contract/kinds.ts';
import { successOf } from '../../harness/contract/roles.ts';
import type { Shown } from './intercepted.ts';

/** Name of the token endpoint. */
export const TOKEN = 'token';
/** Name of the operation that creates owners of items, as `x-prerequisites` declares it. */
export const OWNER = 'owner';
/** Name of any other operation. */
export const OTHER = 'other';

/** The paths of the operations of a contract. */
export interface Routes {
  /** Name of the operation, or one of the words above. */
  nameOf(method: string, path: string): string;
  /** The id of an item in a path; empty if there is none. */
  idIn(path: string): string;
  /** The same path for another item. */
  withId(path: string, id: string): string;
  /** What part of the resource an answer shows. */
  shownAt(method: string, path: string): Shown;
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
  const at = (path: string) => declared.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation);
  const find = (method: string, path: string): Operation | undefined =>
    at(path).find((operation) => operation.method === method);
  return {
    nameOf(method, path) {
      if (isObject(recipe) && path === recipe.path) return OWNER;
      if (at(path).some(({ issuesTokens }) => issuesTokens)) return TOKEN;
      return find(method, path)?.name ?? OTHER;
    },
    idIn: (path) => decodeURIComponent(itemPath === '' ? '' : (item.exec(path)?.at(-1) ?? '')),
    shownAt(method, path) {
      const operation = find(method, path);
      if (operation?.kind === LIST) {
        const items = itemsOf(doc, successOf(operation));
        return items && { page: items.member };
      }
      return operation?.kind === CREATE || operation?.kind === RETRIEVE ? 'item' : undefined;
    },
    withId: (path, id) => (itemPath !== '' && item.test(path) ? path.replace(/[^/]+$/, encodeURIComponent(id)) : path),
    collection: (resource.list ?? resource.create)?.path ?? itemPath.replace(/\/\{[^{}/]+\}$/, ''),
  };
}

/** A path with its parameters as groups. */
const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{[^{}/]+\}/g, '([^/]+)')}$`);

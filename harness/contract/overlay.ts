import { parse } from 'yaml';
import { ContractError, type ContractProblem, isObject } from './document.ts';
import { type Place, select } from './json-path.ts';

/**
 * Overlays (Overlay Specification 1.0) change a document. Stricter than the specification in one point: an action that
 * selects nothing is an error, because silently skipping it would lose a promise.
 */

export interface Overlay {
  readonly path: string;
  readonly actions: readonly Action[];
}

export interface Action {
  /** A JSONPath query. */
  readonly target: string;
  /** Merged into each selected object, or appended to each selected list. */
  readonly update?: unknown;
  /** True to remove what is selected; excludes `update`. */
  readonly remove: boolean;
}

const KNOWN = ['target', 'description', 'update', 'remove'];

/**
 * Reads an overlay.
 *
 * @throws {ContractError} naming every problem in it
 */
export function readOverlay(path: string, text: string): Overlay {
  const problems: ContractProblem[] = [];
  const refuse = (pointer: string, message: string) => void problems.push({ pointer, message });
  const document: unknown = parse(text);
  if (!isObject(document)) throw new ContractError(path, [{ pointer: '#', message: 'is not an overlay' }]);
  if (!/^1\.0\.\d+$/.test(String(document.overlay))) refuse('#/overlay', 'must be 1.0.0');
  if (!isObject(document.info) || typeof document.info.title !== 'string') refuse('#/info/title', 'is missing');
  const list: readonly unknown[] = Array.isArray(document.actions) ? document.actions : [];
  if (list.length === 0) refuse('#/actions', 'must be a non-empty list');
  const actions = list.flatMap((value, index): Action[] => {
    const at = `#/actions/${index}`;
    if (!isObject(value) || typeof value.target !== 'string') {
      refuse(`${at}/target`, 'must be a string');
      return [];
    }
    for (const key of Object.keys(value))
      if (!KNOWN.includes(key) && !key.startsWith('x-')) refuse(`${at}/${key}`, 'is unknown');
    const remove = value.remove === true;
    if (remove === (value.update !== undefined)) refuse(at, 'needs either update or remove');
    return [{ target: value.target, remove, ...(!remove && { update: value.update }) }];
  });
  if (problems.length > 0) throw new ContractError(path, problems);
  return { path, actions };
}

/**
 * A copy of a document with an overlay applied.
 *
 * @throws {ContractError} naming the first action that cannot be applied
 */
export function applyOverlay(root: unknown, { path, actions }: Overlay): unknown {
  let changed = structuredClone(root);
  for (const [index, { target, update, remove }] of actions.entries()) {
    try {
      const places = select(changed, target);
      if (places.length === 0) throw new SyntaxError('selects nothing');
      // From the end, so that removals do not shift the indexes of places still to come.
      for (const place of places.toReversed())
        if (remove) takeAway(place);
        else if (place.holder === undefined) changed = merged(place.value, update);
        else put(place.holder, place.key, merged(place.value, update));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new ContractError(path, [{ pointer: `#/actions/${index}`, message: `${target} ${error.message}` }]);
    }
  }
  return changed;
}

function takeAway({ holder, key }: Place): void {
  if (holder === undefined) throw new SyntaxError('cannot be removed');
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function put(holder: Record<string, unknown> | unknown[], key: string | number, value: unknown): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else holder[key] = value;
}

/** Merges objects member by member and concatenates lists; anything else is replaced. */
function merged(target: unknown, update: unknown): unknown {
  if (Array.isArray(target))
    return [...target, ...(Array.isArray(update) ? structuredClone(update) : [structuredClone(update)])];
  if (!isObject(target)) return structuredClone(update);
  if (!isObject(update)) throw new SyntaxError('is an object, but its update is not');
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(update))
    result[key] = Object.hasOwn(target, key) ? merged(target[key], value) : structuredClone(value);
  return result;
}

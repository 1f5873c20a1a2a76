import { isObject } from '../document.ts';
import { written } from './values.ts';

/** The name of a branch of a union: the component that it refers to, its title, its constant or its type. */
export function nameOf(branch: unknown): string | undefined {
  if (!isObject(branch)) return undefined;
  if (typeof branch.$ref === 'string') return branch.$ref.split('/').at(-1);
  if (typeof branch.title === 'string') return branch.title;
  if ('const' in branch) return written(branch.const);
  return typeof branch.type === 'string' && !isObject(branch.properties) ? branch.type : undefined;
}

/** The names of the branches of a union, for a sentence. */
export const namesOf = (branches: unknown): string =>
  (Array.isArray(branches) ? branches : []).map((branch, index) => nameOf(branch) ?? `schema ${index + 1}`).join(', ');

/** One value of each type, as candidates that match no branch of a union. */
export const PLAIN: readonly unknown[] = ['text', 123456789, true, {}, [], null];

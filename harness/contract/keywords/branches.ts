import { isObject } from '../document.ts';
import { written } from './values.ts';

/** What a branch of a union is called: the component that it refers to, or what it says of itself. */
export function nameOf(branch: unknown): string | undefined {
  if (!isObject(branch)) return undefined;
  if (typeof branch.$ref === 'string') return branch.$ref.split('/').at(-1);
  if (typeof branch.title === 'string') return branch.title;
  if ('const' in branch) return written(branch.const);
  return typeof branch.type === 'string' && !isObject(branch.properties) ? branch.type : undefined;
}

/** The branches of a union in words. */
export const namesOf = (branches: unknown): string =>
  (Array.isArray(branches) ? branches : []).map((branch, index) => nameOf(branch) ?? `schema ${index + 1}`).join(', ');

/** A value of each type, of which a union may take none. */
export const PLAIN: readonly unknown[] = ['text', 123456789, true, {}, [], null];

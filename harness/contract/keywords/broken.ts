import { isObject } from '../document.ts';
import { definitionOf } from './index.ts';
import type { Keyword } from './places.ts';

/**
 * Copies of a value, each changed as little as possible to violate the keyword at its place; if the place is in a list, in
 * the first item. Some may violate other keywords of the place as well: `Schemas.breaking` filters these out. Empty if
 * nothing can be derived.
 */
export function brokenBy(keyword: Keyword, value: unknown): unknown[] {
  return invalidValues(keyword, valueAt(value, keyword.steps)).flatMap((one) => replaced(value, keyword.steps, one));
}

/** Values close to a valid one that violate a keyword; `undefined` omits the value. */
export function invalidValues({ name, value }: Keyword, valid: unknown): readonly unknown[] {
  return definitionOf(name)?.invalid?.(value, valid) ?? [];
}

function valueAt(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  const key = keyOf(value, step);
  return key === undefined || typeof value !== 'object' || value === null
    ? undefined
    : valueAt(Object.entries(value).find(([name]) => name === key)?.[1], rest);
}

/** The member or item that a step leads to; `undefined` if the value has none. */
function keyOf(value: unknown, step: string): string | undefined {
  if (Array.isArray(value)) {
    const index = step === '[]' ? '0' : /^\[(\d+)\]$/.exec(step)?.[1];
    return index !== undefined && Number(index) < value.length ? index : undefined;
  }
  if (!isObject(value)) return undefined;
  return step === '{}' ? Object.keys(value)[0] : step;
}

/** The value with another one at a place, or without it if that is `undefined`; empty if there is no such place. */
function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown[] {
  if (step === undefined) return [by];
  const key = keyOf(value, step);
  if (key === undefined) return [];
  if (Array.isArray(value)) return replaced(value[Number(key)], rest, by).map((item) => value.with(Number(key), item));
  if (!isObject(value) || (rest.length > 0 && !Object.hasOwn(value, key))) return [];
  return replaced(value[key], rest, by).map((member) => {
    const { [key]: _, ...others } = value;
    return member === undefined ? others : { ...value, [key]: member };
  });
}

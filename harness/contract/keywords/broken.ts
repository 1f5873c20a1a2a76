import { isObject } from '../document.ts';
import { definitionOf } from './index.ts';
import type { Keyword } from './places.ts';

/**
 * Copies of a value of which each breaks one keyword at its place, by the smallest change; where there are several items,
 * in the first one. They may break other keywords of that place as well: `Schemas.breaking` leaves such copies out.
 * Empty if nothing can be derived.
 */
export function brokenBy(keyword: Keyword, value: unknown): unknown[] {
  return invalidValues(keyword, valueAt(value, keyword.steps)).flatMap((one) => replaced(value, keyword.steps, one));
}

/** Values next to a valid one that break a keyword; `undefined` leaves the value out. */
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

/** The value with another one at a place, or with nothing there; empty if there is no such place. */
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

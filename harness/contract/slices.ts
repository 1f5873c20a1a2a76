import { isObject } from './document.ts';

/** So many items of a list are looked at together. */
const ITEMS = 100;

/** A value with some of the items of its long lists. */
export interface Slice {
  readonly value: unknown;
  /** Where in the whole value something stands that stands here; `undefined` if the first slice tells of it. */
  whole(pointer: string): string | undefined;
}

/**
 * Cuts the long lists of a value, so that the validator, which copies its errors once for each item, takes time in
 * proportion to them. The first slice has everything but the rest of these lists.
 */
export function slicesOf(value: unknown): Slice[] {
  const lists = isObject(value) ? Object.entries(value).filter(isLong) : [];
  const first = lists.length === 0 ? value : { ...Object(value), ...Object.fromEntries(lists.map(beginning)) };
  return [{ value: first, whole: (pointer) => pointer }, ...lists.flatMap(rest)];
}

type Member = readonly [name: string, list: readonly unknown[]];

const isLong = (member: [string, unknown]): member is [string, readonly unknown[]] =>
  Array.isArray(member[1]) && member[1].length > ITEMS;

const beginning = ([name, list]: Member): Member => [name, list.slice(0, ITEMS)];

function rest([name, list]: Member): Slice[] {
  const prefix = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}/`;
  return Array.from({ length: Math.ceil(list.length / ITEMS) - 1 }, (_, index) => {
    const from = (index + 1) * ITEMS;
    return {
      value: { [name]: list.slice(from, from + ITEMS) },
      whole: (pointer) => {
        if (!pointer.startsWith(prefix)) return undefined;
        const [item, ...inside] = pointer.slice(prefix.length).split('/');
        return [prefix + (Number(item) + from), ...inside].join('/');
      },
    };
  });
}

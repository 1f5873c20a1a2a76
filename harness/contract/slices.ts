import { isObject } from './document.ts';

/** Items of a list that are validated together. Validation time grows with the square of this. */
const ITEMS = 100;

/** A value with a part of the items of its long lists. */
export interface Slice {
  readonly value: unknown;
  /**
   * The pointer in the whole value for a pointer in this slice; `undefined` for what the first slice already covers.
   */
  whole(pointer: string): string | undefined;
}

/**
 * Splits the long lists of a value. The validator copies all errors so far for each item, so that its time would grow
 * with the square of the length. The first slice has everything except the rest of these lists.
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

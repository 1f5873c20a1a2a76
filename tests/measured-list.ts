import { type Api, Blocked } from '../harness/case.ts';
import { type Group, pageOf } from '../harness/checks/group.ts';
import { defaultOf, queryParameter } from '../harness/checks/page.ts';
import { isObject } from '../harness/contract/nodes.ts';
import type { Exchange } from '../harness/exchange.ts';
import { created, orders, queryWords } from './stage.ts';

/** The list, read in many ways while nobody adds to it. */

/** So many groups at either end of the list are looked at, one page size after the other. */
const WINDOW = 8;
const PAGE_SIZES = [1, 2, 3, 5];
const ATTEMPTS = 4;

export interface Page {
  readonly exchange: Exchange;
  readonly offset: number;
  readonly groups: readonly Group[];
  /** How many items the page holds, whatever they are. */
  readonly size: number;
}

/** Pages of a list that did not grow while they were read. */
export interface Measured {
  readonly total: number;
  /** The first groups in rising order. */
  readonly head: Page;
  /** The last groups in rising order. */
  readonly tail: Page;
  /** The same places, page by page; a list for each page size. */
  readonly walks: readonly (readonly Page[])[];
  /** The first groups in falling order, and the same places page by page. */
  readonly falling: Page;
  readonly fallingWalk: readonly Page[];
  readonly beyond: readonly Page[];
  readonly bare: Exchange;
  readonly explicit: ReadonlyMap<string, Exchange>;
  readonly largest: Page;
}

/**
 * Reads the list in many ways while it does not grow.
 *
 * @throws {Blocked} where it keeps growing, cannot be read, or holds fewer groups than are needed.
 */
export async function measured(api: Api, least: number): Promise<Measured> {
  const list = await api.once('measured list', async () => {
    if (api.writes) await Promise.allSettled([created(api, 'first'), created(api, 'second'), created(api, 'spare')]);
    return api.turn('list:measuring', () => measure(api));
  });
  if (list.total < least)
    throw new Blocked(
      'too-few-groups',
      `the list holds ${list.total} groups; ${least} are needed to see an order${api.writes ? '' : ', and WRITES=off forbids making some'}`,
    );
  return list;
}

async function measure(api: Api): Promise<Measured> {
  const { rising, falling } = orders(api.contract);
  const [sort = ''] = queryWords(api.contract, 'sort');
  const get = async (order: string, offset: number, limit: number): Promise<Page> => {
    const exchange = await api.ask({
      operation: 'list',
      query: { sort, order, offset: String(offset), limit: String(limit) },
      aims: ['list.allowed'],
    });
    return { exchange, offset, groups: pageOf(exchange)?.data ?? [], size: pageOf(exchange)?.size ?? 0 };
  };
  const limits = queryParameter(api.contract, 'limit')?.schema.value;
  const most = isObject(limits) ? Number(limits.maximum) : 1000;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const largest = await get(rising, 0, most);
    const total = totalOf(largest.exchange);
    if (total === undefined) throw new Blocked('no-group', 'the list says no total_count');
    const window = Math.min(total, WINDOW);
    const walk = (order: string, size: number, from: number, pages: number) =>
      Promise.all(range(0, pages).map((page) => get(order, from + page * size, size)));
    const sizes = PAGE_SIZES.filter((size) => size <= Math.max(1, window));
    const [head, tail, fallingHead, fallingWalk, bare, walks, beyond, explicit] = await Promise.all([
      get(rising, 0, Math.max(1, window)),
      get(rising, Math.max(0, total - window), Math.max(1, window)),
      get(falling, 0, Math.max(1, window)),
      walk(falling, 3, 0, Math.max(1, Math.ceil(window / 3))),
      api.ask({ operation: 'list', aims: ['list.allowed'] }),
      Promise.all(
        sizes.map((size) => walk(rising, size, 0, Math.max(1, Math.ceil(Math.min(window, size * 4) / size)))),
      ),
      Promise.all([get(rising, total, 10), get(rising, total + 1000, 1), get(falling, total, 10)]),
      Promise.all(
        ['limit', 'order', 'sort'].map(
          async (parameter) =>
            [
              parameter,
              await api.ask({ operation: 'list', query: { [parameter]: String(defaultOf(api.contract, parameter)) } }),
            ] as const,
        ),
      ),
    ]);
    const end = totalOf((await get(rising, 0, most)).exchange);
    if (end === total)
      return {
        total,
        head,
        tail,
        falling: fallingHead,
        fallingWalk,
        largest,
        bare,
        walks,
        beyond,
        explicit: new Map(explicit),
      };
    await api.clock.sleep(200 * (attempt + 1));
  }
  throw new Blocked('list-keeps-changing', 'others keep adding to the list while it is read');
}

export const everyPage = (list: Measured): Page[] => [
  list.head,
  list.tail,
  list.falling,
  list.largest,
  ...list.fallingWalk,
  ...list.walks.flat(),
  ...list.beyond,
];

export const totalOf = (exchange: Exchange): number | undefined => {
  const total = pageOf(exchange)?.meta.total_count;
  return typeof total === 'number' && Number.isInteger(total) ? total : undefined;
};

/** A page as full as its limit and the total leave room for. */
export const isFull = (list: Measured, page: Page) =>
  page.size === Math.max(0, Math.min(limitOf(page), list.total - page.offset));

export const limitOf = (page: Page | undefined) => Number(page?.exchange.request.query.limit ?? 0);
export const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

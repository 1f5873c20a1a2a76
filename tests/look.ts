import { type Api, Blocked } from '../harness/case.ts';
import { type Group, idOf, pageOf } from '../harness/checks/group.ts';
import { defaultOf, orders, queryParameter, queryWords } from '../harness/checks/page.ts';
import type { Operation } from '../harness/contract/index.ts';
import { isObject } from '../harness/contract/nodes.ts';
import type { Exchange } from '../harness/exchange.ts';
import { until } from './until.ts';

/** The list, looked through for single groups. */

/** What a look at the list has shown. */
export interface Look {
  /** The pages that were read, the newest groups first. */
  readonly pages: readonly Exchange[];
  /** `undefined`: the list cannot be read. */
  readonly groups: readonly Group[] | undefined;
  readonly total: number | undefined;
}

/** A longer way to a group is not walked. */
const MOST_PAGES = 20;

/** The list of all items. @throws {Blocked} if the contract has none. */
export function listOf({ contract: { resource } }: Api): Operation {
  if (resource.list !== undefined) return resource.list;
  throw new Blocked('not-in-contract', `the contract has no operation that lists ${resource.many}`);
}

/** Asks for one page in an order that is said in full. */
export function askPage(api: Api, order: string, offset: number, limit: number): Promise<Exchange> {
  const [sort = ''] = queryWords(api.contract, 'sort');
  return api.ask({ operation: listOf(api).name, query: { sort, order, offset: String(offset), limit: String(limit) } });
}

/** The largest limit that the contract allows. */
export function largestLimit(api: Api): number {
  const schema = queryParameter(api.contract, 'limit')?.schema.value;
  return Number(isObject(schema) ? schema.maximum : undefined) || usualLimit(api);
}

const usualLimit = (api: Api) => Number(defaultOf(api.contract, 'limit')) || 1;

/** The `total_count` that a page tells. */
export function totalOf(exchange: Exchange): number | undefined {
  const total = pageOf(exchange)?.meta.total_count;
  return typeof total === 'number' && Number.isInteger(total) ? total : undefined;
}

/**
 * Reads the list from its newest groups on, until all of `wanted` are found or the way gets too long. A target that
 * does not follow the order has its newest groups at the other end, or anywhere; then both ends are looked at.
 */
export async function look(api: Api, wanted: readonly string[] = [], limit = usualLimit(api)): Promise<Look> {
  const { rising, falling } = orders(api.contract);
  const pages: Exchange[] = [];
  const found = () => pages.flatMap((page) => pageOf(page)?.data ?? []);
  const isMissing = () => {
    const ids = new Set(found().map((group) => idOf(group)?.toLowerCase()));
    return wanted.some((id) => !ids.has(id.toLowerCase()));
  };
  const first = await askPage(api, falling, 0, limit);
  pages.push(first);
  const total = totalOf(first);
  if (pageOf(first) !== undefined && total !== undefined && total > limit && isMissing()) {
    pages.push(await askPage(api, rising, Math.max(0, total - limit), limit));
    const most = largestLimit(api);
    for (let offset = 0; isMissing() && offset < Math.min(total, MOST_PAGES * most); offset += most)
      pages.push(await askPage(api, rising, offset, most));
  }
  return { pages, groups: pageOf(first) === undefined ? undefined : found(), total };
}

/** The group with this id, as a look has shown it. */
export function shown({ groups }: Look, id: string): Group | undefined {
  return groups?.find((group) => idOf(group)?.toLowerCase() === id.toLowerCase());
}

/**
 * Looks until each of these groups was in the list, or until the settling time is over. Groups of one instant may change places
 * from page to page, so that each look may miss another one.
 */
export async function lookFor(api: Api, ids: readonly string[]): Promise<Look> {
  let seen: Look = { pages: [], groups: undefined, total: undefined };
  await until(
    api,
    async () => {
      const next = await look(
        api,
        ids.filter((id) => shown(seen, id) === undefined),
      );
      seen = {
        pages: [...next.pages, ...seen.pages],
        groups: next.groups && [...next.groups, ...(seen.groups ?? [])],
        total: next.total,
      };
      return next.pages[0] as Exchange;
    },
    () => ids.every((id) => shown(seen, id) !== undefined),
  );
  return seen;
}

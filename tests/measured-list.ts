import { type Api, Blocked } from '../harness/case.ts';
import { type Group, idOf, instant, pageOf } from '../harness/checks/group.ts';
import { defaultOf, orders, queryWords } from '../harness/checks/page.ts';
import { ScopeRefused } from '../harness/client/tokens.ts';
import type { Caller } from '../harness/contract/security.ts';
import { type Exchange, headline, succeeded } from '../harness/exchange.ts';
import { has } from '../harness/profile.ts';
import { noteRecent } from './bystanders.ts';
import { largestLimit, listOf, lookFor, totalOf } from './look.ts';
import { seeded } from './seeded.ts';
import { callers, created } from './stage.ts';

/** The list, read in many ways while the run adds nothing to it; others may. */

export interface Page {
  readonly exchange: Exchange;
  readonly offset: number;
  readonly limit: number;
  readonly groups: readonly Group[];
  /** How many items the page holds, whatever they are. */
  readonly size: number;
  readonly isReadable: boolean;
}

/** Pages of one size that follow each other, or stand alone. */
export interface Walk {
  readonly name: string;
  readonly pages: readonly Page[];
}

export interface Measured {
  /** How many groups there were at first, and in the end. */
  readonly total: number;
  readonly finalTotal: number;
  /** What stands at which place in rising order, as far as it did not move while the list was read. */
  readonly firm: ReadonlyMap<number, Group>;
  /** True where nobody added to the list. */
  readonly isQuiet: boolean;
  /** The largest pages: the first in rising order, the same once more in the end, and the last in rising order. */
  readonly first: Page;
  readonly last: Page;
  readonly tail: Page;
  /** The largest page in falling order that ends with the oldest group. */
  readonly falling: Page;
  readonly rising: readonly Walk[];
  readonly fallingPages: readonly Page[];
  readonly beyond: readonly Page[];
  /** Pages for which something is left out: which parameters are given, by what is not. */
  readonly without: ReadonlyMap<'limit' | 'sort' | 'order' | 'everything', Page>;
}

type Get = (order: string, offset: number, limit: number, caller?: Caller) => Promise<Page>;

/**
 * Reads the list in many ways. Where others add to it, what is older stays at its place in rising order.
 *
 * @throws {Blocked} where it cannot be read, or holds fewer groups than are needed.
 */
export async function measured(api: Api, least: number): Promise<Measured> {
  const list = await api.once('measured list', async () => {
    if (api.writes) {
      const made = await Promise.allSettled((['first', 'second', 'spare'] as const).map((role) => created(api, role)));
      const ids = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
      await api.once('look for created', () => lookFor(api, ids));
    }
    return api.turn('list:measuring', () => measure(api));
  });
  if (list.total < least)
    throw new Blocked(
      'too-few-groups',
      `the list holds ${list.total} groups; ${least} are needed to see an order${api.writes ? '' : ', and WRITES=off forbids making some'}`,
    );
  if (list.firm.size < least)
    throw new Blocked('list-keeps-changing', 'no part of the list stays as it is while it is read');
  return list;
}

async function measure(api: Api): Promise<Measured> {
  const { rising, falling } = orders(api.contract);
  const get = getter(api);
  const largest = await largestPage(api, get);
  const { first, most } = largest;
  const total = totalOf(first.exchange);
  if (total === undefined) {
    if (!succeeded(first.exchange))
      throw new Blocked('allowed-call-fails', `the list cannot be read: ${headline(first.exchange)}`);
    throw new Blocked('no-group-to-read', 'the list says no total_count');
  }
  const readers = callers(api.contract, listOf(api)).filter(
    ({ allowed, credential }) =>
      allowed && credential.kind === 'token' && credential.scopes.every((scope) => has(api.profile.scopes, scope)),
  );
  let turn = 0;
  const walk = async (name: string, size: number, offsets: readonly number[]): Promise<Walk> => ({
    name,
    // Every caller that may list sees every part of the list.
    pages: await Promise.all(offsets.map((offset) => get(rising, offset, size, readers[turn++ % readers.length]))),
  });
  const steps = (from: number, size: number, most: number) =>
    range(0, most)
      .map((index) => from + index * size)
      .filter((offset) => offset < Math.max(1, total));
  const anywhere = seeded(api.seed);
  const end = Math.floor(Math.max(0, total - 1) / 3) * 3;
  const falls = [0, 3, end - 3, end].filter((offset) => offset >= 0 && offset <= end);
  const singles = [...new Set([0, ...range(0, 3).map(() => Math.floor(anywhere() * total)), Math.max(0, total - 1)])];
  const [tail, fallingLargest, walks, fallingPages, beyond, without] = await Promise.all([
    total > most ? get(rising, total - most, most) : first,
    get(falling, Math.max(0, total - most), most),
    Promise.all([
      walk('single groups', 1, singles),
      walk('pages of 2', 2, steps(0, 2, 3)),
      walk('pages of 3 up to the end', 3, steps(Math.max(0, total - 8), 3, 3)),
      walk('pages of 5', 5, steps(0, 5, 4)),
    ]),
    Promise.all([...new Set(falls)].map((offset) => get(falling, offset, 3, readers[turn++ % readers.length]))),
    Promise.all([get(rising, total, 10), get(rising, total + 1000, 1), get(falling, total, 10)]),
    withoutParameters(api),
  ]);
  if (total <= most) await noteRecent(api, fallingLargest.exchange);
  const last = await get(rising, 0, most);
  const finalTotal = totalOf(last.exchange) ?? total;
  const isQuiet = finalTotal === total;
  return {
    total,
    finalTotal,
    firm: firmPlaces(first, last, tail, isQuiet),
    isQuiet,
    first,
    last,
    tail,
    falling: fallingLargest,
    rising: walks,
    fallingPages,
    beyond,
    without,
  };
}

/** Asks for a page, on behalf of one caller, or of somebody with every scope where that caller is turned away. */
function getter(api: Api): Get {
  const [sort = ''] = queryWords(api.contract, 'sort');
  return async (order, offset, limit, caller) => {
    const query = { sort, order, offset: String(offset), limit: String(limit) };
    const whole = () => api.ask({ operation: listOf(api).name, query, aims: ['list.allowed'] });
    if (caller === undefined) return pageFrom(await whole(), offset, limit);
    const aims = [`list.caller.${caller.id}`];
    const exchange = await api.ask({ operation: listOf(api).name, query, caller, aims }).catch((error: unknown) => {
      if (error instanceof ScopeRefused) return undefined;
      throw error;
    });
    const isReadable = exchange !== undefined && pageOf(exchange) !== undefined;
    return pageFrom(isReadable ? exchange : await whole(), offset, limit);
  };
}

function pageFrom(exchange: Exchange, offset: number, limit: number): Page {
  const page = pageOf(exchange);
  return {
    exchange,
    offset,
    limit,
    groups: page?.data ?? [],
    size: page?.size ?? 0,
    isReadable: page !== undefined,
  };
}

/** The first page in rising order that is as large as can be; a target that refuses the largest gets another chance. */
async function largestPage(api: Api, get: Get): Promise<{ first: Page; most: number }> {
  const { rising } = orders(api.contract);
  const most = largestLimit(api);
  const first = await get(rising, 0, most);
  if (first.isReadable) return { first, most };
  const usual = Number(defaultOf(api.contract, 'limit'));
  return { first: await get(rising, 0, usual), most: usual };
}

async function withoutParameters(api: Api): Promise<Measured['without']> {
  const [sort = ''] = queryWords(api.contract, 'sort');
  const { rising } = orders(api.contract);
  const usual = Number(defaultOf(api.contract, 'limit'));
  const limit = String(usual);
  const ask = async (query: Readonly<Record<string, string>>) =>
    pageFrom(await api.ask({ operation: listOf(api).name, query, aims: ['list.allowed'] }), 0, usual);
  const [noLimit, noSort, noOrder, nothing] = await Promise.all([
    ask({ sort, order: rising }),
    ask({ order: rising, limit }),
    ask({ sort, limit }),
    ask({}),
  ]);
  return new Map([
    ['limit', noLimit],
    ['sort', noSort],
    ['order', noOrder],
    ['everything', nothing],
  ]);
}

/** Groups by their places in rising order; where the list grew, those that stood at the same place before and after. */
function firmPlaces(first: Page, last: Page, tail: Page, isQuiet: boolean): Map<number, Group> {
  const firm = new Map<number, Group>();
  const [before, after] = [countsByInstant(first), countsByInstant(last)];
  const keepsOrder = first.groups.every((group, place) => idOf(group) === idOf(last.groups[place] ?? {}));
  for (const [place, group] of first.groups.entries()) {
    const later = last.groups[place];
    if (!isQuiet && (later === undefined || !isSame(later, group))) return firm;
    const at = instant(group, 'created_at');
    const known = before.get(at) ?? 0;
    // What others added at the same instant may stand before it, unless such groups are seen to keep their order.
    if (!isQuiet && known !== after.get(at) && !(keepsOrder && known > 1)) return firm;
    // A group that stands twice has a finding of its own.
    if (first.groups.findIndex((one) => idOf(one) === idOf(group)) === place) firm.set(place, group);
  }
  if (isQuiet && tail !== first)
    for (const [index, group] of tail.groups.entries()) firm.set(tail.offset + index, group);
  return firm;
}

function countsByInstant({ groups }: Page): Map<number | undefined, number> {
  const counts = new Map<number | undefined, number>();
  for (const group of groups) {
    const at = instant(group, 'created_at');
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}

/** The same group, or one of the same instant: these may stand in any order. */
function isSame(one: Group, other: Group): boolean {
  const at = instant(one, 'created_at');
  return idOf(one) === idOf(other) || (at !== undefined && at === instant(other, 'created_at'));
}

/** Every page that was asked for with an offset, a limit and an order. */
export const everyPage = (list: Measured): Page[] => [
  list.first,
  list.last,
  ...(list.tail === list.first ? [] : [list.tail]),
  list.falling,
  ...list.fallingPages,
  ...list.rising.flatMap(({ pages }) => pages),
  ...list.beyond,
];

/** Between which numbers of groups a page has to hold: others may have added some while it was read. */
export function bounds(list: Measured, page: Page): { readonly least: number; readonly most: number } {
  const room = (total: number) => Math.max(0, Math.min(page.limit, total - page.offset));
  return { least: room(list.total), most: room(list.finalTotal) };
}

/** A page as full as its limit and the number of groups leave room for. */
export function isFull(list: Measured, page: Page): boolean {
  const { least, most } = bounds(list, page);
  return page.size >= least && page.size <= most;
}

export const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);

import { promiseOf } from '../contract/ids.ts';
import type { Contract, Operation } from '../contract/index.ts';
import type { Exchange } from '../exchange.ts';
import type { Finding } from './finding.ts';
import { pageOf } from './group.ts';
import { defaultOf, isValid } from './page.ts';

interface Counted {
  readonly exchange: Exchange;
  readonly total: number;
}

interface Thin extends Counted {
  readonly seen: string;
}

/**
 * Finds pages with fewer groups than their limit and total require. A target may count and read at different times while
 * others create groups, so a page only counts if the pages right before and after it have the same total.
 */
export class ThinPages {
  readonly #contract: Contract;
  /** The last page of each list, by its path. */
  readonly #seen = new Map<string, { readonly last: Counted; readonly thin: Thin | undefined }>();

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  /** Judges the page before this exchange, which may be of any kind. */
  observe(exchange: Exchange): Finding[] {
    const list = this.#contract.resource.listOf(exchange);
    const page = list && pageOf(exchange);
    const total = page?.meta.total_count;
    if (list === undefined || page === undefined || typeof total !== 'number' || !Number.isInteger(total)) return [];
    const path = new URL(exchange.request.url).pathname;
    const { last: before, thin } = this.#seen.get(path) ?? {};
    const room = this.#roomOf(list, exchange, total);
    const isThin = room !== undefined && page.size < room && follows(before, exchange, total);
    this.#seen.set(path, {
      last: { exchange, total },
      thin: isThin ? { exchange, total, seen: `${page.size} groups instead of ${room}` } : undefined,
    });
    if (thin === undefined || !follows(thin, exchange, total)) return [];
    return [
      {
        requirement: promiseOf(list, 'list.page-full'),
        exchanges: [thin.exchange.id, exchange.id],
        violations: [thin.seen],
      },
    ];
  }

  /** How many groups a page must have; `undefined` for a request that the contract does not allow. */
  #roomOf(list: Operation, { request: { query } }: Exchange, total: number): number | undefined {
    const known = (name: string) => query[name] === undefined || isValid(this.#contract, name, query[name], list);
    if (!known('limit') || !known('offset')) return undefined;
    const limit = Number(query.limit ?? defaultOf(this.#contract, 'limit', list));
    return Math.max(0, Math.min(limit, total - Number(query.offset ?? 0)));
  }
}

const follows = (earlier: Counted | undefined, later: Exchange, total: number) =>
  earlier !== undefined && earlier.exchange.ended < later.began && earlier.total === total;

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
 * Finds pages that hold fewer groups than their limit and their total leave room for, whenever they were asked for. A
 * target may count and read one after the other while others create groups; so a page counts only where the pages
 * just before and just after it say the same total.
 */
export class ThinPages {
  readonly #contract: Contract;
  /** What was last seen of each list, by its path. */
  readonly #seen = new Map<string, { readonly last: Counted; readonly thin: Thin | undefined }>();

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  /** What the answer, which may be of any kind, shows about the page before it. */
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
      thin: isThin ? { exchange, total, seen: `${page.size} groups where there is room for ${room}` } : undefined,
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

  /** How many groups a page has to hold; `undefined` where it was asked for in a way that the contract does not know. */
  #roomOf(list: Operation, { request: { query } }: Exchange, total: number): number | undefined {
    const known = (name: string) => query[name] === undefined || isValid(this.#contract, name, query[name], list);
    if (!known('limit') || !known('offset')) return undefined;
    const limit = Number(query.limit ?? defaultOf(this.#contract, 'limit', list));
    return Math.max(0, Math.min(limit, total - Number(query.offset ?? 0)));
  }
}

const follows = (earlier: Counted | undefined, later: Exchange, total: number) =>
  earlier !== undefined && earlier.exchange.ended < later.began && earlier.total === total;

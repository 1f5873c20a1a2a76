import { type Api, type Ask, Blocked } from '../harness/case.ts';
import { type Group, pageOf } from '../harness/checks/group.ts';
import { queryWords } from '../harness/checks/page.ts';
import { givenInPath } from '../harness/contract/creation.ts';
import { promiseOf } from '../harness/contract/ids.ts';
import type { Operation } from '../harness/contract/index.ts';
import type { Caller } from '../harness/contract/security.ts';
import type { Exchange } from '../harness/exchange.ts';
import { ownersOf, pathFor } from './creation.ts';

/** How one list is asked for. */
export class Asking {
  readonly list: Operation;
  readonly path: Readonly<Record<string, string>>;
  readonly #api: Api;

  private constructor(api: Api, list: Operation, path: Readonly<Record<string, string>>) {
    this.#api = api;
    this.list = list;
    this.path = path;
  }

  static async of(api: Api, list: Operation): Promise<Asking> {
    return new Asking(api, list, await pathOf(api, list));
  }

  promise(promise: string): string {
    return promiseOf(this.list, promise);
  }

  ask(more: Partial<Ask>, aims = ['list.allowed']): Promise<Exchange> {
    const { name } = this.list;
    return this.#api.ask({ operation: name, path: this.path, ...more, aims: aims.map((aim) => this.promise(aim)) });
  }

  /** A page, on behalf of a caller, or of somebody with every scope if that caller is turned away. */
  async page(order: string, offset: number, limit: number, caller?: Caller): Promise<Exchange> {
    const [sort = ''] = queryWords(this.#api.contract, 'sort');
    const query = { sort, order, offset: String(offset), limit: String(limit) };
    if (caller === undefined) return this.ask({ query });
    const exchange = await this.ask({ query, caller }, [`list.caller.${caller.id}`]);
    return pageOf(exchange) === undefined ? this.ask({ query }) : exchange;
  }
}

/** True for a list of somebody for whom the run can create items. */
export function isOfOwners({ contract }: Api, list: Operation): boolean {
  const [owner] = contract.resource.creation.given;
  return givenInPath(contract.doc, list).some(({ prerequisite }) => prerequisite === owner?.prerequisite);
}

/**
 * The path of a list. Without writes nobody is made whose list could be asked for: it is that of an owner whom the list of all
 * items shows.
 *
 * @throws {Blocked} if it shows none.
 */
async function pathOf(api: Api, list: Operation): Promise<Readonly<Record<string, string>>> {
  if (api.writes || api.ownersGiven || !isOfOwners(api, list)) return pathFor(api, list, '');
  const { list: all, many } = api.contract.resource;
  const page = await api.once('the usual page', () => api.ask({ operation: all?.name ?? '' }));
  const [owner] = itemsOf(page).flatMap((item) => ownersOf(api, item));
  const [parameter] = givenInPath(api.contract.doc, list);
  if (owner === undefined || parameter === undefined)
    throw new Blocked('no-group-to-read', `no ${many} are listed whose owner could be asked about`);
  return { [parameter.member]: owner };
}

/** The items that a page shows; none if it cannot be read. */
export const itemsOf = (exchange: Exchange): readonly Group[] => pageOf(exchange)?.data ?? [];

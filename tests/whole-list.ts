import { type Api, Blocked } from '../harness/case.ts';
import { idOf, instant, pageOf, text } from '../harness/checks/group.ts';
import { queryParameter } from '../harness/checks/page.ts';
import { isObject } from '../harness/contract/nodes.ts';
import type { Exchange } from '../harness/exchange.ts';
import { kindShown } from './creation.ts';
import { listOf } from './look.ts';

/** Groups of so many kinds are looked at. */
const MOST_KINDS = 7;

/** The first page, as large as can be had; asked for once for each `time`. */
export function wholeList(api: Api, time = 'first'): Promise<Exchange> {
  return api.once(`whole list ${time}`, async () => {
    const limit = queryParameter(api.contract, 'limit')?.schema.value;
    const ask = (query: Readonly<Record<string, string>>) =>
      api.ask({ operation: listOf(api).name, query, aims: ['list.allowed'] });
    const largest = await ask(isObject(limit) ? { limit: String(limit.maximum) } : {});
    // Where the largest page is refused, the usual one does.
    const exchange = pageOf(largest) === undefined ? await ask({}) : largest;
    if (pageOf(exchange) === undefined)
      throw new Blocked('no-group', `the list cannot be read: ${exchange.response.status}`);
    return exchange;
  });
}

/** A group that is younger may be listed before it can be retrieved, by the clocks of both sides, in milliseconds. */
const CLOCKS_MS = 5 * 60_000;

/** One group of each status and type that the list shows, alternately an old and a new one. */
export async function kindsOf(api: Api): Promise<Array<{ readonly title: string; readonly id: string }>> {
  const page = await wholeList(api);
  const youngest = api.clock.now() - api.settleMs - CLOCKS_MS;
  const kinds = new Map<string, string[]>();
  for (const group of pageOf(page)?.data ?? []) {
    const id = idOf(group);
    const kind = `${text(group, 'status')} ${kindShown(api, group)}`;
    if (id !== undefined && !api.groups.has(id) && (instant(group, 'created_at') ?? 0) < youngest)
      kinds.set(kind, [...(kinds.get(kind) ?? []), id]);
  }
  return [...kinds]
    .slice(0, MOST_KINDS)
    .map(([kind, ids], index) => ({ title: `a group that is ${kind}`, id: ids.at(index % 2 === 0 ? 0 : -1) ?? '' }));
}

import { type Api, Blocked } from '../harness/case.ts';
import { pageOf } from '../harness/checks/group.ts';
import { queryParameter } from '../harness/checks/page.ts';
import { isObject } from '../harness/contract/nodes.ts';
import type { Exchange } from '../harness/exchange.ts';
import { listOf } from './look.ts';

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

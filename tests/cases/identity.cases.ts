import type { Api, Case } from '../../harness/case.ts';
import { promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { LIST } from '../../harness/contract/kinds.ts';
import { accepts } from '../../harness/contract/operations.ts';
import { isAskable, isOtherList } from '../../harness/contract/roles.ts';
import type { Caller } from '../../harness/contract/security.ts';
import { type Exchange, headerValues, succeeded } from '../../harness/exchange.ts';
import { isStranger, withTokens } from '../fixtures/callers.ts';
import { pathFor } from '../fixtures/creation.ts';
import { FOREIGN_CLIENT, underForeignClient } from '../fixtures/foreign-client.ts';
import { anyGroup, callers } from '../fixtures/items.ts';
import { wholeList } from '../fixtures/whole-list.ts';
import { formFor, queryForms } from './query-forms.ts';

/** Other ways in: another method, another client's name, a cookie. */

export function identityCases(contract: Contract): Case[] {
  const reads = contract.operations.filter((one) => one.method === 'GET' && isAskable(one) && !isOtherList(one));
  const { list } = contract.resource;
  return [head(reads), foreignClient(reads), ...(list === undefined ? [] : [cookies(list)])];
}

function head(reads: readonly Operation[]): Case {
  return {
    id: 'head',
    area: 'scopes',
    title: 'HEAD needs what GET needs',
    covers: ['head.needs-what-get-needs', 'head.as-get'],
    writes: false,
    run: async (api) => void (await Promise.all(reads.map((operation) => headOf(api, operation)))),
  };
}

async function headOf(api: Api, operation: Operation): Promise<void> {
  const path = await pathFor(api, operation, () => anyGroup(api));
  const ask = (caller?: Caller): Promise<Exchange> =>
    api.ask({
      operation: { method: 'HEAD', path: operation.path.replaceAll(/\{([^}]+)\}/g, (_, name) => path[name] ?? '') },
      ...(caller && { caller }),
    });
  const permitted = await ask();
  const { status, bytes } = permitted.response;
  const refusals = api.contract.requirements.get('head.needs-what-get-needs')?.accepts ?? [];
  const asGet = api.contract.requirements.get(promisedBy(operation, 'allowed'))?.accepts ?? [];
  if (!accepts(refusals, status))
    api.report(
      'head.as-get',
      [permitted],
      !accepts(asGet, status) && `${status}; GET is answered with ${asGet.join(' or ')}`,
      bytes > 0 && `a body of ${bytes} bytes`,
    );
  const strangers = await withTokens(api, callers(api.contract, operation).filter(isStranger));
  for (const stranger of strangers) api.judgeStatus(['head.needs-what-get-needs'], await ask(stranger));
}

function foreignClient(reads: readonly Operation[]): Case {
  return {
    id: FOREIGN_CLIENT,
    area: 'scopes',
    title: 'a token is not served under the client id of another client',
    covers: [FOREIGN_CLIENT],
    writes: false,
    async run(api) {
      const foreign = underForeignClient(api);
      if (foreign === undefined) return;
      const pages = reads.flatMap((operation, index) => {
        const other = operation.kind === LIST ? formFor(queryForms(api.contract, operation), index + 1) : undefined;
        return [{ operation, query: {} }, ...(other === undefined ? [] : [{ operation, query: other }])];
      });
      await Promise.all(
        pages.map(async ({ operation, query }) =>
          api.ask({
            operation: operation.name,
            path: await pathFor(api, operation, () => anyGroup(api)),
            query,
            ...foreign,
          }),
        ),
      );
    },
  };
}

/** The client sends no cookie back by itself. */
const cookies = (list: Operation): Case => ({
  id: 'cookies',
  area: 'scopes',
  title: 'a cookie that the target sets does not stand in for a token',
  covers: ['cookie.no-authority'],
  writes: false,
  async run(api) {
    const first = await wholeList(api);
    const set = headerValues(first, 'set-cookie').map((value) => value.split(';')[0]?.trim() ?? '');
    const nobody = callers(api.contract, list).find(({ credential }) => credential.kind === 'none');
    if (set.length === 0 || nobody === undefined) return;
    const exchange = await api.ask({ operation: list.name, caller: nobody, headers: { cookie: set.join('; ') } });
    api.report(
      'cookie.no-authority',
      [first, exchange],
      succeeded(exchange) && `${exchange.response.status} without a token, with the cookie`,
    );
  },
});

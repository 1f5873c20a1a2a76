import type { Case } from '../harness/case.ts';
import { groupOf, idOf, pageOf } from '../harness/checks/group.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { created, createdIds, newest, words } from './stage.ts';

/** The idempotency key: one key, one group. */

const shownId = (exchange: Exchange) => {
  const group = groupOf(exchange);
  return group && idOf(group);
};

const idsOn = (exchange: Exchange) => new Set(pageOf(exchange)?.data.map(idOf));

export const idempotencyCases: readonly Case[] = [
  {
    id: 'create.same-key',
    area: 'idempotency',
    operation: 'create',
    title: 'a repeated idempotency key repeats the answer and creates nothing',
    proves: ['create.same-key-same-group', 'create.same-key-creates-nothing', 'create.same-key-other-body'],
    writes: true,
    async run(api) {
      const groups = await Promise.all([created(api, 'first'), created(api, 'second')]);
      const own = await api.owner(0);
      await api.turn('list:repeating', async () => {
        const before = await newest(api);
        const repeats = await Promise.all(
          groups.map(({ key, body }) => api.ask({ operation: 'create', headers: { 'idempotency-key': key }, body })),
        );
        for (const [index, { exchange, id }] of groups.entries()) {
          const repeat = repeats[index];
          if (repeat !== undefined)
            api.judge(
              'create.same-key-same-group',
              [exchange, repeat],
              shownId(repeat) !== id && `${shownId(repeat) ?? repeat.response.status} instead of ${id}`,
            );
        }
        const after = await newest(api);
        const known = new Set([...idsOn(before), ...(await createdIds(api))]);
        const added = pageOf(after)?.data.filter(
          (group) => !known.has(idOf(group)) && JSON.stringify(group.users ?? own).includes(own),
        );
        const fresh = [...new Set(repeats.map(shownId))].filter(
          (id) => id !== undefined && !groups.some((group) => group.id === id) && idsOn(after).has(id),
        );
        if (pageOf(before) !== undefined && added !== undefined)
          api.judge(
            'create.same-key-creates-nothing',
            [before, ...repeats, after],
            (added.length > 0 || fresh.length > 0) &&
              `${[...new Set([...added.map((group) => idOf(group)), ...fresh])].join(', ')} appeared in the list`,
          );
      });
      const [first] = groups;
      const other = words(api.contract, 'CreateAccountGroup', 'type').find((type) => type !== first.body.type);
      if (other === undefined) return;
      const changed = await api.ask({
        operation: 'create',
        headers: { 'idempotency-key': first.key },
        body: { ...first.body, type: other },
        aims: ['create.same-key-other-body'],
      });
      if (succeeded(changed))
        api.judge(
          'create.same-key-other-body',
          [first.exchange, changed],
          shownId(changed) !== first.id && `another group, ${shownId(changed)}`,
        );
    },
  },
  {
    id: 'create.other-key',
    area: 'idempotency',
    operation: 'create',
    title: 'another idempotency key is another request',
    proves: ['create.other-key-other-group'],
    writes: true,
    async run(api) {
      const first = await created(api, 'first');
      const spare = await created(api, 'spare');
      api.judge(
        'create.other-key-other-group',
        [first.exchange, spare.turnedDown ?? spare.exchange],
        spare.id === first.id && `${spare.id} for both keys`,
      );
    },
  },
];

import type { Api, Ask } from '../harness/case.ts';
import { differences, type Group, idOf, pageOf, text } from '../harness/checks/group.ts';
import { isObject } from '../harness/contract/nodes.ts';
import type { Exchange } from '../harness/exchange.ts';
import { statusOf } from './closing.ts';
import { created, createdIds, newest, retrieve, settled, until, victim } from './stage.ts';

/** Asks for creations that have to be refused, and judges that none of them created anything. */
export async function refusedCreations(api: Api, asks: readonly Ask[]): Promise<Exchange[]> {
  const owner = await api.owner(0);
  await created(api, 'first').catch(() => undefined);
  return api.turn('list:refusing', async () => {
    const before = await newest(api);
    const refused = await Promise.all(asks.map((ask) => api.ask(ask)));
    const after = await newest(api);
    const users = new Set([owner, ...asks.map(({ body }) => (isObject(body) ? body.user_id : undefined))]);
    const known = new Set([...(pageOf(before)?.data.map(idOf) ?? []), ...(await createdIds(api))]);
    const added = pageOf(after)?.data.filter((group) => {
      const owners = Array.isArray(group.users)
        ? group.users.map((user) => (isObject(user) ? user.id : undefined))
        : [];
      return !known.has(idOf(group)) && (owners.length === 0 || owners.some((id) => users.has(id)));
    });
    if (pageOf(before) !== undefined && added !== undefined)
      api.judge(
        'create.refused-creates-nothing',
        [before, ...refused, after],
        added.length > 0 && `${added.map((group) => idOf(group)).join(', ')} appeared in the list`,
      );
    return refused;
  });
}

/** Asks for a group to be closed in ways that have to be refused, and judges that the group stayed as it was. */
export async function refusedClosings(api: Api, asks: (id: string) => readonly Ask[]): Promise<Exchange[]> {
  const { id } = await victim(api);
  // A group that cannot be closed yet would hide that a refused request closes it.
  await api.once('victim opened', () =>
    until(
      api,
      () => retrieve(api, id),
      (read) => api.contract.life.open.includes(statusOf(read) ?? ''),
    ),
  );
  return api.turn('groups:refusing', async () => {
    const before = await settled(api, id);
    const refused = await Promise.all(asks(id).map((ask) => api.ask(ask)));
    const after = await settled(api, id);
    const moved = differences(before.group, after.group);
    const isFinal = (group: Group) => api.contract.life.final.includes(text(group, 'status') ?? '');
    const closes = isFinal(after.group) && !isFinal(before.group);
    const approved = text(before.group, 'status') !== text(after.group, 'status') && !closes;
    const changed = moved.filter((difference) => !(approved && /^(status|updated_at) /.test(difference)));
    api.judge(
      'close.refused-closes-nothing',
      [before.exchange, ...refused, after.exchange],
      changed.length > 0 && changed.join('; '),
    );
    return refused;
  });
}

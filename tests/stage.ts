import { randomUUID } from 'node:crypto';
import { type Api, Blocked } from '../harness/case.ts';
import { type Group, groupOf, idOf, instant, pageOf, resolution, text } from '../harness/checks/group.ts';
import { queryParameter } from '../harness/checks/page.ts';
import type { Contract } from '../harness/contract/index.ts';
import { isObject, isTextList } from '../harness/contract/nodes.ts';
import { accepts } from '../harness/contract/operations.ts';
import { type Caller, callersOf } from '../harness/contract/security.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { lookUntil } from '../harness/settling.ts';
import { servedUnusually } from './unusual.ts';

/** What several cases share: groups that the run creates, groups that are there, words of the contract. */

export interface Created {
  readonly exchange: Exchange;
  readonly group: Group;
  readonly id: string;
  readonly key: string;
  readonly body: { readonly user_id: string; readonly type: string };
  /** The group was there before under another key: nothing may be done to it in the name of this one. */
  readonly repeats: boolean;
  /** The refusal of a second group of this type to the same user, where the target refused it. */
  readonly turnedDown: Exchange | undefined;
}

const isRefusal = ({ response }: Exchange) => response.status >= 400 && response.status < 500;

/**
 * The groups that a run creates, and no more: `first` and `second` differ in type and in who asks, and are closed
 * on the way; `spare` repeats the request for `first` under another key, and is left alone but for refused calls.
 */
export type Role = 'first' | 'second' | 'spare';

/** The callers of an operation. */
export function callers(contract: Contract, operation: string): Caller[] {
  const found = contract.operations.find(({ name }) => name === operation);
  return found === undefined ? [] : callersOf(contract.doc, found);
}

/** The values that the contract lists for a member of a component schema. */
export function words(contract: Contract, component: string, member: string): readonly string[] {
  const value = contract.doc.find(`#/components/schemas/${component}/properties/${member}`)?.value;
  return isObject(value) && isTextList(value.enum) ? value.enum : [];
}

const ordinary: typeof servedUnusually = (api, ask) => api.ask(ask);

/** The id of a request for which the run creates a group; asks at most once for each role. */
export function created(api: Api, role: Role): Promise<Created> {
  return api.once(`created ${role}`, async () => {
    const types = words(api.contract, 'CreateAccountGroup', 'type');
    const allowed = callers(api.contract, 'create').filter((caller) => caller.allowed);
    const index = role === 'second' ? 1 : 0;
    const caller = allowed[index % allowed.length];
    const ask = async (user_id: string) => {
      const body = { user_id, type: types[index % types.length] ?? '' };
      const key = randomUUID();
      const exchange = await api.turn('list:adding', () =>
        (role === 'spare' ? servedUnusually : ordinary)(api, {
          operation: 'create',
          ...(caller && { caller }),
          headers: { 'idempotency-key': key },
          body,
        }),
      );
      return { exchange, key, body };
    };
    // Whoever wants to hear of it has to be registered before.
    const [owner] = await Promise.all([api.owner(0), api.deliveries().catch(() => undefined)]);
    const first = await ask(owner);
    // A target may give a user one group of a type; the spare group is then another user's.
    const turnedDown = role === 'spare' && isRefusal(first.exchange) ? first.exchange : undefined;
    const { exchange, key, body } = turnedDown === undefined ? first : await ask(await api.owner(1));
    if (api.ownersGiven && accepts(unknownIds(api), exchange.response.status))
      throw new Blocked('no-user', `the target does not know the user ${body.user_id} that USER_ID names`);
    if (role !== 'spare') api.judgeStatus(['create.allowed', `create.caller.${caller?.id}`], exchange);
    const group = groupOf(exchange);
    const id = group && idOf(group);
    if (group === undefined || id === undefined)
      throw new Blocked(
        'no-group',
        `no group with an id came of its creation: ${exchange.response.status} ${exchange.response.body.slice(0, 200)}`,
      );
    const ids = await createdIds(api);
    const repeats = ids.has(id);
    ids.add(id);
    return { exchange, group, id, key, body, repeats, turnedDown };
  });
}

/** The ids of all groups that were created on purpose. */
export function createdIds(api: Api): Promise<Set<string>> {
  return api.once('created ids', async () => new Set<string>());
}

/** The statuses by which a target says that it does not know an id. */
const unknownIds = (api: Api) => api.contract.requirements.get('retrieve.unknown-id')?.accepts ?? [];

/** A created group of its own, to act on; a target may need a moment until it shows what it has created. */
export async function own(api: Api, role: Role): Promise<Created> {
  const group = await created(api, role);
  if (group.repeats)
    throw new Blocked('no-group', `the creation answered with a group that was there already, ${group.id}`);
  await api.once(`readable ${role}`, () =>
    until(
      api,
      () => retrieve(api, group.id),
      (read) => !accepts(unknownIds(api), read.response.status),
    ),
  );
  return group;
}

/** A group that may be refused things: the spare one, or the second where a target gives a user one group of a type. */
export async function victim(api: Api): Promise<Created> {
  return own(api, 'spare').catch(() => own(api, 'second'));
}

/** The id of some group that can be read: one that the run creates, or the first of the list. */
export function anyGroup(api: Api): Promise<string> {
  return api.once('any group', async () => {
    if (api.writes) return (await own(api, 'first')).id;
    const first = pageOf(await api.ask({ operation: 'list', query: { limit: '1' } }))?.data[0];
    const id = first && idOf(first);
    if (id === undefined) throw new Blocked('no-group', 'the list shows no group that could be read');
    return id;
  });
}

/** Retrieves a group. */
export function retrieve(api: Api, id: string): Promise<Exchange> {
  return api.ask({ operation: 'retrieve', path: { account_group_id: id } });
}

/** The newest page of the list. */
export function newest(api: Api): Promise<Exchange> {
  const [sort] = queryWords(api.contract, 'sort');
  return api.ask({
    operation: 'list',
    query: { ...(sort !== undefined && { sort }), order: orders(api.contract).falling, offset: '0', limit: '50' },
  });
}

/** The words for rising and falling order, in the contract's own sequence. */
export function orders(contract: Contract): { readonly rising: string; readonly falling: string } {
  const [rising = '', falling = ''] = queryWords(contract, 'order');
  return { rising, falling };
}

/** The values that the contract lists for a query parameter of the list. */
export function queryWords(contract: Contract, parameter: string): readonly string[] {
  const schema = queryParameter(contract, parameter)?.schema.value;
  return isObject(schema) && isTextList(schema.enum) ? schema.enum : [];
}

/** Asks until an answer satisfies, or until the settling time is over; returns the last answer. */
export function until(
  api: Api,
  ask: () => Promise<Exchange>,
  satisfied: (exchange: Exchange) => boolean,
): Promise<Exchange> {
  return lookUntil(api.clock, api.settleMs, ask, satisfied);
}

/** Waits until a change made now must show in `updated_at`, whatever fraction of a second the target writes. */
export async function nextTick(api: Api, group: Group): Promise<void> {
  const stamp = text(group, 'updated_at');
  if (stamp !== undefined && instant(group, 'updated_at') !== undefined) await api.clock.sleep(resolution(stamp) + 1);
}

/** Reads a group until two reads in a row agree, so that what comes next is not mixed up with what was under way. */
export async function settled(api: Api, id: string): Promise<{ readonly exchange: Exchange; readonly group: Group }> {
  let last = await retrieve(api, id);
  const final = await until(
    api,
    () => retrieve(api, id),
    (exchange) => {
      const same = exchange.response.body === last.response.body && succeeded(exchange);
      last = exchange;
      return same;
    },
  );
  const group = groupOf(final);
  if (group === undefined) throw new Blocked('no-group', `the group cannot be read: ${final.response.status}`);
  return { exchange: final, group };
}

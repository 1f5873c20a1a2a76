import { randomUUID } from 'node:crypto';
import { type Api, Blocked } from '../harness/case.ts';
import { type Group, groupOf, idOf, instant, pageOf, resolution, text } from '../harness/checks/group.ts';
import type { Contract, Operation } from '../harness/contract/index.ts';
import { accepts } from '../harness/contract/operations.ts';
import { type Caller, callersOf } from '../harness/contract/security.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { has } from '../harness/profile.ts';
import { creatable, creationOf, kindAsked, type NewItem, newItem, type OwnerIndex, ownerAsked } from './creation.ts';
import { Ledger } from './ledger.ts';
import { listOf } from './look.ts';
import { until } from './until.ts';
import { servedUnusually } from './unusual.ts';

/** What several cases share: groups that the run creates, groups that are there, words of the contract. */

export interface Created {
  readonly exchange: Exchange;
  readonly group: Group;
  readonly id: string;
  readonly key: string;
  readonly body: NewItem;
  readonly caller: Caller | undefined;
  /** The group was there before under another key: nothing may be done to it in the name of this one. */
  readonly repeats: boolean;
  /** What the target has refused before it created this group instead: another type, or a second group of a user. */
  readonly refusals: readonly Exchange[];
}

export const isRefusal = ({ response }: Exchange) => response.status >= 400 && response.status < 500;

/**
 * The groups that a run creates, and no more: `first` and `second` differ in type and in who asks, and are closed
 * on the way; `spare` repeats the request for `first` under another key, and is left alone but for refused calls.
 * A `substitute` takes its place where the target has closed it against all promises.
 */
export type Role = 'first' | 'second' | 'spare' | 'substitute';

/** The callers of an operation. */
export function callers(contract: Contract, operation: Operation | undefined): Caller[] {
  return operation === undefined ? [] : callersOf(contract.doc, operation);
}

/** How much later than the first one an item is asked for, in milliseconds. */
const APART_MS: Readonly<Record<Role, number>> = { first: 0, second: 3, spare: 6, substitute: 0 };

/** A group that the run creates; asks at most once for each role. */
export function created(api: Api, role: Role): Promise<Created> {
  return api.once(`created ${role}`, async () => {
    const creation = creationOf(api.contract);
    // Items of one instant may be in any order, which would leave nothing to compare.
    await api.clock.sleep(APART_MS[role]);
    const wanted = await wishes(api, role);
    const allowed = callers(api.contract, creation).filter(
      ({ allowed, credential }) =>
        allowed && credential.kind === 'token' && credential.scopes.every((scope) => has(api.profile.scopes, scope)),
    );
    const caller = allowed[(role === 'second' ? 1 : 0) % allowed.length];
    // Whoever wants to hear of it has to be registered before.
    await api.deliveries().catch(() => undefined);
    const ledger = await Ledger.of(api);
    const strangers = await unknownOwners(api, role);
    const isUnknown = ({ response }: Exchange) => accepts(unknownIds(api), response.status);
    const refusals: Exchange[] = [];
    for (const [index, wish] of wanted.entries()) {
      if (strangers.has(wish.owner)) continue;
      const body = await newItem(api, wish.owner, wish.type);
      const key = randomUUID();
      const exchange = await api.turn('list:adding', async () => {
        await ledger.opens(ownerAsked(api, body));
        const question = {
          operation: creation.name,
          ...(caller && { caller }),
          headers: { 'idempotency-key': key },
          body,
          ...((index > 0 || role !== 'first') && { aims: ['create.own-rules'] }),
        };
        if (role === 'first') return servedUnusually(api, question, 'any-media-type', isRefusal);
        return role === 'spare' ? servedUnusually(api, question, 'every-twist') : api.ask(question);
      });
      (await attempts(api)).push({ role, exchange, body });
      if (succeeded(exchange)) return accepted(api, role, { exchange, body, key, caller, refusals });
      refusals.push(exchange);
      if (api.ownersGiven && isUnknown(exchange)) strangers.add(wish.owner);
    }
    if (strangers.size > 0 && refusals.every(isUnknown))
      throw new Blocked('no-prerequisite', 'the target does not know whom USER_ID names');
    const [first] = refusals;
    if (first === undefined)
      throw new Blocked('type-refused', 'the profile of the target names no type that could be created');
    if (role === 'first' || role === 'second')
      api.judgeStatus(['create.allowed', `create.caller.${caller?.id}`], first);
    throw notCreated(first);
  });
}

/** Owners of a setting whom the target does not know, as far as anybody has asked; one answer is enough to see that. */
async function unknownOwners(api: Api, role: Role): Promise<Set<OwnerIndex>> {
  if (api.ownersGiven && role !== 'first') await created(api, 'first').catch(() => undefined);
  return api.once('unknown owners', async () => new Set<OwnerIndex>());
}

/** What is asked for, one wish after the other, until one is fulfilled. */
async function wishes(api: Api, role: Role): Promise<Array<{ type: string; owner: OwnerIndex }>> {
  const types = creatable(api);
  const [type = ''] = types;
  switch (role) {
    case 'first':
      return types.map((one) => ({ type: one, owner: 0 }));
    case 'second':
      // A type that the owner may not have is no reason to go without a second group.
      return [...types.slice(1).map((one) => ({ type: one, owner: 0 as const })), { type, owner: 1 }];
    default: {
      const first = await created(api, 'first').catch(() => undefined);
      const same = first === undefined ? type : kindAsked(api, first.body);
      // A target may give a user one group of a type; the group is then another user's.
      return ([0, 1, 2] as const).map((owner) => ({ type: same, owner }));
    }
  }
}

const notCreated = ({ response }: Exchange) =>
  new Blocked(
    'no-group',
    `no group with an id came of its creation: ${response.status} ${response.body.slice(0, 200)}`,
  );

async function accepted(
  api: Api,
  role: Role,
  made: Pick<Created, 'exchange' | 'body' | 'key' | 'caller' | 'refusals'>,
): Promise<Created> {
  const { exchange, caller } = made;
  if (role === 'first' || role === 'second')
    api.judgeStatus(['create.allowed', `create.caller.${caller?.id}`], exchange);
  const group = groupOf(exchange);
  const id = group && idOf(group);
  if (group === undefined || id === undefined) throw notCreated(exchange);
  const others = await creations(api);
  const one = { ...made, group, id, repeats: others.some((other) => other.id === id) };
  others.push(one);
  return one;
}

/** A request to create one of the run's groups. */
export interface Attempt {
  readonly role: Role;
  readonly exchange: Exchange;
  readonly body: NewItem;
}

/** What was asked so far in order to create the run's groups, refused or not. */
export const attempts = (api: Api): Promise<Attempt[]> => api.once('attempts', async () => []);

/** The groups that the run has created so far. */
export const creations = (api: Api): Promise<Created[]> => api.once('creations', async () => []);

/** The statuses by which a target says that it does not know an id. */
const unknownIds = (api: Api) => api.contract.requirements.get('retrieve.unknown-id')?.accepts ?? [];

/** A created group of its own, to act on; a target may need a moment until it shows what it has created. */
export async function own(api: Api, role: Role): Promise<Created> {
  const group = await created(api, role);
  if (group.repeats)
    throw new Blocked('no-group', `the creation answered with a group that was there already, ${group.id}`);
  await firstRead(api, role, group.id);
  return group;
}

/** The first read of a group of the run that has found it. */
export const firstRead = (api: Api, role: Role, id: string): Promise<Exchange> =>
  api.once(`readable ${role}`, () =>
    until(
      api,
      () => retrieve(api, id),
      (read) => !accepts(unknownIds(api), read.response.status),
    ),
  );

/**
 * A group that may be refused things: the spare one, the second where a target gives a user one group of a type, or
 * one that the profile of the target names.
 */
export async function victim(api: Api): Promise<{ readonly id: string }> {
  const [declared] = api.profile.groups;
  return own(api, 'spare')
    .catch(() => own(api, 'second'))
    .catch((error: unknown) => {
      if (declared === undefined) throw error;
      return { id: declared };
    });
}

/** The id of some group that can be read: one that the run creates, or one that is there. */
export function anyGroup(api: Api): Promise<string> {
  return api.once('any group', async () => {
    const [declared] = api.profile.groups;
    if (api.writes && api.contract.resource.create !== undefined) {
      const made = await own(api, 'first').catch((error: unknown) => {
        if (declared === undefined) throw error;
        return undefined;
      });
      if (made !== undefined) return made.id;
    }
    if (declared !== undefined) return declared;
    const first = pageOf(await api.ask({ operation: listOf(api).name, query: { limit: '1' } }))?.data[0];
    const id = first && idOf(first);
    if (id === undefined) throw new Blocked('no-group-to-read', 'the list shows no group that could be read');
    return id;
  });
}

/** Retrieves a group. */
export async function retrieve(api: Api, id: string): Promise<Exchange> {
  const { retrieve: operation, idParameter, many } = api.contract.resource;
  if (operation === undefined)
    throw new Blocked('not-in-contract', `the contract has no operation that retrieves ${many}`);
  return api.ask({ operation: operation.name, path: { [idParameter]: id } });
}

/** Waits until a change made now must show in `updated_at`, whatever fraction of a second the target writes. */
export async function nextTick(api: Api, group: Group): Promise<void> {
  const stamp = text(group, 'updated_at');
  if (stamp !== undefined && instant(group, 'updated_at') !== undefined) await api.clock.sleep(resolution(stamp) + 1);
}

/** A read of a group, and whether the one before it had shown the same. */
export interface Settled {
  readonly exchange: Exchange;
  readonly group: Group;
  readonly isStable: boolean;
}

/** Reads a group until two reads in a row agree, so that what comes next is not mixed up with what was under way. */
export async function settled(api: Api, id: string): Promise<Settled> {
  let last = await retrieve(api, id);
  let isStable = false;
  const final = await until(
    api,
    () => retrieve(api, id),
    (exchange) => {
      isStable = exchange.response.body === last.response.body && succeeded(exchange);
      last = exchange;
      return isStable;
    },
  );
  const group = groupOf(final);
  if (group === undefined) throw new Blocked('no-group', `the group cannot be read: ${final.response.status}`);
  return { exchange: final, group, isStable };
}

import { type Api, Blocked, type Subjects } from '../harness/case.ts';
import { differences, type Group, groupOf, isSound, text } from '../harness/checks/group.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { has } from '../harness/profile.ts';
import { lookUntil } from '../harness/settling.ts';
import { type Bystanders, watchOthers } from './bystanders.ts';
import { callers, nextTick, own, type Role, retrieve, type Settled, settled } from './stage.ts';
import { until } from './until.ts';
import { type Manner, servedUnusually } from './unusual.ts';

export interface Closed {
  readonly id: string;
  /** The request to close that was carried out. */
  readonly exchange: Exchange;
  /** The group as it was seen before, the last time just before the request. */
  readonly reads: readonly Settled[];
  readonly before: Group;
  readonly beforeExchange: Exchange;
  /** The first read that shows it closing, or the last one before patience ended. */
  readonly after: Exchange;
  /** What happened to other groups meanwhile. */
  readonly bystanders: Bystanders;
}

/**
 * Closes one of the run's groups, once, as soon as the target lets it, and waits until the closing shows. Cases that
 * need a group to be refused things share the spare one: only the last case may close it.
 */
export function closed(api: Api, role: Role): Promise<Closed> {
  return api.once(`closed ${role}`, async () => {
    const { id } = await own(api, role);
    await own(api, 'spare').catch(() => undefined);
    // Always in this sequence, so that a run can be repeated.
    if (role === 'second') await closed(api, 'first').catch(() => undefined);
    return api.turn('groups:alone', async () => {
      const watch = await watchOthers(api, id);
      const { exchange, reads } = await closeWhenOpen(api, id, role);
      const after = succeeded(exchange) ? await whenFinal(api, id) : await retrieve(api, id);
      const before = reads.at(-1) as Settled;
      const bystanders = await watch(exchange);
      return { id, exchange, reads, before: before.group, beforeExchange: before.exchange, after, bystanders };
    });
  });
}

/**
 * Closes groups of the run, one after the other; one that cannot be closed is blocked as a subject of all of these.
 *
 * @throws {Blocked} if none can be closed.
 */
export async function closedEach<R extends Role>(
  api: Api,
  roles: readonly R[],
  subjects: readonly Subjects[],
): Promise<Array<Closed & { readonly role: R }>> {
  const found: Array<Closed & { readonly role: R }> = [];
  let missing: Blocked | undefined;
  for (const role of roles)
    try {
      found.push({ ...(await closed(api, role)), role });
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      missing ??= error;
      for (const one of subjects) one.blocked(role, error.prerequisite, error.message);
    }
  if (found.length === 0 && missing !== undefined) throw missing;
  return found;
}

/** Reads a group until it is closing or closed, or until the settling time is over. */
const whenFinal = (api: Api, id: string) =>
  until(
    api,
    () => retrieve(api, id),
    (read) => api.contract.resource.life.final.includes(statusOf(read) ?? ''),
  );

/**
 * Judges that a request to close that was acknowledged is carried out, whoever made it.
 *
 * @param seen a read of the group after the acknowledgement
 */
export async function judgeCarriedOut(api: Api, id: string, exchange: Exchange, seen: Exchange): Promise<void> {
  const isOver = (read: Exchange) => api.contract.resource.life.final.includes(statusOf(read) ?? '');
  const after = isOver(seen) ? seen : await whenFinal(api, id);
  if (groupOf(after) === undefined)
    return api.blocked('close.reaches-closing', 'no-group', `${id} is answered with ${after.response.status}`);
  api.judge(
    'close.reaches-closing',
    [exchange, after],
    !isOver(after) && `status ${statusOf(after)} after ${api.settleMs / 1000} s`,
  );
}

/**
 * A group that waits for approval may refuse to be closed, and is left as it is then; asked again once it can be acted on.
 *
 * @throws {Blocked} where the group never gets there.
 */
async function closeWhenOpen(
  api: Api,
  id: string,
  role: Role,
): Promise<{ exchange: Exchange; reads: readonly Settled[] }> {
  const { close, idParameter } = api.contract.resource;
  if (close === undefined) throw new Blocked('not-in-contract', 'the contract has no operation that closes anything');
  const allowed = callers(api.contract, close).filter(
    ({ allowed, credential }) =>
      allowed && credential.kind === 'token' && credential.scopes.every((scope) => has(api.profile.scopes, scope)),
  );
  const caller = allowed[(role === 'second' ? 1 : 0) % allowed.length];
  const question = { operation: close.name, ...(caller && { caller }), path: { [idParameter]: id } };
  const isRefused = (exchange: Exchange) => !succeeded(exchange) && !isConflict(api, exchange);
  const manner = MANNERS[role];
  const ask = () => (manner === undefined ? api.ask(question) : servedUnusually(api, question, manner, isRefused));
  const reads: Settled[] = [];
  let conflict: Exchange | undefined;
  const attempt = async () => {
    const before = await settled(api, id);
    const earlier = reads.at(-1);
    if (conflict !== undefined && earlier !== undefined) {
      const changed = changes(api, earlier.group, before.group);
      api.judge(
        'close.refused-closes-nothing',
        [conflict, earlier.exchange, before.exchange],
        changed.length > 0 && changed.join('; '),
      );
    }
    reads.push(before);
    await nextTick(api, before.group);
    const exchange = await ask();
    conflict = isConflict(api, exchange) ? exchange : undefined;
    return { exchange, before };
  };
  const counts = ({ exchange, before }: Awaited<ReturnType<typeof attempt>>) =>
    !isConflict(api, exchange) || isOpen(api, before.exchange);
  const last = await lookUntil(
    api.clock,
    api.settleMs,
    attempt,
    // Who waits for a person, or is closed already, will not open.
    (seen) => counts(seen) || api.profile.approval === 'manual' || isFinal(api, seen.before.group),
  );
  if (!counts(last))
    throw new Blocked('not-closable', `the group stays ${statusOf(last.before.exchange)} and refuses to be closed`);
  api.judgeStatus(['close.allowed', `close.caller.${caller?.id}`], last.exchange);
  return { exchange: last.exchange, reads };
}

/** How the closing of a group is asked for, where that is unusual. */
const MANNERS: Partial<Record<Role, Manner>> = { second: 'every-twist', spare: 'any-media-type' };

/** The status of the group that an answer shows. */
export function statusOf(exchange: Exchange): string | undefined {
  const group = groupOf(exchange);
  return group && text(group, 'status');
}

/** True for a group that was asked to close. */
export const isFinal = (api: Api, group: Group) =>
  api.contract.resource.life.final.includes(text(group, 'status') ?? '');

/** What has changed in a group, apart from what its approval, or the end of its closing, changes. */
export function changes(api: Api, before: Group, after: Group): string[] {
  const { initial, open, final } = api.contract.resource.life;
  const [from = '', to = ''] = [text(before, 'status'), text(after, 'status')];
  // Of a status that breaks the schema others tell; what it hides cannot be told from an approval.
  const isSoundPair = [before, after].every((group) => isSound(api.contract, group, 'status'));
  const moves =
    !isSoundPair ||
    (from !== to && ((initial.includes(from) && open.includes(to)) || [from, to].every((one) => final.includes(one))));
  return differences(before, after).filter((difference) => !(moves && /^(status|updated_at) /.test(difference)));
}

/** What a change of status changes. */
export const OF_A_MOVE = /^(status|updated_at) /;

/** True for a move that a group may make at any time, such as being locked; that it is closing as well is none. */
export function livesOn(
  {
    contract: {
      resource: { life },
    },
  }: Api,
  old: Group,
  now: Group,
): boolean {
  const [from = '', to = ''] = [text(old, 'status'), text(now, 'status')];
  return from !== to && !life.final.includes(to) && life.mayBecome(from, to);
}

const isOpen = (api: Api, exchange: Exchange) => api.contract.resource.life.open.includes(statusOf(exchange) ?? '');

/** The refusal by which the contract lets a group in another status turn down its closing. */
const isConflict = (api: Api, exchange: Exchange) =>
  (api.contract.requirements.get('close.second-conflict')?.accepts ?? []).includes(String(exchange.response.status));

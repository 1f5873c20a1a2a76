import type { Api, Case } from '../../harness/case.ts';
import { groupId, judgeTogether } from '../../harness/checks/delivery.ts';
import { judgeSignature } from '../../harness/checks/delivery-signature.ts';
import { differences, type Group, instant, isSound, resolution, text } from '../../harness/checks/group.ts';
import { isObject } from '../../harness/contract/document.ts';
import { CREATION } from '../../harness/contract/events.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { excerpt } from '../../harness/contract/schemas.ts';
import { type Delivery, type Sighting, sightings } from '../../harness/delivery.ts';
import { succeeded } from '../../harness/exchange.ts';
import { created, isRefusal } from '../fixtures/items.ts';
import { clockOffset } from '../fixtures/suspects.ts';
import { canFollow, eventsOf, type Life, livesOf } from './lives.ts';

/** What a target tells of the groups that a run creates and closes. */

const SIGNATURE = ['event.signed', 'event.signed-body', 'event.signature-fits', 'event.signature-fresh'];
const AGAIN = 'event.delivered-again';
/** Starts the ids of what is promised about the registration itself. */
const REGISTRATION = 'webhook.';
const SILENT = 'webhook.removed-gets-nothing';

/** The cases about webhooks. */
export function webhookCases(contract: Contract): Case[] {
  const all = [...contract.requirements.values()].filter(({ area }) => area === 'webhooks').map(({ id }) => id);
  return [
    {
      id: 'event.life-cycle',
      area: 'webhooks',
      title: 'events tell of each step in the life of a group',
      covers: all.filter((id) => !id.startsWith(REGISTRATION) && ![...SIGNATURE, AGAIN].includes(id)),
      writes: true,
      async run(api) {
        const deliveries = await api.deliveries();
        if (deliveries === undefined) return;
        const lives = await livesOf(api, deliveries);
        const seen = sightings(deliveries.received());
        const offset = await clockOffset(api);
        for (const life of lives) {
          judgeLife(api, life, seen);
          judgeTimes(api, life, seen, offset);
        }
        excludeSteps(api);
        const byId = new Map(seen.map(({ exchange }) => [exchange.id, exchange]));
        for (const { requirement, exchanges, violations } of judgeTogether(api.contract, seen))
          api.report(
            requirement,
            exchanges.flatMap((id) => byId.get(id) ?? []),
            ...violations,
          );
      },
    },
    {
      id: 'webhook.registration',
      area: 'webhooks',
      title: 'a webhook is registered, enabled and removed as it is asked for',
      covers: all.filter((id) => id.startsWith(REGISTRATION) && id !== SILENT),
      writes: true,
      run: registration,
    },
    {
      id: SILENT,
      area: 'webhooks',
      title: 'a webhook that was removed hears of nothing that happens afterwards',
      covers: [SILENT],
      writes: true,
      async run(api) {
        const [deliveries, registrations] = [await api.deliveries(), await api.registrations()];
        const removal = registrations?.trial.calls.removed;
        if (deliveries === undefined || removal === undefined) return;
        if (!succeeded(removal)) return api.blocked(SILENT, 'allowed-call-fails', 'the webhook could not be removed');
        const lives = await livesOf(api, deliveries);
        const ours = new Set(lives.map(({ id }) => id.toLowerCase()));
        const late = sightings(deliveries.afterRemoval()).filter(({ event }) => ours.has(groupId(event) ?? ''));
        const [first] = late;
        api.report(
          SILENT,
          [removal, ...(first ? [first.exchange] : [])],
          first !== undefined && `${excerpt(first.event.type)} of a group that was created later`,
        );
      },
    },
    {
      id: 'event.refused',
      area: 'webhooks',
      title: 'a delivery that is not acknowledged comes again',
      covers: [AGAIN],
      writes: true,
      async run(api) {
        const deliveries = await api.deliveries();
        if (deliveries === undefined) return;
        await created(api, 'first');
        await deliveries.until((all) => refusedOf(all) !== undefined);
        const refused = refusedOf(deliveries.received());
        if (refused === undefined) return api.blocked(AGAIN, 'no-event', 'nothing was delivered that could be refused');
        await deliveries.until((all) => repetitionsOf(all).length > 0);
        const received = deliveries.received();
        const [again] = repetitionsOf(received);
        api.report(
          AGAIN,
          [refused.exchange, ...(again ? [again.exchange] : [])],
          again === undefined && `not within ${api.settleMs / 1000} s after ${refused.exchange.response.status}`,
        );
      },
    },
    {
      id: 'event.signature',
      area: 'webhooks',
      title: 'deliveries are signed with a key that the target shows',
      covers: SIGNATURE,
      writes: true,
      async run(api) {
        if (!api.deliveriesSigned) {
          for (const requirement of SIGNATURE) api.excluded(requirement, 'deliveries-unsigned');
          return;
        }
        const deliveries = await api.deliveries();
        if (deliveries === undefined) return;
        await livesOf(api, deliveries);
        const keys = await deliveries.keys();
        for (const { exchange, request } of deliveries.received()) {
          const findings = judgeSignature(request, deliveries.url, keys, exchange.startedAt);
          for (const [requirement, seen] of Object.entries(findings)) api.report(requirement, [exchange], seen);
        }
      },
    },
  ];
}

/** Judges the statuses by which webhooks were registered, enabled and removed; of the rest any answer tells. */
async function registration(api: Api): Promise<void> {
  const registrations = await api.registrations();
  if (registrations === undefined) return;
  const { stranger, trial, registration } = registrations;
  for (const { calls } of [trial, registration]) {
    if (calls.registered !== undefined && !isRefusal(calls.registered))
      api.judgeStatus(['webhook.registered'], calls.registered);
    if (calls.enabled !== undefined) api.judgeStatus(['webhook.enabled'], calls.enabled);
    if (calls.removed !== undefined) api.judgeStatus(['webhook.removed'], calls.removed);
  }
  // One mistake at a time: where nobody can register this URL, its refusal says nothing about the scope.
  if (stranger.calls.registered !== undefined && trial.calls.registered && succeeded(trial.calls.registered))
    api.judgeStatus(['webhook.insufficient-scope'], stranger.calls.registered);
  // Why there is no registration is for what was thrown to say.
  await api.deliveries();
}

/** The delivery that the run has turned away. */
const refusedOf = (all: readonly Delivery[]) => all.find(({ exchange }) => !succeeded(exchange));

/** Deliveries of the same events as the one that was turned away. */
function repetitionsOf(all: readonly Delivery[]): Delivery[] {
  const refused = refusedOf(all);
  if (refused === undefined) return [];
  const ids = ({ events }: Delivery) => events.map(({ id }) => id);
  return all.filter((delivery) => delivery !== refused && ids(refused).every((id) => ids(delivery).includes(id)));
}

/** Steps that a group does not take within a run where a person has to take them are excluded, if none is met. */
function excludeSteps({ contract: { resource }, profile, excluded }: Api): void {
  const { events, life } = resource;
  const isEnd = (step: string) => life.final.includes(step) && !life.final.some((word) => canFollow(life, step, word));
  for (const { step, requirement } of events.announcements) {
    const awaitsApproval = life.open.includes(step) || life.final.includes(step);
    if (profile.approval === 'manual' && awaitsApproval) excluded(requirement, 'profile-approval');
    else if (profile.closing === 'manual' && isEnd(step)) excluded(requirement, 'profile-closing');
  }
  // Nothing is behind where nothing moves.
  if (profile.approval === 'manual') excluded('event.object-not-behind', 'profile-approval');
}

function judgeLife(api: Api, { id, reads, steps }: Life, seen: readonly Sighting[]): void {
  for (const { step, requirement, type } of api.contract.resource.events.announcements) {
    const evidence = steps.find((one) => one.type === type)?.evidence;
    const events = eventsOf(seen, id, type);
    // A step may be over before anybody looks; then its event alone shows that it is told.
    if (evidence === undefined && !(events.length > 0 && mayHaveBeen(api, reads.at(-1)?.group, step))) continue;
    api.report(
      requirement,
      [...events.map(({ exchange }) => exchange), ...(evidence ? [evidence] : [])],
      events.length === 0 && `no ${type} of ${id} within ${api.settleMs / 1000} s`,
    );
  }
  if (reads.some(({ group }) => differing(api, group, reads[0]?.group ?? group).length > 0)) return;
  for (const { event, exchange } of seen.filter((one) => groupId(one.event) === id.toLowerCase())) {
    const object = isObject(event.object) ? event.object : {};
    const read = reads.find(({ group }) => isSameMoment(group, object)) ?? reads.at(-1);
    if (read === undefined) continue;
    const wrong = differing(api, object, read.group);
    const [told, shown] = [text(object, 'status'), text(read.group, 'status')];
    const isSoundStatus = [object, read.group].every((group) => isSound(api.contract, group, 'status'));
    if (isSameMoment(read.group, object) && told !== shown && isSoundStatus && !isAtOnce(api, told, shown))
      wrong.push(`status is ${told} here and ${shown} there, at the same updated_at`);
    api.report('event.object-as-retrieved', [exchange, read.exchange], wrong.length > 0 && wrong.join('; '));
  }
}

/** A service that writes events may have a clock of its own, which is behind that of the others by this much, in milliseconds. */
const CLOCKS_APART_MS = 250;

/** Judges that no event is dated before a read of the group that cannot show yet what the event tells of. */
function judgeTimes(
  api: Api,
  { id, reads, open }: Life,
  seen: readonly Sighting[],
  offset: { readonly low: number },
): void {
  const { events, life } = api.contract.resource;
  for (const { step, type } of events.announcements) {
    // A read may lag behind what happens, but not behind what has yet to be asked for.
    const before = life.final.includes(step) ? open : reads[0];
    const status = text(before?.group ?? {}, 'status') ?? '';
    if (before === undefined || !canFollow(life, status, step) || life.mayBecome(step, status)) continue;
    // The answer to a creation may be one that is repeated, and shows the group as it was then.
    const isCreation = before.exchange.operation === api.contract.resource.create?.name;
    const born = isCreation ? instant(before.group, 'created_at') : undefined;
    const least = (born ?? before.exchange.startedAt + offset.low) - CLOCKS_APART_MS;
    for (const { event, exchange } of eventsOf(seen, id, type)) {
      const [stamp, at] = [text(event, 'created_at'), instant(event, 'created_at')];
      if (stamp === undefined || at === undefined) continue;
      api.report(
        'event.not-before-its-step',
        [exchange, before.exchange],
        at + resolution(stamp) < least && `created_at ${excerpt(stamp)}, and the group was ${status} then`,
      );
    }
  }
}

/** Two statuses that a group may go through in one moment: approval that is given, or closing that is done, at once. */
function isAtOnce({ contract }: Api, ...statuses: ReadonlyArray<string | undefined>): boolean {
  const { initial, final } = contract.resource.life;
  return [initial, final].some((words) => statuses.every((status) => words.includes(status ?? '')));
}

/** May a group that is as it is now have taken this step? */
function mayHaveBeen({ contract }: Api, group: Group | undefined, step: string): boolean {
  const status = group && text(group, 'status');
  return status !== undefined && (step === CREATION || contract.resource.life.mayBecome(step, status));
}

/** The id is what they were found by, in whatever case it is written. */
const MAY_DIFFER = ['status', 'updated_at', 'id'];

/** In what two descriptions of a group differ that never changes; of members that break the schema others tell. */
function differing(api: Api, one: Group, other: Group): string[] {
  const sound = (member: string) => isSound(api.contract, one, member) && isSound(api.contract, other, member);
  const members = Object.keys({ ...one, ...other });
  const isOpen = (member: string) => !sound(member) || isRounded(one, other, member);
  return differences(withIds(one), withIds(other), [...MAY_DIFFER, ...members.filter(isOpen)]);
}

/** True for a timestamp that is told with fewer digits in one place than in the other, and is the same as far as both go. */
function isRounded(one: Group, other: Group, member: string): boolean {
  const [left, right] = [instant(one, member), instant(other, member)];
  const [unit, otherUnit] = [one, other].map((group) => resolution(text(group, member) ?? ''));
  if (left === undefined || right === undefined || unit === undefined || otherUnit === undefined) return false;
  return unit !== otherUnit && Math.abs(left - right) < Math.max(unit, otherUnit);
}

/** What an item is made of may be described at more or less length, if it has an id of its own. */
function withIds(group: Group): Group {
  const short = (value: unknown) => (isObject(value) && typeof value.id === 'string' ? value.id : value);
  const members = Object.entries(group).map(([name, value]) => [name, Array.isArray(value) ? value.map(short) : value]);
  return Object.fromEntries(members);
}

/** True for two descriptions with the same `updated_at`, written so finely that nothing else can have happened in it. */
function isSameMoment(one: Group, other: Group): boolean {
  const [left, right] = [text(one, 'updated_at') ?? '', text(other, 'updated_at') ?? ''];
  const at = instant(one, 'updated_at');
  return at !== undefined && at === instant(other, 'updated_at') && Math.max(resolution(left), resolution(right)) <= 1;
}

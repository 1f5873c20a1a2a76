import { isObject } from '../contract/document.ts';
import { CREATION } from '../contract/events.ts';
import { isUuid } from '../contract/formats.ts';
import type { Contract } from '../contract/index.ts';
import { excerpt } from '../contract/schemas.ts';
import type { AnyEvent, Delivery, Sighting } from '../delivery.ts';
import { BYTE_ORDER_MARK, type Exchange, headerValue } from '../exchange.ts';
import { judgeBody } from './body.ts';
import { type Finding, finding } from './finding.ts';
import { type Group, instant, text } from './group.ts';
import { CLOCK_TOLERANCE_MS, isUtc, judgeGroup } from './timestamps.ts';

/** How much of repeated values a violation shows: items, and characters of each. */
const MOST_SHOWN = 3;
const LONGEST_SHOWN = 120;

/** The events in the body of a delivery: those in its envelope, or a single one without envelope. */
export function eventsIn(body: unknown): AnyEvent[] {
  if (!isObject(body)) return [];
  if (Array.isArray(body.payload)) return body.payload.filter(isObject);
  return 'webhook_id' in body || 'object' in body ? [body] : [];
}

/** Judges one delivery by everything that applies to any: media type, schema, order, and each event. */
export function judgeDelivery(contract: Contract, delivery: Delivery, webhookId: string | undefined): Finding[] {
  const { exchange, json, events } = delivery;
  const { envelope, event: single } = contract.resource.events;
  const isBare = json !== undefined && events[0] === json.value;
  return [
    finding('event.media-type', exchange, wrongMedia(delivery)),
    // The vendor's page describes a delivery as a single event, so a bare event is not judged as a broken envelope.
    ...(events.length > 0 ? [finding('event.enveloped', exchange, isBare && 'one event without an envelope')] : []),
    ...(envelope && json && !isBare ? judgeBody(contract, exchange, envelope, json.value) : []),
    ...(single && isBare ? judgeBody(contract, exchange, single, json.value) : []),
    ...judgeOrder(exchange, events),
    ...events.flatMap((one) => judgeEvent(contract, { event: one, exchange }, webhookId)),
  ];
}

/** Judges several deliveries together. Events that announce no step may occur any number of times. */
export function judgeTogether(contract: Contract, seen: readonly Sighting[]): Finding[] {
  const steps = new Map(contract.resource.events.announcements.map(({ type, step }) => [type, step]));
  const announced = seen.filter(
    ({ event }) => groupId(event) && eventId(event) && steps.has(text(event, 'type') ?? ''),
  );
  const ofGroup = groupBy(announced, ({ event }) => groupId(event));
  const ids = groupBy(seen, ({ event }) => eventId(event));
  return [
    ...ofGroup.flatMap((own) =>
      groupBy(own, ({ event }) => text(event, 'type')).map((same) => {
        const distinct = new Set(same.map(({ event }) => eventId(event)));
        const isTooMany = distinct.size > 1 && distinct.size > 1 + possibleReturns(contract, steps, same, own);
        return shared(
          'event.once',
          same,
          isTooMany && `${text(same[0]?.event ?? {}, 'type')} of one group as ${some(distinct)}`,
        );
      }),
    ),
    ...ids.map((same) => {
      const contents = new Set(same.map(({ event }) => JSON.stringify([event.type, event.created_at, groupId(event)])));
      return shared('event.id-unique', same, contents.size > 1 && `one id for ${some(contents)}`);
    }),
  ];
}

/** The first few texts, each cut to fit a line. */
function some(texts: ReadonlySet<string | undefined>): string {
  const shown = [...texts].slice(0, MOST_SHOWN).map((one) => cut(one ?? ''));
  return `${shown.join(' and ')}${texts.size > MOST_SHOWN ? ` and ${texts.size - MOST_SHOWN} more` : ''}`;
}

const cut = (one: string) => (one.length > LONGEST_SHOWN ? `${one.slice(0, LONGEST_SHOWN)}...` : one);

/** The id of an event, in lower case for comparison. */
const eventId = (event: AnyEvent) => text(event, 'id')?.toLowerCase();

/** The id of the group in an event. */
export function groupId(event: AnyEvent): string | undefined {
  return isObject(event.object) ? text(event.object, 'id')?.toLowerCase() : undefined;
}

/** How often a group may have returned to the status that events of one type announce, judging by its other events. */
function possibleReturns(
  { resource: { life } }: Contract,
  steps: ReadonlyMap<string, string>,
  same: readonly Sighting[],
  own: readonly Sighting[],
): number {
  const stepOf = (event: AnyEvent | undefined) => steps.get(text(event ?? {}, 'type') ?? '') ?? CREATION;
  const here = stepOf(same[0]?.event);
  const away = own.filter(({ event }) => {
    const there = stepOf(event);
    const isStatus = here !== CREATION && there !== CREATION && there !== here;
    return isStatus && life.mayBecome(here, there) && life.mayBecome(there, here);
  });
  return new Set(away.map(({ event }) => eventId(event))).size;
}

function judgeOrder(exchange: Exchange, events: readonly AnyEvent[]): Finding[] {
  const instants = events.map((event) => instant(event, 'created_at')).filter((at) => at !== undefined);
  if (instants.length < 2) return [];
  const late = instants.findIndex((at, index) => at < (instants[index - 1] ?? at));
  return [
    finding('event.order', exchange, late > 0 && `event ${late + 1} of ${events.length} is older than the one before`),
  ];
}

function judgeEvent(contract: Contract, { event, exchange }: Sighting, webhookId: string | undefined): Finding[] {
  const findings: Finding[] = [];
  const named = text(event, 'webhook_id');
  if (named !== undefined && isUuid(named) && webhookId !== undefined)
    findings.push(
      finding(
        'event.webhook-id',
        exchange,
        named.toLowerCase() !== webhookId.toLowerCase() &&
          `webhook_id ${excerpt(named)} for the registration ${webhookId}`,
      ),
    );
  const [stamp, at] = [text(event, 'created_at'), instant(event, 'created_at')];
  const group = isObject(event.object) ? event.object : undefined;
  if (stamp !== undefined && at !== undefined) {
    findings.push(finding('event.created-at-utc', exchange, !isUtc(stamp) && `created_at ${cut(stamp)}`));
    findings.push(
      finding(
        'event.not-in-the-future',
        exchange,
        at > exchange.endedAt + CLOCK_TOLERANCE_MS && `created_at ${cut(stamp)}`,
      ),
    );
    const born = group && instant(group, 'created_at');
    // One second, because either timestamp may be cut to whole seconds.
    if (born !== undefined)
      findings.push(
        finding(
          'event.not-before-its-group',
          exchange,
          at + 1000 <= born &&
            `created_at ${cut(stamp)}, of a group created at ${cut(text(group ?? {}, 'created_at') ?? '')}`,
        ),
      );
  }
  if (group !== undefined)
    findings.push(...judgeGroup(contract, exchange, group), ...judgeStatus(contract, event, group, exchange));
  return findings;
}

function judgeStatus(contract: Contract, event: AnyEvent, group: Group, exchange: Exchange): Finding[] {
  const step = contract.resource.events.announcements.find(({ type }) => type === event.type)?.step;
  const status = text(group, 'status');
  if (step === undefined || step === CREATION || status === undefined) return [];
  const isBehind = !contract.resource.life.mayBecome(step, status);
  return [
    finding('event.object-not-behind', exchange, isBehind && `${String(event.type)} with status ${excerpt(status)}`),
  ];
}

function wrongMedia({ exchange, json }: Delivery): string | undefined {
  const type = headerValue(exchange.request.headers, 'content-type');
  const media = type?.split(';')[0]?.trim().toLowerCase();
  if (media !== 'application/json') return `content-type ${excerpt(type ?? 'absent')}`;
  if (exchange.request.body?.startsWith(BYTE_ORDER_MARK)) return 'a body that starts with U+FEFF';
  return json === undefined ? `a body that is not JSON: ${excerpt(exchange.request.body ?? '')}` : undefined;
}

function shared(requirement: string, same: readonly Sighting[], seen: string | false): Finding {
  return {
    requirement,
    exchanges: [...new Set(same.map(({ exchange }) => exchange.id))],
    violations: seen ? [seen] : [],
  };
}

function groupBy(seen: readonly Sighting[], keyOf: (one: Sighting) => string | false | undefined): Sighting[][] {
  const groups = new Map<string, Sighting[]>();
  for (const one of seen) {
    const key = keyOf(one);
    if (!key) continue;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(one);
  }
  return [...groups.values()];
}

import type { Case, CaseResult } from '../case.ts';
import { eventsIn, judgeDelivery, judgeTogether } from '../checks/delivery.ts';
import { byRequirement, type Finding } from '../checks/finding.ts';
import { isObject } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import { type Delivery, sightings } from '../delivery.ts';
import { decodeBody, type Exchange, recorded } from '../exchange.ts';

/** The body of a recorded delivery. */
export interface Recording {
  /** Where it comes from, in words. */
  readonly name: string;
  readonly body: Uint8Array;
}

/** What a recorded body can show. It cannot show headers, signatures, the registration, or missing deliveries. */
const SHOWN = [
  'event.once',
  'event.id-unique',
  'event.order',
  'event.object-not-behind',
  'event.created-at-utc',
  'event.not-in-the-future',
  'event.not-before-its-group',
];

/** The case that recorded deliveries are reported under. */
export function recordedCase(contract: Contract): Case {
  const schemas = [...contract.requirements.values()].filter(
    ({ area, pointer }) => area === 'webhooks' && pointer.startsWith('#/components/schemas/'),
  );
  return {
    id: 'event.recorded',
    area: 'webhooks',
    title: 'recorded deliveries keep the contract',
    covers: [...schemas.map(({ id }) => id), ...SHOWN],
    writes: false,
    run: async () => undefined,
  };
}

/** A recording as a delivery; `undefined` if it is not JSON and so cannot be a recorded delivery. */
export function deliveryOf(
  contract: Contract,
  { name, body }: Recording,
  index: number,
  now: number,
): Delivery | undefined {
  const { text, json } = decodeBody({ body });
  if (json === undefined) return undefined;
  const exchange: Exchange = {
    id: `r${index + 1}`,
    received: true,
    operation: undefined,
    caller: 'the target, as recorded',
    request: { method: 'POST', url: name, query: {}, headers: [], body: recorded(text) },
    response: { status: 204, headers: [], body: '', bytes: 0, json: undefined },
    began: index,
    ended: index,
    startedAt: now,
    endedAt: now,
  };
  return { exchange, json, events: eventsIn(json.value).filter((event) => isOurs(contract, event)) };
}

/** Judges recorded deliveries by the same requirements as live ones, as far as a body can show them. */
export function judgeRecorded(contract: Contract, deliveries: readonly Delivery[]): CaseResult {
  const { id, covers } = recordedCase(contract);
  const all: Finding[] = [
    ...deliveries
      .filter((delivery) => !isForeign(delivery))
      .flatMap((delivery) => judgeDelivery(contract, ours(contract, delivery), undefined)),
    ...judgeTogether(contract, sightings(deliveries)),
  ];
  const general = all.filter(
    ({ requirement }) => covers.includes(requirement) || requirement.startsWith(contract.resource.name),
  );
  return {
    case: id,
    exchanges: deliveries.map(({ exchange }) => exchange),
    findings: byRequirement(general),
    blocked: {},
    excluded: {},
    error: undefined,
  };
}

/** The pattern that all event types of the vendor follow. */
const RESOURCE_AND_STEP = /^[A-Z][A-Z0-9_]*(\.[A-Z0-9_]+)+$/;

/** True for an event of another resource without an envelope: the contract says nothing about it. */
function isForeign({ events, json }: Delivery): boolean {
  return events.length === 0 && json !== undefined && eventsIn(json.value)[0] === json.value;
}

/**
 * A subscription may deliver events of other resources, which the contract says nothing about. An event with members that
 * only our resource has is ours, whatever its type.
 */
function isOurs({ resource }: Contract, { type, object }: Readonly<Record<string, unknown>>): boolean {
  const [prefix = ''] = resource.events.types[0]?.split('.') ?? [];
  const isOther = typeof type === 'string' && RESOURCE_AND_STEP.test(type) && !type.startsWith(prefix);
  const own = resource.members.filter(({ unique }) => unique);
  const signs = own.length > 0 ? own : resource.members.filter(({ required }) => required);
  return !isOther || (isObject(object) && signs.every(({ name }) => name in object));
}

/** The delivery without the events of other resources. */
function ours(contract: Contract, delivery: Delivery): Delivery {
  const value = delivery.json?.value;
  if (typeof value !== 'object' || value === null || !('payload' in value) || !Array.isArray(value.payload))
    return delivery;
  const payload = value.payload.filter(
    (event: unknown) => typeof event !== 'object' || event === null || isOurs(contract, { ...event }),
  );
  return { ...delivery, json: { value: { ...value, payload } } };
}

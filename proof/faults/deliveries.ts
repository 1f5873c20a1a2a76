import { randomUUID } from 'node:crypto';
import { kebab } from '../../harness/contract/keywords/values.ts';
import {
  acknowledged,
  before,
  eachEvent,
  events,
  eventsOf,
  header,
  misdelivering,
  oneByOne,
  stranger,
  withBody,
} from './delivered.ts';
import { type Fault, isJson, type Json } from './fault.ts';
import { later } from './lifecycle.ts';
import { another, type Subject } from './subject.ts';

const HOUR = 3_600_000;
const STEPS = ['created', 'activated', 'closing-initiated', 'closed'];
/** The type of the event that announces a step. */
const typeOf = ({ resource }: Subject, step: string) =>
  resource.events.types.find((type) => type.endsWith(`.${step.toUpperCase().replace('-', '_')}`));

/** Gives events new ids when they are repeated. */
function renaming(): NonNullable<Fault['interceptEvent']> {
  return (post) => {
    const turnedAway = new Set<unknown>();
    return async (request) => {
      const all = await eventsOf(request);
      const payload: Json[] = all.map((event) => (turnedAway.has(event.id) ? { ...event, id: randomUUID() } : event));
      const answer = await post(withBody(request, { payload }));
      if (!answer.ok) for (const { id } of all) turnedAway.add(id);
      return answer;
    };
  };
}

const neverSent = (about: Subject) =>
  STEPS.map((step) =>
    misdelivering(
      `event-${step}-missing`,
      `${typeOf(about, step)} is never sent.`,
      [`event.${step}`],
      events((all) => all.filter(({ type }) => type !== typeOf(about, step))),
    ),
  );

/** Leaves out an event of all groups except the first ones. */
const neverSentAfter = (about: Subject, step: string, first: number) =>
  misdelivering(
    `event-${step}-missing-after-${first}`,
    `${typeOf(about, step)} is sent for the first ${first === 1 ? 'group' : `${first} groups`} only.`,
    [`event.${step}`],
    (post, clock) => {
      const announced = new Set<unknown>();
      return events((all) =>
        all.filter(({ type, object }) => {
          const id = isJson(object) ? object.id : undefined;
          if (announced.size < first) announced.add(id);
          return type !== typeOf(about, step) || announced.has(id);
        }),
      )(post, clock);
    },
  );

export const deliveryFaults = (about: Subject): Fault[] => [
  ...neverSent(about),
  ...['created', 'activated'].flatMap((step) => [1, 2].map((first) => neverSentAfter(about, step, first))),
  misdelivering(
    'events-never-sent',
    'No event is ever delivered.',
    STEPS.map((step) => `event.${step}`),
    () => async () => acknowledged(),
  ),
  misdelivering(
    'event-type-wrong',
    'The closing of a group is announced as its activation.',
    ['event.closed', 'event.once'],
    eachEvent((event) => {
      if (event.type === typeOf(about, 'closed')) event.type = typeOf(about, 'activated');
    }),
  ),
  misdelivering(
    'event-type-undocumented',
    'CREATED is called OPENED.',
    [`${kebab(about.resource.events.event?.pointer.split('/').at(-1) ?? '')}.type.enum`, 'event.created'],
    eachEvent((event) => {
      if (event.type === typeOf(about, 'created'))
        event.type = String(typeOf(about, 'created')).replace('CREATED', 'OPENED');
    }),
  ),
  misdelivering(
    'event-bare',
    'Events are delivered one by one, without an envelope.',
    ['event.enveloped'],
    (post) => async (request) => oneByOne(post, request, await eventsOf(request)),
  ),
  misdelivering('events-twice', 'Each event is delivered again under another id.', ['event.once'], (post, clock) => {
    const others = new Map<unknown, string>();
    const other = (id: unknown) => others.get(id) ?? others.set(id, randomUUID()).get(id);
    return events((all) => all.flatMap((event) => [event, { ...event, id: other(event.id) }]))(post, clock);
  }),
  misdelivering(
    'events-share-an-id',
    'All events have the same id.',
    ['event.id-unique'],
    eachEvent((event) => void (event.id = '11111111-2222-4333-8444-555555555555')),
  ),
  misdelivering(
    'events-out-of-order',
    'The last event of a delivery is older than the others.',
    ['event.order'],
    stranger((event) => {
      event.created_at = later(event.created_at, -1000);
      event.object = { ...(isJson(event.object) && event.object), created_at: event.created_at };
    }),
  ),
  misdelivering(
    'event-for-another-webhook',
    'Events have the id of another webhook.',
    ['event.webhook-id'],
    eachEvent((event) => void (event.webhook_id = '11111111-2222-4333-8444-555555555555')),
  ),
  misdelivering(
    'event-object-other-number',
    'Events show another account number.',
    ['event.object-as-retrieved'],
    eachEvent((_, object) => void (object[about.number] = another(object[about.number]))),
  ),
  misdelivering(
    'event-object-other-status',
    `The event of its creation shows a group as ${about.locked}.`,
    ['event.object-as-retrieved'],
    eachEvent((event, object) => {
      if (event.type === typeOf(about, 'created')) object.status = about.locked;
    }),
  ),
  misdelivering(
    'event-object-behind',
    `The event that announces a closing shows the group as still ${about.open}.`,
    ['event.object-not-behind'],
    eachEvent((event, object) => {
      if (event.type !== typeOf(about, 'closing-initiated')) return;
      object.status = about.open;
      object.updated_at = later(object.updated_at, -1);
    }),
  ),
  misdelivering(
    'event-time-not-utc',
    'Events are dated in local time.',
    ['event.created-at-utc'],
    eachEvent((event) => void (event.created_at = later(event.created_at, 2 * HOUR).replace('Z', '+02:00'))),
  ),
  misdelivering(
    'event-in-the-future',
    'Events are dated an hour in the future.',
    ['event.not-in-the-future'],
    eachEvent((event) => void (event.created_at = later(event.created_at, HOUR))),
  ),
  misdelivering(
    'event-before-its-group',
    'Events are dated an hour before the creation of their group.',
    ['event.not-before-its-group', 'event.not-before-its-step'],
    eachEvent((event) => void (event.created_at = later(event.created_at, -HOUR))),
  ),
  misdelivering(
    'event-before-its-step',
    'Events that announce a closing are dated a second before it.',
    ['event.not-before-its-step'],
    eachEvent((event) => {
      if ([typeOf(about, 'closing-initiated'), typeOf(about, 'closed')].includes(String(event.type)))
        event.created_at = later(event.created_at, -1000);
    }),
  ),
  misdelivering(
    'event-as-text',
    'Deliveries have the media type text/plain.',
    ['event.media-type'],
    header('content-type', () => 'text/plain'),
  ),
  misdelivering(
    'event-byte-order-mark',
    'Deliveries start with a byte order mark.',
    ['event.media-type'],
    (post) => async (request) => post(withBody(request, `\u{FEFF}${await request.clone().text()}`)),
  ),
  misdelivering(
    'event-cut-off',
    'Each delivery is preceded by a truncated one.',
    ['event.media-type'],
    before(async (post, request) => post(withBody(request, (await request.clone().text()).slice(0, 99)))),
  ),
  misdelivering(
    'event-delivered-once',
    'Deliveries that are not acknowledged are not repeated.',
    ['event.delivered-again'],
    (post) => async (request) => {
      await post(request);
      return acknowledged();
    },
  ),
  misdelivering(
    'event-repeated-under-another-id',
    'Deliveries that are not acknowledged are repeated with new event ids.',
    ['event.delivered-again', 'event.once'],
    renaming(),
  ),
];

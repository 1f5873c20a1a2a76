import { createHash } from 'node:crypto';
import { signOver } from '../delivering.ts';
import { before, eachEvent, events, eventsOf, header, oneByOne, stranger } from '../faults/delivered.ts';
import { type Answered, answer, groups, intercepting, isJson, type Json } from '../faults/fault.ts';
import { objectsIn } from '../faults/parts.ts';
import type { Subject } from '../faults/subject.ts';
import type { Variant } from './index.ts';

/** Conforming differences in events and their delivery. */

const bodyOf = ({ body }: Answered) => (isJson(body) ? body : {});
const isWebhook = ({ url }: { readonly url: URL }) => url.pathname.startsWith('/webhooks');
const truncated = (stamp: unknown) => String(stamp).replace(/\.\d+Z$/, 'Z');

type Covered = ReadonlyArray<readonly [component: string, value: string]>;

/** Signs deliveries again, over other components or in another format; the result of `headersOf` is added first. */
const resigned =
  (
    cover: (request: Request, headers: Headers) => Covered,
    headersOf: (body: Uint8Array) => Readonly<Record<string, string>> = () => ({}),
    version: 6 | 15 = 6,
  ): NonNullable<Variant['interceptSignedEvent']> =>
  (post, clock) =>
  async (request) => {
    const body = new Uint8Array(await request.clone().arrayBuffer());
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(headersOf(body))) headers.set(name, value);
    const signature = signOver(cover(request, headers), clock.now(), version);
    for (const [name, value] of Object.entries(signature)) headers.set(name, value);
    return post(new Request(request, { headers, body }));
  };

const digest = (algorithm: string, body: Uint8Array) => createHash(algorithm).update(body).digest('base64');

/** Makes `updated_at` of a closed group the time at which its closing began. */
function closedAsItBegan(about: Subject, group: Json): void {
  if (group.status === about.closed && Number(String(group.updated_at).slice(0, 4)) >= 2026)
    group.updated_at = new Date(Date.parse(String(group.updated_at).toUpperCase()) - CLOSING_MS).toISOString();
}
const CLOSING_MS = 30;

export const deliveryVariants = (about: Subject): Variant[] => [
  { id: 'events-alone', difference: 'Each event has its own delivery.', reference: { bundleMs: 0 } },
  { id: 'events-bundled', difference: 'Events of half a second are delivered together.', reference: { bundleMs: 500 } },
  { id: 'retry-late', difference: 'A delivery is repeated after more than a second.', reference: { retryMs: 1200 } },
  {
    id: 'events-repeated',
    difference: 'Each delivery is sent twice.',
    interceptEvent: before((post, request) => post(request)),
  },
  {
    id: 'events-repeated-inside',
    difference: 'Each delivery contains each event twice.',
    interceptEvent: events((all) => all.flatMap((event) => [event, event])),
  },
  {
    id: 'events-of-others',
    difference: 'Events of groups that another client created are delivered.',
    interceptEvent: stranger(() => undefined),
  },
  {
    id: 'event-seconds',
    aspect: 'fraction',
    difference: 'Timestamps in events have no fractional digits.',
    interceptEvent: eachEvent((event, object) => {
      event.created_at = truncated(event.created_at);
      for (const member of ['created_at', 'updated_at']) object[member] = truncated(object[member]);
    }),
  },
  {
    id: 'event-clock-behind',
    // A stamp that is cut first and moved afterwards is not what a clock that is behind writes.
    aspect: 'fraction',
    difference: 'Events are dated 200 ms too early.',
    interceptEvent: eachEvent((event) => {
      event.created_at = new Date(Date.parse(String(event.created_at)) - 200).toISOString();
    }),
  },
  {
    id: 'event-ids-upper-case',
    difference: 'Ids in events are in upper case.',
    interceptEvent: eachEvent((event, object) => {
      for (const member of ['id', 'webhook_id']) event[member] = String(event[member]).toUpperCase();
      object.id = String(object.id).toUpperCase();
    }),
  },
  {
    id: 'event-owners-short',
    difference: 'Owners in events are shown by their ids only.',
    interceptEvent: eachEvent((_, object) => {
      if (Array.isArray(object[about.owners]))
        object[about.owners] = objectsIn(object[about.owners]).map(({ id }) => ({ id }));
    }),
  },
  {
    id: 'delivery-charset',
    difference: 'The media type of deliveries has a charset.',
    interceptEvent: header('content-type', () => 'application/json; charset=utf-8'),
  },
  {
    id: 'delivery-signed-over-decoded-path',
    aspect: 'signatures of deliveries',
    difference: 'Deliveries are signed over the decoded path, as the vendor signs.',
    interceptSignedEvent: resigned(({ method, url }, headers) => [
      ['"@method"', method],
      ['"@path"', Buffer.from(decodeURIComponent(new URL(url).pathname)).toString('latin1')],
      ['"digest"', headers.get('digest') ?? ''],
    ]),
  },
  {
    id: 'delivery-signed-over-members',
    aspect: 'signatures of deliveries',
    difference: 'Signatures of deliveries cover single members of dictionary headers.',
    interceptSignedEvent: resigned(
      ({ method, url }, headers) => [
        ['"@method"', method],
        ['"@target-uri"', url],
        ['"content-digest";key="sha-512"', /sha-512=(:[^:]*:)/.exec(headers.get('content-digest') ?? '')?.[1] ?? ''],
        ['"trace";key="b"', '?1;c=2'],
        ['"trace";sf', 'a="x,y";d=1, b;c=2'],
        ['"trace";bs', `:${Buffer.from('a="x,y"; d=1,b;c=2').toString('base64')}:`],
      ],
      (body) => ({
        'content-digest': `sha-256=:${digest('sha256', body)}:, sha-512=:${digest('sha512', body)}:`,
        trace: 'a="x,y"; d=1,b;c=2',
      }),
      15,
    ),
  },
  {
    id: 'events-bare',
    difference: 'Events are delivered one by one, without an envelope.',
    interceptEvent: (post) => async (request) => oneByOne(post, request, await eventsOf(request)),
  },
  {
    id: 'closed-as-closing-began',
    aspect: 'fraction',
    difference: `A group that becomes ${about.closed} keeps the updated_at of ${about.closing}.`,
    reference: { closingMs: CLOSING_MS },
    intercept: answer(
      () => true,
      (answered) => groups(answered).forEach((one) => void closedAsItBegan(about, one)),
    ),
    interceptEvent: eachEvent((_, object) => closedAsItBegan(about, object)),
  },
  {
    id: 'webhook-enabled-at-once',
    difference: 'A webhook is enabled from its registration on.',
    intercept: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      const { id } = bodyOf(answered);
      if (asked.method !== 'POST' || asked.url.pathname !== '/webhooks' || typeof id !== 'string') return answered;
      const enabling = { ...asked, method: 'PATCH', url: new URL(`/webhooks/${id}`, asked.url) };
      await forward({ ...enabling, text: '{"enabled":true}' });
      bodyOf(answered).enabled = true;
      return answered;
    }),
  },
  {
    id: 'webhook-says-more',
    difference: 'A registration has additional members.',
    intercept: answer(isWebhook, (answered) => {
      Object.assign(bodyOf(answered), { tenant: 'x' });
    }),
  },
];

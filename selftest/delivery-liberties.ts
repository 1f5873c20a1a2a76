import { before, eachEvent, events, stranger } from './faults/delivered.ts';
import { type Answered, answer, isJson, lying } from './faults/lie.ts';
import type { Liberty } from './liberties.ts';

/** What a target may do differently when it tells of events. */

const bodyOf = ({ body }: Answered) => (isJson(body) ? body : {});
const isWebhook = ({ url }: { readonly url: URL }) => url.pathname.startsWith('/webhooks');
const truncated = (stamp: unknown) => String(stamp).replace(/\.\d+Z$/, 'Z');

export const deliveryLiberties: readonly Liberty[] = [
  { id: 'events-alone', difference: 'Each event is delivered by itself.', reference: { bundleMs: 0 } },
  { id: 'events-bundled', difference: 'Events of half a second travel together.', reference: { bundleMs: 500 } },
  { id: 'retry-late', difference: 'A delivery comes again after more than a second.', reference: { retryMs: 1200 } },
  {
    id: 'events-repeated',
    difference: 'Each delivery comes twice.',
    deliver: before((post, request) => post(request)),
  },
  {
    id: 'events-repeated-inside',
    difference: 'Each event stands twice in its delivery.',
    deliver: events((all) => all.flatMap((event) => [event, event])),
  },
  {
    id: 'events-of-others',
    difference: 'There are events of groups that others have made.',
    deliver: stranger(() => undefined),
  },
  {
    id: 'event-seconds',
    difference: 'Timestamps in events have no fraction digits.',
    deliver: eachEvent((event, object) => {
      event.created_at = truncated(event.created_at);
      for (const member of ['created_at', 'updated_at']) object[member] = truncated(object[member]);
    }),
  },
  {
    id: 'event-ids-upper-case',
    difference: 'Ids in events are in upper case.',
    deliver: eachEvent((event, object) => {
      for (const member of ['id', 'webhook_id']) event[member] = String(event[member]).toUpperCase();
      object.id = String(object.id).toUpperCase();
    }),
  },
  {
    id: 'event-users-short',
    difference: 'Users in events show their ids only.',
    deliver: eachEvent((_, object) => {
      if (Array.isArray(object.users)) object.users = object.users.filter(isJson).map(({ id }) => ({ id }));
    }),
  },
  {
    id: 'delivery-charset',
    difference: 'Deliveries name a charset.',
    deliver: (post) => (request) => {
      const headers = new Headers(request.headers);
      headers.set('content-type', 'application/json; charset=utf-8');
      return post(new Request(request, { headers }));
    },
  },
  {
    id: 'webhook-enabled-at-once',
    difference: 'A webhook is enabled as soon as it is registered, and nobody says so.',
    tell: lying(() => async (asked, forward) => {
      const answered = await forward();
      const { id } = bodyOf(answered);
      if (asked.method !== 'POST' || asked.url.pathname !== '/webhooks' || typeof id !== 'string') return answered;
      const enabling = { ...asked, method: 'PATCH', url: new URL(`/webhooks/${id}`, asked.url) };
      await forward({ ...enabling, text: '{"enabled":true}' });
      delete bodyOf(answered).enabled;
      return answered;
    }),
  },
  {
    id: 'webhook-says-more',
    difference: 'A registration has members that nobody asked for.',
    tell: answer(isWebhook, (answered) => {
      Object.assign(bodyOf(answered), { tenant: 'x' });
    }),
  },
];

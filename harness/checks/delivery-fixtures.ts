import assert from 'node:assert/strict';
import { VirtualClock } from '../../proof/memory.ts';
import type { ReferenceOptions } from '../../reference/app.ts';
import { type Json, object, objects, open, text } from '../../reference/fixtures.ts';

/** What a receiver got. */
export interface Delivery {
  readonly at: number;
  readonly url: string;
  readonly events: readonly Json[];
}

/** What a receiver answers to its nth delivery (from 0), or throws. */
export type Receiver = (index: number, delivery: Delivery) => number;

/** A reference on a virtual clock, with somebody who has a token, and a receiver in memory. */
export async function listen(options: ReferenceOptions = {}, receiver: Receiver = () => 204) {
  const clock = new VirtualClock();
  const deliveries: Delivery[] = [];
  const session = await open({
    now: clock.now,
    sleep: clock.sleep,
    post: (request) =>
      clock.during(
        (async () => {
          assert.deepEqual(
            [request.method, request.headers.get('content-type'), request.redirect],
            ['POST', 'application/json', 'manual'],
          );
          const { payload, ...rest } = object(await request.json());
          assert.deepEqual(rest, {});
          const delivery = { at: clock.now(), url: request.url, events: objects(payload) };
          return new Response(null, { status: receiver(deliveries.push(delivery) - 1, delivery) });
        })(),
      ),
    ...options,
  });
  const patch = (id: string, body: object) =>
    clock.during(
      session.ask(`/webhooks/${id}`, { method: 'PATCH', body, headers: { 'content-type': 'application/json' } }),
    );
  /** Registers and enables a webhook; returns its id. */
  const register = async (wanted: object = {}) => {
    const request = { title: 'Mine', url: 'https://tenant.example/hooks', ...wanted };
    const id = text((await session.post('/webhooks', request)).json.id);
    await patch(id, { enabled: true });
    return id;
  };
  const read = async (id: unknown) => (await session.ask(`/account_groups/${id}`)).json;
  const group = () => clock.during(session.group());
  const close = (id: unknown) => clock.during(session.close(id));
  const events = () => deliveries.flatMap((delivery) => delivery.events);
  return { ...session, clock, deliveries, patch, register, read, group, close, events };
}

/** The last words of the types of events. */
export const types = (events: readonly Json[]) => events.map(({ type }) => text(type).replace('ACCOUNT_GROUP.', ''));

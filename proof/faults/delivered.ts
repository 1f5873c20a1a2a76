import { randomUUID } from 'node:crypto';
import type { Post } from '../../reference/post.ts';
import type { EventIntercepts } from '../delivering.ts';
import { type Fault, isJson, type Json, readJson } from './fault.ts';

/** Shared parts of faults in deliveries. */

type Intercepting = NonNullable<EventIntercepts['interceptEvent']>;

/** A fault in deliveries only. */
export const misdelivering = (
  id: string,
  statement: string,
  breaks: readonly string[],
  interceptEvent: Intercepting,
): Fault => ({
  id,
  statement,
  breaks,
  intercept: (honest) => honest,
  interceptEvent,
});

/** The same request with another body. */
export function withBody(request: Request, body: unknown): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request(request.url, { method: request.method, headers: request.headers, body: text });
}

/** The events of a delivery. */
export async function eventsOf(request: Request): Promise<Json[]> {
  const body = readJson(await request.clone().text());
  if (!isJson(body)) return [];
  if (Array.isArray(body.payload)) return body.payload.filter(isJson);
  return isBare(body) ? [body] : [];
}

/** Whether a body is an event without an envelope. */
const isBare = (body: Json) => 'webhook_id' in body;

/** Changes the events of every delivery, and drops deliveries without events. `clock`: the clock of the target. */
export function events(change: (all: Json[], clock: { now(): number }) => readonly Json[]): Intercepting {
  return (post, clock) => async (request) => {
    const body = readJson(await request.clone().text());
    const payload = change(await eventsOf(request), clock);
    if (payload.length === 0) return acknowledged();
    return isJson(body) && isBare(body) ? oneByOne(post, request, payload) : post(withBody(request, { payload }));
  };
}

/** Posts each event without an envelope. Returns the last negative answer, if there is one. */
export async function oneByOne(post: Post, request: Request, all: readonly Json[]): Promise<Response> {
  let last = acknowledged();
  for (const event of all) {
    const answer = await post(withBody(request, event));
    if (!answer.ok) last = answer;
  }
  return last;
}

/** Changes every event, in the same way each time it is delivered. */
export function eachEvent(change: (event: Json, object: Json) => void): Intercepting {
  return events((all) => {
    for (const event of all) change(event, isJson(event.object) ? event.object : {});
    return all;
  });
}

/** Adds to the first delivery, and to its repetitions, an event of an unknown group, changed by `spoil`. */
export function stranger(spoil: (event: Json) => void): Intercepting {
  return (post, clock) => {
    let added: { readonly next: unknown; readonly event: Json } | undefined;
    const add = (all: Json[]) => {
      const [first] = all;
      if (added === undefined && first !== undefined) {
        const object = { ...(isJson(first.object) && first.object), id: randomUUID() };
        const event: Json = { ...first, id: randomUUID(), created_at: all.at(-1)?.created_at, object };
        spoil(event);
        added = { next: first.id, event };
      }
      return added !== undefined && all.some(({ id }) => id === added?.next) ? [...all, added.event] : all;
    };
    return events(add)(post, clock);
  };
}

/** Changes a header of every delivery, or removes it. */
export const header =
  (name: string, change: (value: string) => string | undefined): Intercepting =>
  (post) =>
  (request) => {
    const headers = new Headers(request.headers);
    const value = change(headers.get(name) ?? '');
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
    return post(new Request(request, { headers }));
  };

/** Sends something before every delivery, and ignores the answer. */
export function before(send: (post: Post, request: Request) => Promise<unknown>): Intercepting {
  return (post) => async (request) => {
    await send(post, request.clone());
    return post(request);
  };
}

export const acknowledged = () => new Response(null, { status: 204 });

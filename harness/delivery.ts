import type { Exchange, Json } from './exchange.ts';

/**
 * A request of the target, byte for byte. Header names are lower case; a repeated header is listed once per occurrence.
 */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as received; a proxy may have rewritten them. */
  readonly path: string;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Uint8Array;
}

/**
 * Listens for requests of the target and answers each with the status that `handle` returns. The target reaches it at
 * `url`. Rejects if the address cannot be bound.
 */
export type Listen = (
  handle: (request: ReceivedRequest) => number,
) => Promise<{ readonly url: string; close(): Promise<void> }>;

/** What a target sends as an event; its members are not validated. */
export type AnyEvent = Readonly<Record<string, unknown>>;

/** The events of one request, received by this run or read from a recording. */
export interface Delivery {
  /** The request of the target and our answer, as evidence. */
  readonly exchange: Exchange;
  /** The body as JSON; `undefined` if it is not JSON. */
  readonly json: Json | undefined;
  /** The events in the envelope; the body itself if there is no envelope. */
  readonly events: readonly AnyEvent[];
}

/** A delivery with the raw request that its signature covers. */
export interface SignedDelivery extends Delivery {
  readonly request: ReceivedRequest;
}

/** One event of a delivery. */
export interface Sighting {
  readonly event: AnyEvent;
  readonly exchange: Exchange;
}

/** All events of the deliveries, in order of arrival. */
export function sightings(deliveries: readonly Delivery[]): Sighting[] {
  return deliveries.flatMap(({ events, exchange }) => events.map((event) => ({ event, exchange })));
}

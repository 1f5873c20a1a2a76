import type { Exchange, Json } from './exchange.ts';

/** A request of the target, exactly as it came in. Header names are lower case; a repeated header stands repeatedly. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as received; something on the way may have changed it. */
  readonly path: string;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Uint8Array;
}

/**
 * Listens for requests of the target, and answers each with the status that `hear` returns. `url` is where the target
 * reaches it. Rejects where nothing can listen there.
 */
export type Listen = (
  hear: (request: ReceivedRequest) => number,
) => Promise<{ readonly url: string; close(): Promise<void> }>;

/** What a target calls an event; nothing about its members is certain. */
export type AnyEvent = Readonly<Record<string, unknown>>;

/** Events as a target has sent them in one request, or as somebody has recorded them. */
export interface Delivery {
  /** The evidence: what the target sent, and how it was answered. */
  readonly exchange: Exchange;
  /** The body as JSON; `undefined` where it is not JSON. */
  readonly json: Json | undefined;
  /** What stands in the envelope, or instead of it. */
  readonly events: readonly AnyEvent[];
}

/** A delivery together with what its signature was made from. */
export interface SignedDelivery extends Delivery {
  readonly request: ReceivedRequest;
}

/** One event of a delivery. */
export interface Sighting {
  readonly event: AnyEvent;
  readonly exchange: Exchange;
}

/** Every event of some deliveries, in the order of arrival. */
export function sightings(deliveries: readonly Delivery[]): Sighting[] {
  return deliveries.flatMap(({ events, exchange }) => events.map((event) => ({ event, exchange })));
}

/** A request exactly as sent. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Uint8Array | undefined;
}

/** An answer exactly as received. Header names are lower case; a repeated header is listed once per occurrence. */
export interface WireResponse {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Uint8Array;
}

/** Sends one request and reads its answer, without following redirects. Only rejects with {@link TransportError}. */
export type Send = (request: WireRequest) => Promise<WireResponse>;

/** There was no complete answer. Says nothing about conformance. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** Time as a dependency, so that the proof need not wait in real time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The system time. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** A request exactly as it goes out. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Uint8Array | undefined;
}

/** An answer exactly as it came in. Header names are lower case; a repeated header stands repeatedly. */
export interface WireResponse {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: Uint8Array;
}

/** Sends one request and reads its answer; follows no redirect. Rejects with {@link TransportError} only. */
export type Send = (request: WireRequest) => Promise<WireResponse>;

/** No complete answer could be had. Says nothing about the contract. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** Time, so that a proof need not wait for it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The time of day. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

import { type JsonWebKey, randomUUID } from 'node:crypto';
import { type Post, postOverHttp, sleepUnnoticed } from './post.ts';
import { routes } from './routes.ts';
import { createState, type StateOptions } from './state.ts';

/** Options of a reference; `REFERENCE_DEFAULTS` holds the defaults. */
export interface ReferenceOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds from creation to ACTIVE. */
  readonly activationMs?: number;
  /** Milliseconds from CLOSING to CLOSED. */
  readonly closingMs?: number;
  readonly tokenLifetimeSeconds?: number;
  /** A UUID. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The vendor's version to implement. */
  readonly version?: string;
  /** Start with account groups in every status. */
  readonly seeds?: boolean;
  /** How deliveries to webhooks are sent. */
  readonly post?: Post;
  /** Waits; must use the same clock as `now`. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Milliseconds after an event within which further events are delivered together with it. */
  readonly bundleMs?: number;
  /** Unit of the pauses before a delivery is repeated, in milliseconds. */
  readonly retryMs?: number;
  /** Public keys for the signatures of deliveries. */
  readonly verifyKeys?: readonly JsonWebKey[];
}

/** A target as a function from request to response. */
export interface Reference {
  fetch(request: Request): Promise<Response>;
  /** Stops all deliveries permanently. Idempotent. */
  close(): void;
}

/** Short delays, so that a run takes seconds, and credentials that are valid nowhere else. */
export const REFERENCE_DEFAULTS: StateOptions = {
  now: () => Date.now(),
  activationMs: 30,
  closingMs: 30,
  tokenLifetimeSeconds: 1800,
  clientId: '5f1c7f0e-6d1b-4a55-9a53-3f0f3a9c2b10',
  clientSecret: 'reference-secret-for-loopback-only',
  version: 'seed',
  seeds: true,
  post: postOverHttp,
  sleep: sleepUnnoticed,
  bundleMs: 15,
  retryMs: 20,
  verifyKeys: [],
};

/** Creates a target that keeps every promise of the API. Shares no state with others. @throws {RangeError} for an unknown version. */
export function createReference(options: ReferenceOptions = {}): Reference {
  const state = createState({ ...REFERENCE_DEFAULTS, ...options });
  return {
    async fetch(request) {
      const requestId = randomUUID();
      const response = await routes.fetch(request, { state, requestId });
      response.headers.set('upvest-request-id', requestId);
      return response;
    },
    close() {
      state.webhooks.close();
    },
  };
}

import { type JsonWebKey, randomUUID } from 'node:crypto';
import { type Post, postOverHttp, sleepUnnoticed } from './post.ts';
import { routes } from './routes.ts';
import { createRealm, type RealmOptions } from './state.ts';

/** What can be set about a reference; whatever is left out comes from `REFERENCE_DEFAULTS`. */
export interface ReferenceOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** From creation to ACTIVE. */
  readonly activationMs?: number;
  /** From CLOSING to CLOSED. */
  readonly closingMs?: number;
  readonly tokenLifetimeSeconds?: number;
  /** A UUID. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The vendor's version that is spoken. */
  readonly version?: string;
  /** Start with account groups in every status. */
  readonly seeds?: boolean;
  /** How deliveries to webhooks are sent. */
  readonly post?: Post;
  /** How time is waited for; has to go with `now`. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Events that arise within this time of the first one are delivered with it. */
  readonly bundleMs?: number;
  /** The unit of the pauses before a delivery is repeated. */
  readonly retryMs?: number;
  /** Public keys for the signatures of deliveries. */
  readonly verifyKeys?: readonly JsonWebKey[];
}

/** A target as a function from request to answer. */
export interface Reference {
  fetch(request: Request): Promise<Response>;
  /** Ends all deliveries for good; further calls change nothing. */
  close(): void;
}

/** Short delays, and credentials that open nothing else. */
export const REFERENCE_DEFAULTS: RealmOptions = {
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

/** A target that keeps every promise of the API, with a memory of its own. */
export function createReference(options: ReferenceOptions = {}): Reference {
  const realm = createRealm({ ...REFERENCE_DEFAULTS, ...options });
  return {
    async fetch(request) {
      const requestId = randomUUID();
      const response = await routes.fetch(request, { realm, requestId });
      response.headers.set('upvest-request-id', requestId);
      return response;
    },
    close() {
      realm.webhooks.close();
    },
  };
}

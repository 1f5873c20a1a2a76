import { type JsonWebKey, randomUUID } from 'node:crypto';
import type { JsonObject } from './bodies.ts';
import type { DeliveryOptions } from './delivery-queue.ts';
import { type Edition, editionOf } from './editions.ts';
import { IdempotencyRecords } from './idempotency.ts';
import { plantSeeds } from './seeds.ts';
import { Store, timestamp } from './store.ts';
import { TokenIssuer } from './tokens.ts';
import { Webhooks } from './webhooks.ts';

export interface StateOptions extends DeliveryOptions {
  readonly activationMs: number;
  readonly closingMs: number;
  readonly tokenLifetimeSeconds: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly version: string;
  readonly seeds: boolean;
  readonly verifyKeys: readonly JsonWebKey[];
}

/** The state of one reference. */
export interface ReferenceState {
  readonly edition: Edition;
  readonly store: Store;
  readonly tokenIssuer: TokenIssuer;
  readonly records: IdempotencyRecords;
  readonly webhooks: Webhooks;
  readonly verifyKeys: readonly JsonWebKey[];
  /** Registers a user, and returns its representation. */
  register(person: JsonObject): JsonObject;
}

/** Creates the state of a reference. @throws {RangeError} for an unknown version. */
export function createState({
  version,
  seeds,
  tokenLifetimeSeconds,
  clientId,
  clientSecret,
  verifyKeys,
  ...options
}: StateOptions): ReferenceState {
  const edition = editionOf(version);
  const now = (): number => Math.floor(options.now());
  const webhooks = new Webhooks({ ...options, now, updates: edition.updates });
  const store = new Store({ ...options, now, announce: (group, since) => webhooks.announce(group, since) });
  if (seeds) plantSeeds(store, edition);
  return {
    edition,
    store,
    tokenIssuer: new TokenIssuer({ now, clientId, clientSecret, lifetimeSeconds: tokenLifetimeSeconds }),
    records: new IdempotencyRecords(),
    webhooks,
    verifyKeys,
    register(person) {
      const id = randomUUID();
      const at = timestamp(now());
      store.addUser(id);
      const postal_address = person.postal_address ?? person.address;
      return { id, created_at: at, updated_at: at, ...person, postal_address, status: 'ACTIVE' };
    },
  };
}

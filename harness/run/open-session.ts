import { Client } from '../client/client.ts';
import { type Gate, openGate } from '../client/gate.ts';
import { Redactor } from '../client/redactor.ts';
import type { SigningKey } from '../client/signature.ts';
import { createSigner, unsigned } from '../client/signer.ts';
import type { Clock, Send } from '../client/wire.ts';
import type { Contract } from '../contract/index.ts';
import type { Listen } from '../delivery.ts';
import { FULL_PROFILE, type Profile } from '../verdicts/profile.ts';
import { Session } from './session.ts';

export interface TargetAccess {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signing: SigningKey | 'by-proxy' | undefined;
}

export interface RunPolicy {
  readonly writes: boolean;
  readonly userIds: readonly string[];
  readonly seed: number;
  readonly settleMs: number;
  /** True if the settings say that deliveries are signed. */
  readonly deliveriesSigned: boolean;
  /** What the target can do; everything by default. */
  readonly profile?: Profile;
}

/**
 * Assembles a session with its client and redactor, over any transport and clock. `prefix` starts the ids of its
 * exchanges.
 */
export function openSession(
  contract: Contract,
  target: TargetAccess,
  policy: RunPolicy,
  io: { readonly send: Send; readonly clock: Clock; readonly gate?: Gate; readonly listen?: Listen | undefined },
  prefix = 'x',
): { session: Session; client: Client; redactor: Redactor } {
  const redactor = new Redactor();
  const { send, clock, gate = openGate } = io;
  const { signing } = target;
  const sign = typeof signing === 'object' ? createSigner(signing, clock) : unsigned;
  const signed = signing === undefined ? 'not' : signing === 'by-proxy' ? 'by-proxy' : 'here';
  const client = new Client({
    contract,
    baseUrl: target.baseUrl,
    tokenUrl: new URL(target.tokenUrl),
    clientId: target.clientId,
    clientSecret: target.clientSecret,
    send,
    gate,
    sign,
    clock,
    redactor,
    prefix,
  });
  const session = new Session({
    contract,
    client,
    clock,
    redactor,
    signed,
    writes: policy.writes,
    userIds: policy.userIds,
    seed: policy.seed,
    settleMs: policy.settleMs,
    listen: io.listen,
    deliveriesSigned: policy.deliveriesSigned,
    profile: policy.profile ?? FULL_PROFILE,
    prefix,
  });
  return { session, client, redactor };
}

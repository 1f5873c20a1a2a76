import { generateKeyPairSync } from 'node:crypto';
import type { Case, CaseResult } from '../harness/case.ts';
import type { SigningKey } from '../harness/client/signature.ts';
import type { Clock, Send } from '../harness/client/wire.ts';
import type { Contract } from '../harness/contract/index.ts';
import { openSession } from '../harness/run/open-session.ts';
import type { Profile } from '../harness/verdicts/profile.ts';
import { createReference, REFERENCE_DEFAULTS, type Reference, type ReferenceOptions } from '../reference/app.ts';
import { createSignatureVerifier, type RefusalCode, type SignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';
import { type EventIntercepts, memoryListener, postThrough, signerAt } from './delivering.ts';
import type { FaultContext } from './faults/fault.ts';
import { LightResponse } from './light-http.ts';
import { Liveness } from './liveness.ts';

/** A target, or an interceptor in front of one. */
export type Fetch = (request: Request) => Promise<Response>;

/** A clock that advances only if all work waits: then it jumps to the earliest time that is waited for. */
export class VirtualClock implements Clock {
  #time = Date.UTC(2026, 0, 1);
  #busy = 0;
  #sleepers: Array<{ readonly at: number; readonly wake: () => void }> = [];
  #watching = false;

  now = (): number => this.#time;

  sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ at: this.#time + Math.max(0, milliseconds), wake });
      this.#watch();
    });

  /** Stops the clock until this work is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work;
    } finally {
      this.#busy--;
    }
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    setImmediate(() => {
      this.#watching = false;
      if (this.#sleepers.length === 0) return;
      if (this.#busy === 0) this.#jump();
      this.#watch();
    });
  }

  #jump(): void {
    this.#time = Math.max(this.#time, Math.min(...this.#sleepers.map(({ at }) => at)));
    const due = this.#sleepers.filter(({ at }) => at <= this.#time);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#time);
    for (const { wake } of due) wake();
  }
}

/** A client transport that calls a function instead of using a socket. */
function memorySend(fetch: Fetch, clock: VirtualClock): Send {
  const exchange: Send = async ({ method, url, headers, body }) => {
    const init = { method, headers: headers.map(([name, value]): [string, string] => [name, value]) };
    const response = await fetch(
      new Request(url.href, body === undefined ? init : { ...init, body: Buffer.from(body) }),
    );
    return { status: response.status, headers: [...response.headers], body: await bytesOf(response) };
  };
  return (request) => clock.during(exchange(request));
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  if (!(response instanceof LightResponse)) return new Uint8Array(await response.arrayBuffer());
  const { held } = response;
  return held instanceof Uint8Array ? held : Buffer.from(held ?? '');
}

const BASE = 'http://reference.test';

const KEYS = generateKeyPairSync('ed25519');
const SIGNING_KEY: SigningKey = { keyId: 'in-memory', privateKey: KEYS.privateKey, digest: undefined };

/** A verifier that omits some of its refusals; `ignored` is called for each omitted one. */
export function lenient(
  { verify }: SignatureVerifier,
  ignores: readonly RefusalCode[],
  ignored: () => void = () => undefined,
): SignatureVerifier {
  return {
    verify: (request, body) => {
      const refusal = verify(request, body);
      if (refusal === undefined || !ignores.includes(refusal.code)) return refusal;
      ignored();
      return undefined;
    },
  };
}

/** Puts something in front of a target. */
type Interceptor = (honest: Fetch, context: FaultContext) => Fetch;

/** How a run in memory differs from the default. */
export interface MemoryPolicy {
  readonly writes?: boolean;
  /** Seed of generated inputs. */
  readonly seed?: number;
  /**
   * Sign requests, and refuse invalid signatures except for reasons in `ignores`; `outside` intercepts requests before
   * their signature is verified.
   */
  readonly signed?: {
    readonly ignores?: readonly RefusalCode[] | undefined;
    readonly outside?: Interceptor | undefined;
  };
  /** A proxy signs the requests. */
  readonly byProxy?: boolean;
  /** Whether to listen for deliveries; true by default. */
  readonly listens?: boolean;
  /** Whether deliveries are expected to be signed; true by default. */
  readonly deliveriesSigned?: boolean;
  /** Whether to close created groups at the end; false by default. */
  readonly close?: boolean;
  /** The declared capabilities of the target. */
  readonly profile?: Profile;
  /** The version of the reference, if not that of the contract. */
  readonly version?: string;
  /** Creates the target, if not the reference. */
  readonly target?: ((options: ReferenceOptions) => Reference) | undefined;
  /** Intercepts for deliveries. */
  readonly deliveries?: EventIntercepts;
  /** Observes whether the interceptors make a difference. */
  readonly liveness?: Liveness;
}

/** Runs the cases against the reference in memory, through `intercept`; returns the results by case id. */
export async function runInMemory(
  contract: Contract,
  cases: readonly Case[],
  intercept: Interceptor = (honest) => honest,
  options: ReferenceOptions = {},
  {
    writes = true,
    close = false,
    seed = 1,
    signed,
    byProxy = false,
    listens = true,
    deliveriesSigned = true,
    profile,
    version = contract.vendorVersion,
    target: create = createReference,
    deliveries = {},
    liveness = new Liveness(),
  }: MemoryPolicy = {},
): Promise<Map<string, CaseResult>> {
  const clock = new VirtualClock();
  const context = { now: clock.now, contract };
  const { listen, post } = memoryListener();
  const timely: Fetch = (request) => clock.during(post(request));
  const reference = create({
    version,
    now: clock.now,
    sleep: clock.sleep,
    tokenLifetimeSeconds: 2,
    post: postThrough(timely, clock, watched(deliveries, liveness)),
    verifyKeys: [signerAt(clock.now).verifyKey],
    ...options,
  });
  const { clientId, clientSecret } = REFERENCE_DEFAULTS;
  const intercepted = liveness.around(reference.fetch, (honest) => intercept(honest, context));
  const publicKeys = new Map([[SIGNING_KEY.keyId, KEYS.publicKey]]);
  const verifier = createSignatureVerifier({ publicKeys, now: clock.now });
  const verifying =
    signed === undefined
      ? intercepted
      : requireSignatures(
          intercepted,
          lenient(verifier, signed.ignores ?? [], () => liveness.note()),
        );
  const signing = byProxy ? 'by-proxy' : signed && SIGNING_KEY;
  const outside = signed?.outside;
  const target = outside === undefined ? verifying : liveness.around(verifying, (honest) => outside(honest, context));
  const { session } = openSession(
    contract,
    { baseUrl: BASE, tokenUrl: `${BASE}/auth/token`, clientId, clientSecret, signing },
    { writes, userIds: [], seed, settleMs: 2000, deliveriesSigned, ...(profile && { profile }) },
    { send: memorySend(target, clock), clock, listen: listens ? listen : undefined },
  );
  const results = await Promise.all(cases.map((test) => session.result(test)));
  if (close) await session.close();
  reference.close();
  return new Map(results.map((result) => [result.case, result]));
}

/** The same intercepts of deliveries, observed by `liveness`. */
function watched({ interceptEvent, interceptSignedEvent }: EventIntercepts, liveness: Liveness): EventIntercepts {
  const observed = (intercept: EventIntercepts['interceptEvent']): EventIntercepts['interceptEvent'] =>
    intercept && ((honest, clock) => liveness.around(honest, (post) => intercept(post, clock)));
  return { interceptEvent: observed(interceptEvent), interceptSignedEvent: observed(interceptSignedEvent) };
}

import type { Case, CaseResult } from './case.ts';
import { createGate } from './client/gate.ts';
import type { ListenerOptions } from './client/listener.ts';
import { loadSigningKey } from './client/signature.ts';
import type { Contract } from './contract/index.ts';
import type { Listen } from './delivery.ts';
import { Journal } from './journal.ts';
import { openSession, type TargetAccess } from './open-session.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import { SYSTEM_CLOCK } from './wire.ts';

/**
 * What the processes of one run tell each other, through the environment that workers inherit. Users never set these.
 */
export const RUN_DIR = 'CONFORMANCE_RUN_DIR';
export const RUN_TARGET = 'CONFORMANCE_TARGET';
export const RUN_CASES = 'CONFORMANCE_CASES';
/** When the run has to end, in milliseconds since the epoch. */
export const RUN_UNTIL = 'CONFORMANCE_UNTIL';
/** Why the target cannot be talked to. */
export const RUN_TROUBLE = 'CONFORMANCE_TROUBLE';

/** How many requests may be under way at a time. */
const IN_FLIGHT = 24;

/**
 * A session with the target of this run over HTTP; `prefix` starts the ids of its exchanges. The HTTP client is loaded
 * by whoever talks to a target, and not by the runner, which does not.
 */
export async function connect(
  contract: Contract,
  settings: Settings,
  prefix: string,
  listens = false,
): Promise<ReturnType<typeof openSession> & { close(): Promise<void> }> {
  const { httpSend } = await import('./client/http.ts');
  const { timeoutMs, proxy, tls, rateLimit } = settings;
  const { send, close } = httpSend({ timeoutMs, proxy, tls });
  const clock = SYSTEM_CLOCK;
  const io = {
    send,
    clock,
    gate: createGate({ places: IN_FLIGHT, perSecond: rateLimit, clock }),
    listen: settings.webhook && listens ? await listenOver(settings.webhook) : undefined,
  };
  return { ...openSession(contract, targetOf(settings), settings, io, prefix), close };
}

async function listenOver(options: ListenerOptions): Promise<Listen> {
  const { httpListen } = await import('./client/listener.ts');
  return httpListen(options);
}

/** One worker's part in a run: asks ahead for every selected case, and hands out results. */
export class RunningSession {
  readonly #session: Session;
  readonly #journal: Journal | undefined;
  readonly #ahead: readonly Case[];
  readonly #closeConnections: () => Promise<void>;
  #pending: Promise<unknown> = Promise.resolve();
  #started = false;

  /** Opens the session of a worker; `worker` is its number. */
  static async open(
    contract: Contract,
    cases: readonly Case[],
    settings: Settings,
    worker: number,
  ): Promise<RunningSession> {
    const selected = (process.env[RUN_CASES] ?? '').split(',');
    const ahead = cases.filter(({ id }) => selected.includes(id));
    const listens = ahead.some(({ area }) => area === 'webhooks');
    return new RunningSession(await connect(contract, settings, `${worker}.`, listens), ahead, worker);
  }

  private constructor(
    { session, close }: { readonly session: Session; close(): Promise<void> },
    ahead: readonly Case[],
    worker: number,
  ) {
    this.#session = session;
    this.#closeConnections = close;
    const directory = process.env[RUN_DIR];
    this.#journal = directory === undefined ? undefined : new Journal(directory);
    const { footprint } = session;
    footprint.changed = () => this.#journal?.writeFootprint(worker, footprint);
    this.#ahead = ahead;
    const until = process.env[RUN_UNTIL];
    if (until !== undefined)
      setTimeout(() => session.stop('the run took longer than RUN_TIMEOUT'), Number(until) - Date.now()).unref();
  }

  async result(test: Case): Promise<CaseResult> {
    const known = this.#journal?.read(test.id);
    if (known !== undefined) return known;
    if (!this.#started) this.#start();
    return evidence(await this.#session.result(test));
  }

  /** The case that tells of a violated requirement; see {@link Journal.teller}. */
  teller(requirement: string, test: Case): string {
    return this.#journal?.teller(requirement, test.id) ?? test.id;
  }

  /** Awaits what is under way, clears away what was created, and notes both down. */
  async close(): Promise<void> {
    // What is under way is worth waiting for, unless somebody wants the run to end.
    const watch = setInterval(
      () => this.#journal?.isInterrupted() && this.#session.stop('the run was interrupted'),
      50,
    );
    await this.#pending;
    clearInterval(watch);
    await this.#session.close();
    // Reports of shards are merged elsewhere; what is printed travels with them.
    process.stdout.write(`left behind by a worker: ${JSON.stringify(this.#session.footprint)}\n`);
    await this.#closeConnections();
  }

  #start(): void {
    this.#started = true;
    this.#pending = Promise.all(
      this.#ahead
        .filter(({ id }) => this.#journal?.read(id) === undefined)
        .map(async (test) => this.#journal?.write(evidence(await this.#session.result(test)))),
    );
  }
}

/** A result as it may be stored: without the unredacted bodies that judging needed. */
export function evidence(result: CaseResult): CaseResult {
  return {
    ...result,
    exchanges: result.exchanges.map((exchange) => ({
      ...exchange,
      response: { ...exchange.response, json: undefined },
    })),
  };
}

/** What the set-up tells workers about the target that it has started. */
export interface StartedTarget {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly keyId: string;
  readonly pem: string;
}

/** The target of this run: the one that the set-up has started, or the one of the settings. */
function targetOf(settings: Settings): TargetAccess {
  const started = process.env[RUN_TARGET];
  if (started !== undefined) {
    const { baseUrl, clientId, clientSecret, keyId, pem } = JSON.parse(started) as StartedTarget;
    const loaded = loadSigningKey({ pem, passphrase: undefined, keyId });
    return {
      baseUrl,
      tokenUrl: `${baseUrl}/auth/token`,
      clientId,
      clientSecret,
      signing: loaded.ok ? loaded.key : undefined,
    };
  }
  const { baseUrl = '', tokenUrl = `${baseUrl}/auth/token`, clientId = '', clientSecret = '', signing } = settings;
  return { baseUrl, tokenUrl, clientId, clientSecret, signing };
}

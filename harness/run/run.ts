import type { Case, CaseResult } from '../case.ts';
import type { Client } from '../client/client.ts';
import { createGate } from '../client/gate.ts';
import type { ListenerOptions } from '../client/listener.ts';
import { loadSigningKey } from '../client/signature.ts';
import { type Send, SYSTEM_CLOCK } from '../client/wire.ts';
import type { Contract } from '../contract/index.ts';
import type { Listen } from '../delivery.ts';
import { selectedVerdicts } from '../verdicts/case-findings.ts';
import { type RequirementVerdict, type RunOptions, requirementVerdicts } from '../verdicts/verdicts.ts';
import { AUXILIARY, Journal, LEFT_BEHIND } from './journal.ts';
import { openSession, type TargetAccess } from './open-session.ts';
import { type Preflight, preflight } from './preflight.ts';
import { RUN_CASES, RUN_DIR, RUN_TARGET, RUN_UNTIL } from './processes.ts';
import type { Session } from './session.ts';
import { type Settings, whoSigns } from './settings.ts';

/** Maximum number of requests in flight; further ones wait their turn. */
const IN_FLIGHT = 24;

/** How long a test waits for the other cases before it reports what is known so far, in milliseconds. */
const LONGEST_WAIT_MS = 240_000;

/**
 * Opens a session with the target of this run over HTTP. The HTTP client is imported here, so that the runner itself,
 * which sends nothing, never loads it.
 *
 * @param prefix of the ids of exchanges
 * @param listens whether to listen for deliveries
 * @param around wraps the transport
 */
export async function connect(
  contract: Contract,
  settings: Settings,
  prefix: string,
  listens = false,
  around: (send: Send) => Send = (send) => send,
): Promise<ReturnType<typeof openSession> & { close(): Promise<void> }> {
  const { httpSend } = await import('../client/http.ts');
  const { timeoutMs, proxy, tls, rateLimit } = settings;
  const { send, close } = httpSend({ timeoutMs, proxy, tls });
  const clock = SYSTEM_CLOCK;
  const io = {
    send: around(send),
    clock,
    gate: createGate({ places: IN_FLIGHT, perSecond: rateLimit, clock }),
    listen: settings.webhook && listens ? await listenOver(settings.webhook) : undefined,
  };
  return { ...openSession(contract, targetOf(settings), settings, io, prefix), close };
}

async function listenOver(options: ListenerOptions): Promise<Listen> {
  const { httpListen } = await import('../client/listener.ts');
  return httpListen(options);
}

/** Options of the test runner that change what a session does. */
export interface RunnerOptions {
  /** `-x`: the first red test ends the run, so each test runs only its own case. */
  readonly endsEarly: boolean;
  /** True if other machines run the other cases. */
  readonly isShard: boolean;
}

/**
 * One worker's part of a run: runs all selected cases at once, unless the run may end early, and hands out their
 * results.
 */
export class RunningSession {
  readonly #session: Session;
  readonly #client: Client;
  readonly #worker: number;
  readonly #journal: Journal | undefined;
  readonly #ahead: readonly Case[];
  readonly #contract: Contract;
  /** The requirements that cases outside the selection cover. */
  readonly #coveredByOthers: ReadonlySet<string>;
  readonly #policy: RunnerOptions;
  readonly #results = new Map<string, CaseResult>();
  readonly #closeConnections: () => Promise<void>;
  #startedAt = 0;
  #verdicts: { readonly of: number; readonly byId: ReadonlyMap<string, RequirementVerdict> } | undefined;
  #pending: Promise<unknown> = Promise.resolve();
  #started = false;

  /** Opens the session of the worker with this number. */
  static async open(
    contract: Contract,
    cases: readonly Case[],
    settings: Settings,
    worker: number,
    policy: RunnerOptions,
  ): Promise<RunningSession> {
    const selected = (process.env[RUN_CASES] ?? '').split(',');
    const ahead = cases.filter(({ id }) => selected.includes(id));
    const listens = ahead.some(({ area }) => area === 'webhooks');
    const connection = await connect(contract, settings, `${worker}.`, listens);
    return new RunningSession(connection, contract, cases, ahead, worker, policy);
  }

  private constructor(
    { session, client, close }: Pick<ReturnType<typeof openSession>, 'session' | 'client'> & { close(): Promise<void> },
    contract: Contract,
    cases: readonly Case[],
    ahead: readonly Case[],
    worker: number,
    policy: RunnerOptions,
  ) {
    this.#session = session;
    this.#client = client;
    this.#worker = worker;
    this.#closeConnections = close;
    this.#contract = contract;
    this.#policy = policy;
    this.#coveredByOthers = new Set(cases.filter((test) => !ahead.includes(test)).flatMap(({ covers }) => covers));
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
    const known = this.#results.get(test.id) ?? this.#journal?.read(test.id);
    if (known !== undefined) return this.#keep(known);
    if (!this.#policy.endsEarly && !this.#started) this.#start();
    return this.#keep(evidence(await this.#session.result(test)));
  }

  /**
   * The verdicts of the whole selection, for a test to report on the requirements that it covers. If the run may end at
   * any test, or other cases take too long, they are based on the results so far. A requirement that no exchange could
   * prove counts as not run if a case outside the selection, or another shard, may still prove it.
   */
  async verdicts(options: RunOptions): Promise<ReadonlyMap<string, RequirementVerdict>> {
    const { endsEarly, isShard } = this.#policy;
    if (!endsEarly && !this.#started) this.#start();
    if (!endsEarly && !this.#isComplete()) {
      const left = this.#startedAt + LONGEST_WAIT_MS - Date.now();
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise((resolve) => {
        timer = setTimeout(resolve, Math.max(0, left));
      });
      timer?.unref();
      await Promise.race([this.#pending, timeout]);
      clearTimeout(timer);
    }
    if (this.#verdicts?.of !== this.#results.size) {
      const verdicts = requirementVerdicts(this.#contract, this.#ahead, this.#results, options);
      this.#verdicts = {
        of: this.#results.size,
        byId: selectedVerdicts(verdicts, { isPart: isShard, coveredByOthers: this.#coveredByOthers }),
      };
    }
    return this.#verdicts.byId;
  }

  /** Waits for running cases, removes what they created, and reports the footprint and the auxiliary exchanges. */
  async close(): Promise<void> {
    // Waits for running cases to finish, unless the run is interrupted.
    const watch = setInterval(
      () => this.#journal?.isInterrupted() && this.#session.stop('the run was interrupted'),
      50,
    );
    await this.#pending;
    clearInterval(watch);
    await this.#session.close();
    this.#reportAuxiliary();
    // Blob reports of shards are merged on another machine; stdout travels with them.
    process.stdout.write(`${LEFT_BEHIND}${JSON.stringify(this.#session.footprint)}\n`);
    await this.#closeConnections();
  }

  /** Reports the exchanges that belong to no case, such as token requests and clean-up, as evidence. */
  #reportAuxiliary(): void {
    const known = new Set([...this.#results.values()].flatMap(({ exchanges }) => exchanges.map(({ id }) => id)));
    const auxiliary = this.#client.recorded.filter(({ id }) => !known.has(id));
    this.#journal?.writeAuxiliary(this.#worker, auxiliary);
    process.stdout.write(`${AUXILIARY}${JSON.stringify(this.#journal?.auxiliary() ?? auxiliary)}\n`);
  }

  #start(): void {
    this.#started = true;
    this.#startedAt = Date.now();
    this.#pending = Promise.all(
      this.#ahead.map(async (test) => {
        const known = this.#journal?.read(test.id);
        const result = this.#keep(known ?? evidence(await this.#session.result(test)));
        if (known === undefined) this.#journal?.write(result);
      }),
    );
  }

  #keep(result: CaseResult): CaseResult {
    this.#results.set(result.case, result);
    return result;
  }

  #isComplete(): boolean {
    return this.#ahead.every(({ id }) => this.#results.has(id));
  }
}

/** A result that may be stored: without the parsed bodies, which are not redacted. */
export function evidence(result: CaseResult): CaseResult {
  return {
    ...result,
    exchanges: result.exchanges.map((exchange) => ({
      ...exchange,
      response: { ...exchange.response, json: undefined },
    })),
  };
}

/** The target that the set-up has started, as passed to the workers. */
export interface StartedTarget {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly keyId: string;
  readonly pem: string;
}

/** Runs the preflight of the target. Its texts are redacted. */
export async function lookAt(contract: Contract, settings: Settings): Promise<Preflight> {
  const { client, redactor, close } = await connect(contract, settings, 'p');
  const { tokenUrl, writes } = settings;
  try {
    const { trouble, notes } = await preflight({
      contract,
      client,
      hasTokenUrl: tokenUrl !== undefined,
      signed: whoSigns(settings),
      writes,
    });
    return {
      trouble: trouble && redactor.redact(trouble),
      notes: notes.map((note) => ({ ...note, says: redactor.redact(note.says) })),
    };
  } finally {
    const directory = process.env[RUN_DIR];
    if (directory !== undefined) new Journal(directory).writeAuxiliary('setup', client.recorded);
    await close();
  }
}

/** The target that the set-up has started, or else the one in the settings. */
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

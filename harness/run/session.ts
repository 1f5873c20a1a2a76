import type { Api, Case, CaseRequest, CaseResult, Exclusion } from '../case.ts';
import { judgeExchange } from '../checks/every-exchange.ts';
import { condensed, type Finding } from '../checks/finding.ts';
import { History } from '../checks/history.ts';
import type { Client, Heard } from '../client/client.ts';
import type { Redactor } from '../client/redactor.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import { type Clock, TransportError } from '../client/wire.ts';
import type { Contract } from '../contract/index.ts';
import { scopesInUse } from '../contract/security.ts';
import type { Listen } from '../delivery.ts';
import { type Exchange, succeeded } from '../exchange.ts';
import { has, type Profile } from '../verdicts/profile.ts';
import { CaseRecord } from './case-record.ts';
import { CaseResults } from './case-results.ts';
import { ExclusiveSections } from './exclusive-sections.ts';
import { Footprint } from './footprint.ts';
import { closeGroups } from './leftovers.ts';
import { type Missing, missingIn, noteMissing } from './missing.ts';
import { Preparations } from './preparations.ts';
import { isGivenBySetting } from './prerequisites.ts';
import { DeclaredSubjects } from './subjects.ts';
import type { Registrations } from './subscription.ts';
import { doing, Work, waitFor } from './waiting.ts';

export interface SessionOptions {
  readonly contract: Contract;
  readonly client: Client;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly writes: boolean;
  readonly signed: Api['signed'];
  readonly userIds: readonly string[];
  readonly seed: number;
  readonly settleMs: number;
  readonly profile: Profile;
  /** How to listen for deliveries; `undefined`: the run does not listen. */
  readonly listen: Listen | undefined;
  readonly deliveriesSigned: boolean;
  /** Prefix of the ids of exchanges. */
  readonly prefix: string;
}

/**
 * Maximum bytes of all response bodies of a run, which stay in memory. The largest that the contract allows add up to a
 * quarter of it.
 */
const MOST_BYTES = 256 * 1024 * 1024;

/** Runs cases against a target, keeps what they share, and judges every exchange once. */
export class Session {
  readonly footprint = new Footprint();
  readonly #options: SessionOptions;
  #stopped: string | undefined;
  readonly #underWay = new Set<Promise<Exchange>>();
  readonly #history: History;
  readonly #preparations: Preparations;
  readonly #sections = new Map<string, ExclusiveSections>();
  readonly #shared = new Map<string, { readonly work: Work; readonly made: Promise<unknown> }>();
  readonly #results = new CaseResults((test) => this.#run(test));
  readonly #refused: Exchange[] = [];
  readonly #general = new Map<string, readonly Finding[]>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#history = new History(options.contract, options.settleMs);
    this.#preparations = new Preparations({
      ...options,
      footprint: this.footprint,
      scopes: this.#everyScope().credential.scopes,
      judged: (exchange, findings) =>
        void this.#general.set(
          exchange.id,
          condensed([...findings, ...(exchange.received ? [] : this.#history.observe(exchange))]),
        ),
    });
  }

  /** The result of a case, which is run at most once. Never rejects. */
  result(test: Case): Promise<CaseResult> {
    return this.#results.of(test);
  }

  /** Stops sending requests. Cases that are still running end in an error with this reason. */
  stop(reason: string): void {
    this.#stopped ??= reason;
  }

  /** @throws {TransportError} if the session has been stopped */
  #permit(): void {
    if (this.#options.client.bytes > MOST_BYTES)
      this.stop(`the answers of the target exceed ${MOST_BYTES} bytes in total`);
    if (this.#stopped !== undefined) throw new TransportError(this.#stopped);
  }

  /**
   * Stops the session: waits for requests in flight, closes every group that it created and that is still open, and ends
   * its subscription.
   */
  async close(): Promise<void> {
    this.stop('the run has ended');
    await Promise.allSettled(this.#underWay);
    await closeGroups(this.#options, this.footprint, this.#everyScope());
    await this.#preparations.close();
  }

  async #run(test: Case): Promise<CaseResult> {
    const record = new CaseRecord(
      this.#options.contract,
      test,
      this.#options.redactor,
      (exchange) => this.#general.get(exchange.id) ?? [],
    );
    const exclusion = this.#exclusionOf(test);
    if (exclusion !== undefined) {
      for (const requirement of test.covers) record.excluded(requirement, exclusion);
      return record.result();
    }
    const { profile } = this.#options;
    const subjects: DeclaredSubjects[] = [];
    let cutShort: Missing | undefined;
    try {
      await test.run(this.#api(record, subjects));
    } catch (error) {
      const missing = missingIn(error);
      if (missing === undefined) record.failed(error);
      else {
        cutShort = missing;
        for (const requirement of test.covers) noteMissing(record, profile, requirement, missing, 'so far');
      }
    }
    for (const declared of subjects) declared.end(cutShort);
    return record.result();
  }

  #exclusionOf(test: Case): Exclusion | undefined {
    const { listen, writes } = this.#options;
    if (test.area === 'webhooks' && listen === undefined) return 'no-webhook-listener';
    return test.writes && !writes ? 'writes-off' : undefined;
  }

  #api(record: CaseRecord, subjects: DeclaredSubjects[]): Api {
    const { contract, clock, client, writes, signed, seed, settleMs, deliveriesSigned, profile } = this.#options;
    return {
      contract,
      clock,
      seed,
      settleMs,
      writes,
      signed,
      ask: (spec) => this.#ask(record, spec),
      judgeStatus: (requirements, exchange) => record.judgeStatus(requirements, exchange),
      report: (requirement, exchanges, ...seen) =>
        record.judge(
          requirement,
          exchanges,
          seen.filter((text) => typeof text === 'string'),
        ),
      subjects: (requirement, names) => {
        const declared = new DeclaredSubjects(
          record,
          (...missing) => noteMissing(record, profile, ...missing),
          record.promised(requirement),
          names,
        );
        subjects.push(declared);
        return declared;
      },
      profile,
      blocked: (requirement, prerequisite, detail) =>
        noteMissing(record, profile, requirement, { prerequisite, detail, needed: [] }),
      prevented: (requirement, error) => {
        const missing = missingIn(error);
        if (missing === undefined) throw error;
        noteMissing(record, profile, requirement, missing);
      },
      excluded: (requirement, reason) => record.excluded(requirement, reason),
      once: <T>(key: string, make: () => Promise<T>) => this.#once(key, make),
      exclusive: (section, act) => this.#exclusive(section, act),
      refused: () => this.#refused,
      ownersGiven: this.#options.userIds.length > 0,
      prerequisite: (name, index) => this.#prerequisite(record, name, index),
      groups: {
        has: (id) => this.footprint.has(id),
        add: (id) => this.footprint.created(id),
        open: () => this.footprint.openGroups(),
      },
      token: async (scopes) => {
        const token = await client.token(scopes, this.#hearing(record));
        record.asked(token.exchange);
        return token;
      },
      deliveriesSigned,
      deliveries: () => this.#preparations.deliveries(record, this.#hearing(record)),
      registrations: () => this.#registrations(record),
    };
  }

  /** A request counts as in flight until its answer is in the footprint, so that whatever it created gets closed. */
  async #ask(record: CaseRecord, spec: CaseRequest): Promise<Exchange> {
    this.#permit();
    const exchange = this.#askNow(record, spec);
    this.#underWay.add(exchange);
    return exchange.finally(() => this.#underWay.delete(exchange));
  }

  async #askNow(record: CaseRecord, spec: CaseRequest): Promise<Exchange> {
    const { expects = [], isUrgent, ...rest } = spec;
    const heard = this.#hearing(record, expects);
    const asked = { ...rest, ...this.#usual(rest) };
    const permit = () => this.#permit();
    const exchange = await this.#options.client.ask(asked, { heard, permit, ...(isUrgent && { hurry: 'urgent' }) });
    heard(exchange, 'request');
    this.footprint.note(this.#options.contract, exchange);
    if (!succeeded(exchange)) this.#refused.push(exchange);
    record.judgeStatus(expects, exchange);
    return exchange;
  }

  /** Judges each exchange by every general requirement, and records it as evidence of the case. */
  #hearing(record: CaseRecord, expects: readonly string[] = []): Heard {
    return (exchange, about) => {
      const general = judgeExchange(this.#options.contract, exchange, about === 'request' ? expects : []);
      this.#general.set(exchange.id, condensed([...general, ...this.#history.observe(exchange)]));
      record.asked(exchange);
    };
  }

  async #registrations(record: CaseRecord): Promise<Registrations | undefined> {
    await this.#preparations.deliveries(record, this.#hearing(record)).catch((error: unknown) => {
      if (missingIn(error) === undefined) throw error;
    });
    const { all, calls } = this.#preparations.registrations;
    for (const exchange of calls) record.asked(exchange);
    return all;
  }

  #prerequisite(record: CaseRecord, name: string, index: number): Promise<string> {
    return this.#once(`${name} ${index}`, async () => {
      const { contract, userIds } = this.#options;
      const given = isGivenBySetting(contract, name) ? userIds[index] : undefined;
      return (
        given ??
        this.#preparations.prerequisite(name, {
          hear: this.#hearing(record),
          asked: (exchange) => record.asked(exchange),
          idOf: (other) => this.#prerequisite(record, other, index),
        })
      );
    });
  }

  /** The default caller, and for the token endpoint the default form. */
  #usual({ operation, form, caller = this.#everyScope() }: CaseRequest): Pick<RequestSpec, 'caller' | 'form'> {
    const declared = this.#options.contract.operations.find(({ name }) => name === operation);
    if (!declared?.issuesTokens) return { caller };
    const scope = this.#everyScope().credential.scopes.join(' ');
    return { caller: { title: 'with client credentials', credential: { kind: 'none' } }, form: { scope, ...form } };
  }

  /** A caller with every scope that the profile does not rule out. */
  #everyScope() {
    const { contract, profile } = this.#options;
    return {
      title: 'with every scope of the resource',
      credential: {
        kind: 'token' as const,
        scopes: scopesInUse(contract.doc).filter((scope) => has(profile.scopes, scope)),
      },
    };
  }

  #once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#shared.get(key) ?? this.#make(key, make);
    return waitFor(known.work, known.made as Promise<T>);
  }

  #make(key: string, make: () => Promise<unknown>): { work: Work; made: Promise<unknown> } {
    const work = new Work(`"${key}"`);
    const shared = { work, made: doing(work, make) };
    this.#shared.set(key, shared);
    return shared;
  }

  #exclusive<T>(section: string, act: () => Promise<T>): Promise<T> {
    const [domain = '', kind = ''] = section.split(':');
    const sections = this.#sections.get(domain) ?? new ExclusiveSections();
    this.#sections.set(domain, sections);
    return sections.run(kind, act);
  }
}

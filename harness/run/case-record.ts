import type { Case, CaseResult, Exclusion } from '../case.ts';
import { byRequirement, type Finding } from '../checks/finding.ts';
import type { Redactor } from '../client/redactor.ts';
import type { Contract } from '../contract/index.ts';
import { accepts } from '../contract/operations.ts';
import type { Exchange } from '../exchange.ts';

/**
 * Collects what one case shows about the promises of the contract. Ids that other contracts promise ({@link Case.known})
 * are dropped; any other unknown id is a TypeError.
 */
export class CaseRecord {
  readonly #contract: Contract;
  readonly #test: Case;
  readonly #redactor: Redactor;
  readonly #generalOf: (exchange: Exchange) => readonly Finding[];
  readonly #exchanges = new Map<string, Exchange>();
  readonly #findings: Finding[] = [];
  readonly #blocked = new Map<string, Set<string>>();
  readonly #cutShort = new Map<string, string>();
  readonly #excluded = new Map<string, Exclusion>();
  #error: string | undefined;

  constructor(
    contract: Contract,
    test: Case,
    redactor: Redactor,
    generalOf: (exchange: Exchange) => readonly Finding[],
  ) {
    this.#contract = contract;
    this.#test = test;
    this.#redactor = redactor;
    this.#generalOf = generalOf;
  }

  asked(exchange: Exchange): void {
    this.#exchanges.set(exchange.id, exchange);
  }

  /** @throws {TypeError} if neither the contract nor any case knows the requirement. */
  promised(requirement: string): string {
    if (!this.#contract.requirements.has(requirement) && !this.#test.known?.has(requirement))
      throw new TypeError(`the contract has no requirement ${requirement}`);
    return requirement;
  }

  judge(requirement: string, exchanges: readonly Exchange[], violations: readonly string[]): void {
    this.promised(requirement);
    for (const exchange of exchanges) this.asked(exchange);
    this.#findings.push({ requirement, exchanges: exchanges.map(({ id }) => id), violations });
  }

  /** Judges requirements on the status of an answer. @throws {TypeError} for a requirement on anything else */
  judgeStatus(requirements: readonly string[], exchange: Exchange): void {
    const { status } = exchange.response;
    for (const requirement of requirements) {
      const promise = this.#contract.requirements.get(this.promised(requirement));
      if (promise === undefined) continue;
      const accepted = promise.accepts;
      if (accepted === undefined) throw new TypeError(`requirement ${requirement} is not about a status`);
      const isKept = accepts(accepted, status);
      this.judge(requirement, [exchange], isKept ? [] : [`${status}; promised is ${accepted.join(' or ')}`]);
    }
  }

  /** A part of the requirement could not be judged, even if other parts were. */
  blocked(requirement: string, detail: string): void {
    this.promised(requirement);
    const details = this.#blocked.get(requirement) ?? new Set();
    this.#blocked.set(requirement, details.add(this.#redactor.redact(detail)));
  }

  /** The case ended early; this counts only if the requirement has no finding. */
  cutShort(requirement: string, detail: string): void {
    this.#cutShort.set(requirement, this.#redactor.redact(detail));
  }

  excluded(requirement: string, reason: Exclusion): void {
    this.promised(requirement);
    this.#excluded.set(requirement, reason);
  }

  failed(error: unknown): void {
    this.#error = this.#redactor.redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }

  result(): CaseResult {
    const isPromised = (requirement: string) => this.#contract.requirements.has(requirement);
    const findings = byRequirement(
      [...this.#findings, ...[...this.#exchanges.values()].flatMap(this.#generalOf)].filter(({ requirement }) =>
        isPromised(requirement),
      ),
      (text) => this.#redactor.redact(text),
    );
    const open = (requirement: string) => isPromised(requirement) && findings[requirement] === undefined;
    return {
      case: this.#test.id,
      exchanges: [...this.#exchanges.values()],
      findings,
      blocked: Object.fromEntries([
        ...[...this.#cutShort].filter(([requirement]) => open(requirement)),
        ...[...this.#blocked]
          .filter(([requirement]) => isPromised(requirement))
          .map(([requirement, details]) => [requirement, [...details].join('; ')] as const),
      ]),
      excluded: Object.fromEntries([...this.#excluded].filter(([requirement]) => open(requirement))),
      error: this.#error,
    };
  }
}

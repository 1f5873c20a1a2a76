import type { Case, CaseResult } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import type { Exchange } from '../harness/exchange.ts';
import type { Left } from '../harness/footprint.ts';
import { lineOf } from '../harness/profile.ts';
import { portable } from '../harness/setting-kinds.ts';
import { type RequirementVerdict, type RunVerdict, VERDICTS, type Verdict, weight } from '../harness/verdicts.ts';
import type { RunFacts } from './facts.ts';
import type { Proof, Suite } from './provenance.ts';

/** One run as a document; `conformance.schema.json` describes it. */
export interface Report {
  readonly schema: 'account-groups-conformance/2';
  readonly verdict: RunVerdict;
  readonly narrowed: boolean;
  readonly target: string;
  readonly counts: Readonly<Partial<Record<Verdict, number>>>;
  readonly contract: {
    readonly title: string;
    readonly version: string;
    readonly path: string;
    readonly sha256: string;
  };
  readonly suite: Suite;
  readonly proof?: Proof;
  readonly settings: RunFacts['settings'];
  readonly requirements: readonly ReportedRequirement[];
  readonly cases: ReadonlyArray<Pick<Case, 'id' | 'title' | 'area' | 'operation' | 'proves'> & Ran>;
  readonly run: RunDetails & { readonly requests: number };
  readonly evidence: Readonly<Record<string, Evidence>>;
  readonly exchanges: readonly Exchange[];
  readonly complete: true;
}

interface Ran {
  readonly ran: boolean;
  readonly error?: string;
}

/** A requirement and its verdict. */
export interface ReportedRequirement {
  readonly id: string;
  readonly area: string;
  readonly level: 'MUST' | 'SHOULD';
  readonly statement: string;
  readonly source: string;
  readonly pointer: string;
  readonly verdict: Verdict;
  readonly gate: 'ok' | 'advice' | 'gate';
  readonly reason?: string;
  /** By what it is accepted, or was; only where the verdict says so. */
  readonly accepted?: ReadonlyArray<Readonly<Record<'because' | 'ticket' | 'since' | 'until', string>>>;
  /** What rules it out, where it is excluded. */
  readonly excludedBy?: 'setting' | 'profile';
  /** Ids of the cases that are made for it. */
  readonly cases: readonly string[];
}

/** What stands behind a verdict; bounded, with the full counts. */
export interface Evidence {
  /** Ids of the cases that have judged it. */
  readonly cases: readonly string[];
  readonly exchanges: readonly string[];
  readonly exchangeCount: number;
  readonly violations: RequirementVerdict['violations'];
  readonly violationCount: number;
}

/** What is different each time. */
export interface RunDetails {
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'timedout' | 'interrupted';
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  readonly parts: number;
  readonly node: string;
  readonly playwright: string;
  readonly footprint: Left;
  readonly troubles: readonly string[];
}

export interface ReportParts {
  readonly contract: Contract;
  readonly cases: readonly Case[];
  readonly results: ReadonlyMap<string, CaseResult>;
  readonly verdicts: readonly RequirementVerdict[];
  readonly verdict: RunVerdict;
  readonly narrowed: boolean;
  readonly facts: RunFacts;
  readonly proof: Proof | undefined;
  readonly run: RunDetails;
}

const MOST_EXCHANGES = 20;
const MOST_VIOLATIONS = 20;

/** The run as one document: by requirement, in the order of the contract, volatile values apart from the rest. */
export function buildReport(parts: ReportParts): Report {
  const { contract, cases, results, verdicts, verdict, narrowed, facts, proof, run } = parts;
  const exchanges = exchangesOf(results);
  const judging = (requirement: string) =>
    cases.filter(({ id }) => results.get(id)?.judgements[requirement] !== undefined).map(({ id }) => id);
  const { title, version, hash } = contract;
  return {
    schema: 'account-groups-conformance/2',
    verdict,
    narrowed,
    target: facts.target,
    counts: Object.fromEntries(VERDICTS.map((word) => [word, verdicts.filter((one) => one.verdict === word).length])),
    contract: { title, version, path: portable(contract.path), sha256: hash },
    suite: facts.suite,
    ...(proof && { proof }),
    settings: facts.settings,
    requirements: verdicts.map((one) => reported(one, facts, cases)),
    cases: cases.map(({ id, title, area, operation, proves }) => {
      const result = results.get(id);
      return {
        id,
        title,
        area,
        ...(operation !== undefined && { operation }),
        proves,
        ran: result !== undefined,
        ...(result?.error !== undefined && { error: result.error }),
      };
    }),
    run: { ...run, requests: exchanges.filter(({ received }) => !received).length },
    evidence: Object.fromEntries(
      verdicts
        .filter((one) => one.exchanges.length > 0 || one.violations.length > 0)
        .map((one) => [one.requirement.id, { cases: judging(one.requirement.id), ...evidenceOf(one) }]),
    ),
    exchanges,
    complete: true,
  };
}

function reported(one: RequirementVerdict, { options }: RunFacts, cases: readonly Case[]): ReportedRequirement {
  const { id, area, level, statement, source, pointer } = one.requirement;
  return {
    id,
    area,
    level,
    statement,
    source,
    pointer,
    verdict: one.verdict,
    gate: weight(one, options),
    ...(one.reason !== undefined && { reason: one.reason }),
    ...(one.acceptance && {
      accepted: one.acceptance.deviations.map(({ because, ticket, since, until }) => ({
        because,
        ticket,
        since,
        until,
      })),
    }),
    ...(one.exclusion && { excludedBy: lineOf(one.exclusion) === undefined ? 'setting' : 'profile' }),
    cases: cases.filter(({ proves }) => proves.includes(id)).map((test) => test.id),
  };
}

function evidenceOf({ exchanges, violations }: RequirementVerdict): Omit<Evidence, 'cases'> {
  // One of each sort before many of one.
  const sorts = new Map(violations.toReversed().map((violation) => [sortOf(violation.seen), violation]));
  const firsts = new Set(sorts.values());
  const shown = violations
    .filter((one) => firsts.has(one))
    .concat(violations.filter((one) => !firsts.has(one)))
    .slice(0, MOST_VIOLATIONS);
  const first = new Set([...shown.flatMap((violation) => violation.exchanges), ...exchanges]);
  return {
    exchanges: [...first].slice(0, MOST_EXCHANGES),
    exchangeCount: exchanges.length,
    violations: shown,
    violationCount: violations.length,
  };
}

/** What was seen, but for numbers and ids: two of a sort say the same of two answers. */
export function sortOf(seen: string): string {
  return seen
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '#')
    .replaceAll(/\d+/g, '#')
    .slice(0, 500);
}

/** Every exchange once, in the order of time. */
function exchangesOf(results: ReadonlyMap<string, CaseResult>): Exchange[] {
  const byId = new Map<string, Exchange>();
  for (const result of results.values()) for (const exchange of result.exchanges) byId.set(exchange.id, exchange);
  return [...byId.values()].sort((a, b) => a.startedAt - b.startedAt || a.began - b.began || (a.id < b.id ? -1 : 1));
}

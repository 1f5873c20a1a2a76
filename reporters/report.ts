import { stringify } from 'yaml';
import type { Case, CaseResult } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { type Histories, spanAt } from '../harness/contract/promise-history.ts';
import type { Exchange } from '../harness/exchange.ts';
import { excludedBy, scopeOf } from '../harness/verdicts/scope.ts';
import { gateEffect, type RequirementVerdict, type RunVerdict, VERDICTS } from '../harness/verdicts/verdicts.ts';
import { authorityOf, type Log } from './authority.ts';
import type { RunFacts } from './facts.ts';
import {
  type Evidence,
  type Proof,
  type Report,
  type ReportedCase,
  type ReportedRequirement,
  type RunDetails,
  SCHEMA,
} from './schema/report.ts';
import { cut } from './text.ts';

export type { Evidence, Report, ReportedCase, ReportedRequirement, RunDetails };

export interface ReportParts {
  readonly contract: Contract;
  readonly log: Log;
  /** The versions of the promises. */
  readonly histories: Histories;
  readonly cases: readonly Case[];
  /** Ids of the cases that were selected. */
  readonly selected: ReadonlySet<string>;
  readonly results: ReadonlyMap<string, CaseResult>;
  /** Exchanges that belong to no case: the probe of the target, token requests, clean-up. */
  readonly auxiliary: readonly Exchange[];
  readonly verdicts: readonly RequirementVerdict[];
  readonly verdict: RunVerdict;
  readonly narrowed: boolean;
  readonly facts: RunFacts;
  readonly proof: Proof | undefined;
  readonly run: Omit<RunDetails, 'targetSays'>;
}

/** Violations reported per requirement, and characters quoted from the contract: bounds on the size of the report. */
const MOST_VIOLATIONS = 20;
const MOST_QUOTED = 800;

/** The run as one document: by requirement, in the order of the contract, volatile values separate from the rest. */
export function buildReport(parts: ReportParts): Report {
  const { contract, cases, selected, results, verdicts, verdict, narrowed, facts, proof, run } = parts;
  const exchanges = exchangesOf(results, parts.auxiliary);
  const { title, version, hash } = contract;
  const targetSays = serverOf(exchanges, facts.target);
  return {
    schema: SCHEMA,
    verdict,
    scope: scopeOf(verdicts),
    narrowed,
    target: facts.target,
    counts: Object.fromEntries(VERDICTS.map((word) => [word, verdicts.filter((one) => one.verdict === word).length])),
    contract: { title, version, path: contract.path, sha256: hash },
    ...(facts.targetFile && { targetFile: facts.targetFile }),
    suite: facts.suite,
    ...(proof && { proof }),
    settings: facts.settings,
    requirements: verdicts.map((one) => reported(one, parts)),
    cases: cases.map((test) => reportedCase(test, results.get(test.id), selected)),
    run: {
      ...run,
      ...(targetSays !== undefined && { targetSays }),
      requests: exchanges.filter(({ received }) => !received).length,
    },
    evidence: Object.fromEntries(
      verdicts
        .filter((one) => one.exchanges.length > 0 || one.violations.length > 0)
        .map((one) => [one.requirement.id, evidenceOf(one, cases, results)]),
    ),
    exchanges,
    complete: true,
  };
}

function reported(
  one: RequirementVerdict,
  { facts: { options }, cases, contract, log, histories }: ReportParts,
): ReportedRequirement {
  const { id, area, level, statement, source, pointer } = one.requirement;
  const { acceptance, exclusion, observed, reason, verdict } = one;
  const { since, until } = spanAt(histories, one.requirement, contract.vendorVersion) ?? {};
  const isFinding = observed === 'violated' || verdict === 'stale';
  return {
    id,
    area,
    level,
    statement,
    source,
    authority: authorityOf(one.requirement, log),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    pointer,
    ...(isFinding && { quote: quoteOf(contract, pointer) }),
    verdict,
    observed,
    acceptance: acceptance === undefined ? 'open' : acceptance.isOver ? 'expired' : 'accepted',
    gate: gateEffect(one, options),
    ...(reason !== undefined && { reason }),
    ...(acceptance && {
      accepted: acceptance.deviations.map(({ because, ticket, approver, since, until }) => ({
        because,
        ticket,
        ...(approver !== undefined && { approver }),
        since,
        until,
      })),
    }),
    ...(exclusion && { excludedBy: excludedBy(exclusion) }),
    cases: cases.filter(({ covers }) => covers.includes(id)).map((test) => test.id),
  };
}

/** The part of the contract at a JSON pointer, as YAML. */
function quoteOf({ doc }: Contract, pointer: string): string {
  const key = pointer.split('/').at(-1) ?? '';
  const value = doc.find(pointer)?.value;
  return cut(stringify(/^\d+$/.test(key) ? value : { [key]: value }).trimEnd(), MOST_QUOTED);
}

function reportedCase(
  { id, title, area, operation, covers }: Case,
  result: CaseResult | undefined,
  selected: ReadonlySet<string>,
): ReportedCase {
  return {
    id,
    title,
    area,
    ...(operation !== undefined && { operation }),
    covers,
    state: stateOf(result, selected.has(id)),
    ...(result?.error !== undefined && { error: result.error }),
  };
}

function stateOf(result: CaseResult | undefined, isSelected: boolean): ReportedCase['state'] {
  if (result === undefined) return isSelected ? 'not-run' : 'not-selected';
  if (result.exchanges.length > 0) return 'asked';
  return Object.keys(result.excluded).length > 0 ? 'excluded' : 'nothing-asked';
}

function evidenceOf(
  { requirement, exchanges, violations }: RequirementVerdict,
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
): Evidence {
  // One violation of each kind before several of one kind.
  const kinds = new Map(violations.toReversed().map((violation) => [sortOf(violation.seen), violation]));
  const firsts = new Set(kinds.values());
  const shown = violations
    .filter((one) => firsts.has(one))
    .concat(violations.filter((one) => !firsts.has(one)))
    .slice(0, MOST_VIOLATIONS);
  const against = violations.flatMap((violation) => violation.exchanges);
  return {
    cases: cases.filter(({ id }) => results.get(id)?.findings[requirement.id] !== undefined).map(({ id }) => id),
    exchanges: [...new Set([...shown.flatMap((violation) => violation.exchanges), ...against, ...exchanges])],
    violations: shown,
    violationCount: violations.length,
  };
}

/** The text of a violation without numbers and ids, so that equal violations of different answers compare equal. */
export function sortOf(seen: string): string {
  return seen
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '#')
    .replaceAll(/\d+/g, '#')
    .slice(0, 500);
}

/** Every exchange once, in chronological order. */
function exchangesOf(results: ReadonlyMap<string, CaseResult>, auxiliary: readonly Exchange[]): Exchange[] {
  const byId = new Map<string, Exchange>();
  for (const exchange of [...auxiliary, ...[...results.values()].flatMap((result) => result.exchanges)])
    byId.set(exchange.id, exchange);
  return [...byId.values()].sort((a, b) => a.startedAt - b.startedAt || a.began - b.began || (a.id < b.id ? -1 : 1));
}

/** The values of the `server` header in answers of the target. */
function serverOf(exchanges: readonly Exchange[], target: string): string | undefined {
  const own = exchanges.filter(
    ({ received, request }) => !received && (request.url.startsWith(target) || !/^http/.test(target)),
  );
  const servers = own.flatMap(({ response }) =>
    response.headers.filter(([name]) => name === 'server').map(([, value]) => value),
  );
  return servers.length === 0 ? undefined : cut([...new Set(servers)].slice(0, 3).join(', '), 200);
}

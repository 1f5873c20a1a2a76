import type { Case, CaseResult } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import type { Histories } from '../harness/contract/promise-history.ts';
import { caseOf, contract, exchange, resultOf } from '../harness/fixtures.ts';
import { FULL_PROFILE } from '../harness/verdicts/profile.ts';
import { requirementVerdicts, runVerdict } from '../harness/verdicts/verdicts.ts';
import type { RunFacts } from './facts.ts';
import { judgedIn, proofOf } from './provenance.ts';
import { buildReport, type Report, type RunDetails } from './report.ts';

export const FACTS: RunFacts = {
  run: '0f0e0d0c-0b0a-4908-8706-050403020100',
  target: 'https://target.test',
  settings: {
    BASE_URL: 'https://target.test',
    CLIENT_SECRET: '(set)',
    CONTRACT: 'spec/account-groups.openapi.yaml',
    SEED: 1,
  },
  options: { writes: true, strict: false, tolerateAdditive: false, deviations: [], profile: FULL_PROFILE },
  contract: contract.hash,
  suite: { version: '0.1.0', commit: 'a'.repeat(40), dirty: false },
  node: 'v20.0.0',
};

const RUN: RunDetails = {
  id: '0f0e0d0c-0b0a-4908-8706-050403020100',
  partIds: [],
  ended: 'completed',
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T10:00:02.000Z',
  durationMs: 2000,
  parts: 1,
  node: 'v20.0.0',
  playwright: '1.0.0',
  footprint: { prerequisites: [{ what: 'user', id: 'u1' }], groups: [{ id: 'g1', state: 'open' }], webhooks: [] },
  troubles: [],
};

/** The report of a run with these results. */
export function reportOf(
  results: readonly CaseResult[],
  {
    cases = results.map((result) => caseOf(result.case, Object.keys(result.findings))),
    facts = FACTS,
    run = {},
    narrowed = false,
    selected = new Set(cases.map(({ id }) => id)),
    histories = new Map(),
    of = contract,
  }: {
    cases?: readonly Case[];
    facts?: RunFacts;
    run?: Partial<RunDetails>;
    narrowed?: boolean;
    selected?: ReadonlySet<string>;
    histories?: Histories;
    of?: Contract;
  } = {},
): Report {
  const byCase = new Map(results.map((result) => [result.case, result]));
  const verdicts = requirementVerdicts(of, cases, byCase, { ...facts.options, today: '2026-01-01', selected });
  return buildReport({
    contract: of,
    log: new Map(),
    histories,
    cases,
    selected,
    results: byCase,
    auxiliary: [],
    verdicts,
    verdict: runVerdict(verdicts, { ...facts.options, narrowed }),
    narrowed,
    facts,
    proof: proofOf(of, judgedIn(verdicts)),
    run: { ...RUN, ...run },
  });
}

/** A result that judges every requirement, with these violations. */
export function everything(
  violations: Readonly<Record<string, readonly string[]>> = {},
  exchanges = [exchange({ body: { a: 1 } })],
): CaseResult {
  const judged = Object.fromEntries([...contract.requirements.keys()].map((id) => [id, violations[id] ?? []]));
  return resultOf('everything', { judged, exchanges });
}

export const MUST = 'list.allowed';
export const SHOULD = 'problem.title-constant';

import { type Case, type CaseResult, EXCLUDED } from './case.ts';
import type { Contract, Requirement } from './contract/index.ts';
import type { Deviation } from './deviations.ts';

/** What a run has shown about a requirement; the closed list. */
export const VERDICTS = [
  'passed',
  'failed',
  'known',
  'stale',
  'blocked',
  'excluded',
  'untested',
  'not-run',
  'error',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a run has shown as a whole. */
export type RunVerdict = 'conformant' | 'non-conformant' | 'inconclusive' | 'incomplete';

export interface RequirementVerdict {
  readonly requirement: Requirement;
  readonly verdict: Verdict;
  /** Why, where the verdict alone does not say it. */
  readonly reason: string | undefined;
  /** Ids of the cases that are made for it or have judged it. */
  readonly cases: readonly string[];
  /** Ids of the exchanges behind the verdict. */
  readonly exchanges: readonly string[];
  readonly violations: ReadonlyArray<{
    readonly case: string;
    readonly seen: string;
    readonly exchanges: readonly string[];
  }>;
}

export interface RunOptions {
  /** Violations of this target that are accepted. */
  readonly deviations?: readonly Deviation[];
  /** Today, as `2026-01-31`; decides which deviations have run out. */
  readonly today?: string;
  /** Seed of generated inputs, for the command that repeats a case. */
  readonly seed?: number;
  /** Why nothing could be asked at all. */
  readonly trouble?: string | undefined;
  readonly writes: boolean;
  readonly strict: boolean;
  readonly tolerateAdditive: boolean;
}

/** The verdict of every requirement of the contract. `results` holds what ran; every other case counts as not run. */
export function requirementVerdicts(
  contract: Contract,
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): RequirementVerdict[] {
  const judging = new Map<string, CaseResult[]>();
  for (const result of results.values())
    for (const id of Object.keys(result.judgements)) add(judging, id, result);
  const made = new Map<string, Case[]>();
  for (const test of cases) for (const id of test.proves) add(made, id, test);
  return [...contract.requirements.values()].map((requirement) =>
    verdictOf(
      contract,
      requirement,
      made.get(requirement.id) ?? [],
      judging.get(requirement.id) ?? [],
      cases.length,
      results,
      options,
    ),
  );
}

/**
 * The deviation by which violations of a requirement are accepted: one that names it, or those that name the cases that
 * show them. One that names a case which shows no violation any more is found as well, so that it can be called stale.
 */
function acceptedBy(
  { deviations = [], today = '9999' }: RunOptions,
  requirement: Requirement,
  made: readonly Case[],
  violations: ReadonlyArray<{ readonly case: string }>,
  results: ReadonlyMap<string, CaseResult>,
): Deviation | undefined {
  if (deviations.length === 0) return undefined;
  const begun = deviations.filter(({ since }) => since <= today);
  const named = begun.find((deviation) => deviation.requirement === requirement.id);
  if (named !== undefined) return named;
  const ofCase = (id: string) => begun.find((deviation) => deviation.case === id);
  if (violations.length > 0)
    return violations.every((violation) => ofCase(violation.case)) ? ofCase(violations[0]?.case ?? '') : undefined;
  const isClean = ({ id }: Case) =>
    Object.values(results.get(id)?.judgements ?? {}).every((judgement) => judgement.violations.length === 0);
  return made
    .filter((test) => results.has(test.id) && isClean(test))
    .map(({ id }) => ofCase(id))
    .find((found) => found !== undefined);
}

/** `made`: cases that are made for the requirement; `judging`: results that judge it. */
function verdictOf(
  contract: Contract,
  requirement: Requirement,
  made: readonly Case[],
  judging: readonly CaseResult[],
  planned: number,
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): RequirementVerdict {
  const exchanges = union(judging.map(({ judgements }) => judgements[requirement.id]?.exchanges ?? []));
  const violations = unique(
    judging.flatMap((result) =>
      (result.judgements[requirement.id]?.violations ?? []).map((violation) => ({ case: result.case, ...violation })),
    ),
  );
  const base = {
    requirement,
    cases: union([made.map(({ id }) => id), judging.map((result) => result.case)]),
    exchanges,
    violations,
  };
  const verdict = (word: Verdict, reason?: string): RequirementVerdict => ({ ...base, verdict: word, reason });

  // What a violation hides can be accepted along with it, by name only.
  const blocked = (reason: string) =>
    accepted?.requirement === requirement.id
      ? verdict('known', `${reason}; ${accepted.because} (${accepted.ticket}, until ${accepted.until})`)
      : verdict('blocked', reason);
  const accepted = acceptedBy(options, requirement, made, violations, results);
  if (accepted !== undefined && (options.today ?? '') > accepted.until)
    return verdict('stale', `accepted until ${accepted.until} only (${accepted.ticket})`);
  if (violations.length > 0)
    return accepted === undefined
      ? verdict('failed')
      : verdict('known', `${accepted.because} (${accepted.ticket}, until ${accepted.until})`);
  if (options.trouble !== undefined) return verdict('error', options.trouble);
  // A case that came to grief may have judged a part only; what it did not ask cannot count as kept.
  for (const { id } of made) {
    const error = results.get(id)?.error;
    if (error !== undefined) return verdict('error', error);
  }
  const silent = made.filter(({ id }) => results.get(id)?.judgements[requirement.id] === undefined);
  if (silent.some(({ id }) => !results.has(id))) return verdict('not-run', 'selected, but never run');
  for (const id of new Set([...made.map((test) => test.id), ...results.keys()])) {
    const reason = results.get(id)?.blocked[requirement.id];
    if (reason !== undefined) return blocked(reason);
  }
  if (exchanges.length > 0)
    return accepted === undefined
      ? verdict('passed')
      : verdict('stale', `accepted as violated, and kept now (${accepted.ticket})`);
  for (const { id } of silent) {
    const reason = results.get(id)?.excluded[requirement.id];
    if (reason !== undefined) return verdict('excluded', EXCLUDED[reason]);
  }
  if (requirement.reach === 'chance')
    return verdict('untested', 'nobody can provoke it from outside, and it was not met');
  if (!options.writes && (contract.operations.find(({ name }) => name === requirement.operation)?.writes ?? false))
    return verdict('excluded', EXCLUDED['writes-off']);
  const failure = [...results.values()].find(({ error }) => error !== undefined)?.error;
  if (failure !== undefined) return verdict('error', failure);
  if (results.size < planned) return verdict('not-run', 'no case that ran could prove it');
  return blocked('no answer was met that could prove it');
}

/** Does a violation of this requirement keep the gate shut? */
export function gates(requirement: Requirement, options: RunOptions): boolean {
  const advisory = requirement.level === 'SHOULD' || (options.tolerateAdditive && requirement.additive === true);
  return options.strict || !advisory;
}

/** Does this verdict keep the gate shut? `advice` is shown and does not. */
export function weight(verdict: RequirementVerdict, options: RunOptions): 'ok' | 'advice' | 'gate' {
  switch (verdict.verdict) {
    case 'passed':
    case 'known':
    case 'excluded':
    case 'untested':
      return 'ok';
    case 'failed':
      return gates(verdict.requirement, options) ? 'gate' : 'advice';
    case 'stale':
    case 'blocked':
    case 'not-run':
    case 'error':
      return 'gate';
  }
}

/** The verdict of the run. `narrowed`: not every case was selected. */
export function runVerdict(
  verdicts: readonly RequirementVerdict[],
  options: RunOptions & { readonly narrowed: boolean },
): RunVerdict {
  const shut = verdicts.filter((verdict) => weight(verdict, options) === 'gate');
  if (shut.some(({ verdict }) => verdict === 'failed' || verdict === 'stale')) return 'non-conformant';
  if (options.trouble !== undefined) return 'inconclusive';
  if (options.narrowed || shut.some(({ verdict }) => verdict === 'not-run')) return 'incomplete';
  return shut.length > 0 ? 'inconclusive' : 'conformant';
}

function unique<T extends { readonly seen: string; readonly exchanges: readonly string[] }>(
  violations: readonly T[],
): T[] {
  if (violations.length < 2) return [...violations];
  const known = new Set<string>();
  return violations.filter(({ seen, exchanges }) => {
    const key = `${exchanges.join()} ${seen}`;
    return !known.has(key) && known.add(key);
  });
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Everything that is in some list, once, in order. */
function union(lists: readonly (readonly string[])[]): string[] {
  const all = new Set<string>();
  for (const list of lists) for (const one of list) all.add(one);
  return [...all];
}

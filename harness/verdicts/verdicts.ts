import type { Case, CaseResult, Exclusion } from '../case.ts';
import type { Contract, Requirement } from '../contract/index.ts';
import {
  type Acceptance,
  type AcceptanceOptions,
  acceptanceByName,
  acceptanceOf,
  acceptanceText,
  idleAcceptance,
} from './acceptance.ts';
import { type AttributedViolation, attributed, reportersOf } from './attribution.ts';
import type { Profile } from './profile.ts';
import { withoutViolation } from './unviolated.ts';

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

/** What was seen of a promise, whatever is accepted of the target. */
export const OBSERVATIONS = ['kept', 'violated', 'not-shown'] as const;
export type Observation = (typeof OBSERVATIONS)[number];

/**
 * What a run has shown as a whole. `stale`: nothing was seen that counts against the target, and what is accepted of it
 * is out of date.
 */
export const RUN_VERDICTS = ['conformant', 'non-conformant', 'inconclusive', 'incomplete', 'stale'] as const;
export type RunVerdict = (typeof RUN_VERDICTS)[number];

export interface RequirementVerdict {
  readonly requirement: Requirement;
  readonly verdict: Verdict;
  readonly observed: Observation;
  /** Why, where the verdict alone does not say it. */
  readonly reason: string | undefined;
  /** Ids of the cases that are made for it or have judged it. */
  readonly cases: readonly string[];
  /** Ids of the exchanges behind the verdict. */
  readonly exchanges: readonly string[];
  /** What was seen against it, each with the case that reports it. */
  readonly violations: readonly AttributedViolation[];
  /** Ids of the cases that report its violations. */
  readonly reporters: readonly string[];
  /** Id of the case behind the verdict, where one is. */
  readonly by?: string | undefined;
  /** By what it is accepted, or was; set for `known` and `stale` only. */
  readonly acceptance?: Acceptance | undefined;
  /** Why it is excluded; set for `excluded` only. */
  readonly exclusion?: Exclusion | undefined;
  /** No case has come to any finding about it. */
  readonly unmet?: boolean | undefined;
}

export interface RunOptions extends AcceptanceOptions {
  /** What the target is declared to do, for the reasons behind what it excludes. */
  readonly profile?: Profile;
  /** Seed of generated inputs, for the command that repeats a case. */
  readonly seed?: number;
  /** Why nothing could be asked at all. */
  readonly trouble?: string | undefined;
  /** Ids of the cases that were selected; by default, all. */
  readonly selected?: ReadonlySet<string>;
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
  for (const result of results.values()) for (const id of Object.keys(result.findings)) add(judging, id, result);
  const made = new Map<string, Case[]>();
  for (const test of cases) for (const id of test.covers) add(made, id, test);
  return [...contract.requirements.values()].map((requirement) =>
    verdictOf(
      contract,
      requirement,
      made.get(requirement.id) ?? [],
      judging.get(requirement.id) ?? [],
      cases,
      results,
      options,
    ),
  );
}

/** `made`: cases that are made for the requirement; `judging`: results that judge it. */
function verdictOf(
  contract: Contract,
  requirement: Requirement,
  made: readonly Case[],
  judging: readonly CaseResult[],
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): RequirementVerdict {
  const { id } = requirement;
  const violations = attributed(requirement, cases, judging);
  const exchanges = union(judging.map(({ findings }) => findings[id]?.exchanges ?? []));
  const plain: Plain =
    violations.length > 0
      ? { verdict: 'failed' }
      : withoutViolation(contract, requirement, made, exchanges.length > 0, cases, results, options);
  const accepted = acceptedVerdict(plain, acceptanceFor(id, violations, made, results, options));
  return {
    reason: undefined,
    ...plain,
    ...accepted,
    observed: OBSERVED[plain.verdict] ?? 'not-shown',
    requirement,
    cases: union([made.map((test) => test.id), judging.map((result) => result.case)]),
    exchanges,
    violations,
    reporters: reportersOf(requirement, cases, violations),
  };
}

/** A verdict before acceptance comes into it. */
export interface Plain extends Pick<RequirementVerdict, 'by' | 'exclusion' | 'unmet'> {
  readonly verdict: Exclude<Verdict, 'known' | 'stale'>;
  readonly reason?: string;
}

const OBSERVED: Readonly<Partial<Record<Verdict, Observation>>> = { passed: 'kept', failed: 'violated' };

/** By what a requirement is accepted as violated; `byName`: by an entry that names it. */
function acceptanceFor(
  id: string,
  violations: readonly AttributedViolation[],
  made: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): { readonly acceptance: Acceptance; readonly byName: boolean } | undefined {
  if (violations.length > 0) {
    const acceptance = acceptanceOf(id, violations, options);
    return acceptance && { acceptance, byName: false };
  }
  const named = acceptanceByName(id, options);
  const acceptance = named ?? idleAcceptance(made, results, options);
  return acceptance && { acceptance, byName: named !== undefined };
}

/** What becomes of a verdict by what is accepted; nothing where it stays as it is. */
function acceptedVerdict(
  { verdict, reason }: Plain,
  found: ReturnType<typeof acceptanceFor>,
): Pick<RequirementVerdict, 'verdict' | 'reason' | 'acceptance'> | undefined {
  if (found === undefined) return undefined;
  const { acceptance, byName } = found;
  const stale = (why: string) => ({
    verdict: 'stale' as const,
    reason: `${why} (${acceptance.deviations.map(({ ticket }) => ticket).join(', ')})`,
    acceptance,
  });
  const known = (why: string) => ({ verdict: 'known' as const, reason: why, acceptance });
  if (acceptance.isOver)
    return stale(`accepted until ${acceptance.deviations.map(({ until }) => until).toSorted()[0]} only`);
  if (verdict === 'failed') return known(acceptanceText(acceptance));
  if (verdict === 'passed') return stale('accepted as violated, and kept now');
  // What a violation hides can be accepted along with it, by name only.
  return verdict === 'blocked' && byName ? known(`${reason}; ${acceptanceText(acceptance)}`) : undefined;
}

/** Does a violation of this requirement keep the gate closed? */
export function gates(requirement: Requirement, options: RunOptions): boolean {
  const advisory = requirement.level === 'SHOULD' || (options.tolerateAdditive && requirement.additive === true);
  return options.strict || !advisory;
}

/** Does this verdict keep the gate closed? `advice` is shown and does not. */
export function gateEffect(verdict: RequirementVerdict, options: RunOptions): 'ok' | 'advice' | 'gate' {
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
  const blocking = verdicts.filter((verdict) => gateEffect(verdict, options) === 'gate');
  if (blocking.some((one) => one.observed === 'violated' && gates(one.requirement, options))) return 'non-conformant';
  if (options.trouble !== undefined) return 'inconclusive';
  if (options.narrowed || blocking.some(({ verdict }) => verdict === 'not-run')) return 'incomplete';
  if (blocking.some(({ verdict }) => verdict !== 'stale')) return 'inconclusive';
  return blocking.length > 0 ? 'stale' : 'conformant';
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

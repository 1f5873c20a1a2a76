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

/** What a run has shown about a requirement. A closed list. */
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

/** What was observed of a promise, regardless of accepted deviations. */
export const OBSERVATIONS = ['kept', 'violated', 'not-shown'] as const;
export type Observation = (typeof OBSERVATIONS)[number];

/**
 * The result of a run as a whole. `stale`: nothing counts against the target, but its list of accepted deviations is out
 * of date.
 */
export const RUN_VERDICTS = ['conformant', 'non-conformant', 'inconclusive', 'incomplete', 'stale'] as const;
export type RunVerdict = (typeof RUN_VERDICTS)[number];

export interface RequirementVerdict {
  readonly requirement: Requirement;
  readonly verdict: Verdict;
  readonly observed: Observation;
  /** Why, if the verdict alone does not say so. */
  readonly reason: string | undefined;
  /** Ids of the cases that are made for it or have judged it. */
  readonly cases: readonly string[];
  /** Ids of the exchanges behind the verdict. */
  readonly exchanges: readonly string[];
  /** What was seen against it, each with the case that reports it. */
  readonly violations: readonly AttributedViolation[];
  /** Ids of the cases that report its violations. */
  readonly reporters: readonly string[];
  /** Id of the case behind the verdict, if there is a single one. */
  readonly by?: string | undefined;
  /** The acceptance that applies or has expired; set for `known` and `stale` only. */
  readonly acceptance?: Acceptance | undefined;
  /** Why it is excluded; set for `excluded` only. */
  readonly exclusion?: Exclusion | undefined;
  /** True if no case has come to any finding on it. */
  readonly unmet?: boolean | undefined;
}

export interface RunOptions extends AcceptanceOptions {
  /** The target's profile, for the reasons that it gives for exclusions. */
  readonly profile?: Profile;
  /** Seed of generated inputs, for the command that repeats a case. */
  readonly seed?: number;
  /** Why the run could not send any request; `undefined` if it could. */
  readonly trouble?: string | undefined;
  /** Ids of the selected cases; all by default. */
  readonly selected?: ReadonlySet<string>;
  readonly writes: boolean;
  readonly strict: boolean;
  readonly tolerateAdditive: boolean;
}

/** The verdict on every requirement of the contract. A case without an entry in `results` counts as not run. */
export function requirementVerdicts(
  contract: Contract,
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): RequirementVerdict[] {
  const judging = new Map<string, CaseResult[]>();
  for (const result of results.values()) for (const id of Object.keys(result.findings)) add(judging, id, result);
  const covering = new Map<string, Case[]>();
  for (const test of cases) for (const id of test.covers) add(covering, id, test);
  return [...contract.requirements.values()].map((requirement) =>
    verdictOf(
      contract,
      requirement,
      covering.get(requirement.id) ?? [],
      judging.get(requirement.id) ?? [],
      cases,
      results,
      options,
    ),
  );
}

/** `covering`: the cases that cover the requirement; `judging`: the results with a finding on it. */
function verdictOf(
  contract: Contract,
  requirement: Requirement,
  covering: readonly Case[],
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
      : withoutViolation(contract, requirement, covering, exchanges.length > 0, cases, results, options);
  const accepted = acceptedVerdict(plain, acceptanceFor(id, violations, covering, results, options));
  return {
    reason: undefined,
    ...plain,
    ...accepted,
    observed: OBSERVED[plain.verdict] ?? 'not-shown',
    requirement,
    cases: union([covering.map((test) => test.id), judging.map((result) => result.case)]),
    exchanges,
    violations,
    reporters: reportersOf(requirement, cases, violations),
  };
}

/** A verdict before deviations are taken into account. */
export interface Plain extends Pick<RequirementVerdict, 'by' | 'exclusion' | 'unmet'> {
  readonly verdict: Exclude<Verdict, 'known' | 'stale'>;
  readonly reason?: string;
}

const OBSERVED: Readonly<Partial<Record<Verdict, Observation>>> = { passed: 'kept', failed: 'violated' };

/** The acceptance of a requirement; `byName`: by a deviation that names the requirement. */
function acceptanceFor(
  id: string,
  violations: readonly AttributedViolation[],
  covering: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): { readonly acceptance: Acceptance; readonly byName: boolean } | undefined {
  if (violations.length > 0) {
    const acceptance = acceptanceOf(id, violations, options);
    return acceptance && { acceptance, byName: false };
  }
  const named = acceptanceByName(id, options);
  const acceptance = named ?? idleAcceptance(covering, results, options);
  return acceptance && { acceptance, byName: named !== undefined };
}

/** How acceptance changes a verdict; `undefined` if it does not. */
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
    return stale(`accepted only until ${acceptance.deviations.map(({ until }) => until).toSorted()[0]}`);
  if (verdict === 'failed') return known(acceptanceText(acceptance));
  if (verdict === 'passed') return stale('accepted as violated, but kept in this run');
  // A requirement that is blocked because of an accepted violation can be accepted too, but only by name.
  return verdict === 'blocked' && byName ? known(`${reason}; ${acceptanceText(acceptance)}`) : undefined;
}

/** True if a violation of this requirement fails the gate. */
function gates(requirement: Requirement, options: RunOptions): boolean {
  const advisory = requirement.level === 'SHOULD' || (options.tolerateAdditive && requirement.additive === true);
  return options.strict || !advisory;
}

/** What a verdict does to the gate: `gate` fails it, `advice` is shown and does not. */
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

/** The elements of all lists without duplicates, in order. */
function union(lists: readonly (readonly string[])[]): string[] {
  const all = new Set<string>();
  for (const list of lists) for (const one of list) all.add(one);
  return [...all];
}

import {
  type Acceptance,
  type AcceptanceOptions,
  acceptanceByName,
  acceptanceOf,
  acceptanceText,
  idleAcceptance,
} from './acceptance.ts';
import { type AttributedViolation, attributed, reportersOf } from './attribution.ts';
import { type Case, type CaseResult, EXCLUDED, type Exclusion } from './case.ts';
import type { Contract, Requirement } from './contract/index.ts';
import { lineOf, type Profile } from './profile.ts';

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
  for (const result of results.values()) for (const id of Object.keys(result.judgements)) add(judging, id, result);
  const made = new Map<string, Case[]>();
  for (const test of cases) for (const id of test.proves) add(made, id, test);
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
  const base = {
    requirement,
    cases: union([made.map((test) => test.id), judging.map((result) => result.case)]),
    exchanges: union(judging.map(({ judgements }) => judgements[id]?.exchanges ?? [])),
    violations,
    reporters: reportersOf(requirement, cases, violations),
  };
  type Rest = Partial<Pick<RequirementVerdict, 'by' | 'acceptance' | 'exclusion' | 'unmet'>>;
  const verdict = (word: Verdict, reason?: string, rest: Rest = {}): RequirementVerdict => ({
    ...base,
    verdict: word,
    reason,
    ...rest,
  });
  const stale = (acceptance: Acceptance, why: string) =>
    verdict('stale', `${why} (${acceptance.deviations.map(({ ticket }) => ticket).join(', ')})`, { acceptance });
  const over = ({ deviations }: Acceptance) =>
    `accepted until ${deviations.map(({ until }) => until).toSorted()[0]} only`;

  if (violations.length > 0) {
    const acceptance = acceptanceOf(id, violations, options);
    if (acceptance === undefined) return verdict('failed');
    return acceptance.isOver
      ? stale(acceptance, over(acceptance))
      : verdict('known', acceptanceText(acceptance), { acceptance });
  }
  const named = acceptanceByName(id, options);
  const idle = named ?? idleAcceptance(made, results, options);
  if (idle?.isOver) return stale(idle, over(idle));
  if (options.trouble !== undefined) return verdict('error', options.trouble);
  // A case that came to grief may have judged a part only; what it did not ask cannot count as kept.
  for (const test of made) {
    const error = results.get(test.id)?.error;
    if (error !== undefined) return verdict('error', error, { by: test.id });
  }
  const silent = made.filter((test) => results.get(test.id)?.judgements[id] === undefined);
  if (silent.some((test) => !results.has(test.id))) return verdict('not-run', 'selected, but never run');
  // What a violation hides can be accepted along with it, by name only.
  const blocked = (reason: string, rest: Rest) =>
    named === undefined
      ? verdict('blocked', reason, rest)
      : verdict('known', `${reason}; ${acceptanceText(named)}`, { ...rest, acceptance: named });
  for (const by of new Set([...made.map((test) => test.id), ...results.keys()])) {
    const reason = results.get(by)?.blocked[id];
    if (reason !== undefined) return blocked(reason, { by });
  }
  if (base.exchanges.length > 0)
    return idle === undefined ? verdict('passed') : stale(idle, 'accepted as violated, and kept now');
  const excluded = (exclusion: Exclusion) =>
    verdict('excluded', exclusionText(exclusion, options.profile), { exclusion });
  for (const test of silent) {
    const exclusion = results.get(test.id)?.excluded[id];
    if (exclusion !== undefined) return excluded(exclusion);
  }
  if (requirement.reach === 'chance')
    return verdict('untested', 'nobody can provoke it from outside, and it was not met');
  if (!options.writes && (contract.operations.find(({ name }) => name === requirement.operation)?.writes ?? false))
    return excluded('writes-off');
  // What no answer could show because the profile rules its operation out.
  const kin = cases.filter(({ operation }) => operation !== undefined && operation === requirement.operation);
  const ruledOut = kin
    .flatMap((test) => Object.values(results.get(test.id)?.excluded ?? {}))
    .find((exclusion) => lineOf(exclusion) !== undefined);
  if (ruledOut !== undefined) return excluded(ruledOut);
  const failure = [...results.values()].find(({ error }) => error !== undefined);
  if (failure?.error !== undefined) return verdict('error', failure.error, { by: failure.case, unmet: true });
  if (results.size < cases.length) return verdict('not-run', 'no case that ran could prove it', { unmet: true });
  return blocked('no answer was met that could prove it', { unmet: true });
}

/** The reason of an exclusion, with what the profile says of its line. */
function exclusionText(exclusion: Exclusion, profile: Profile | undefined): string {
  const line = lineOf(exclusion);
  const because = line && profile?.because[line];
  return because === undefined ? EXCLUDED[exclusion] : `${EXCLUDED[exclusion]} (${because})`;
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

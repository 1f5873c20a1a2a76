import { type Case, type CaseResult, EXCLUDED, type Exclusion } from '../case.ts';
import type { Contract, Requirement } from '../contract/index.ts';
import { lineOf, type Profile } from './profile.ts';
import type { Plain, RunOptions } from './verdicts.ts';

/** The verdict of a requirement against which nothing was seen; `judged`: some exchange could prove it. */
export function withoutViolation(
  contract: Contract,
  requirement: Requirement,
  made: readonly Case[],
  judged: boolean,
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): Plain {
  const { id } = requirement;
  if (options.trouble !== undefined) return { verdict: 'error', reason: options.trouble };
  // A case that came to grief may have judged a part only; what it did not ask cannot count as kept.
  for (const test of made) {
    const error = results.get(test.id)?.error;
    if (error !== undefined) return { verdict: 'error', reason: error, by: test.id };
  }
  const silent = made.filter((test) => results.get(test.id)?.findings[id] === undefined);
  const missing = silent.filter((test) => !results.has(test.id));
  if (missing.length > 0)
    return {
      verdict: 'not-run',
      reason: missing.some((test) => isSelected(test, options)) ? 'selected, but never run' : 'not selected',
    };
  for (const by of new Set([...made.map((test) => test.id), ...results.keys()])) {
    const reason = results.get(by)?.blocked[id];
    if (reason !== undefined) return { verdict: 'blocked', reason, by };
  }
  return judged ? { verdict: 'passed' } : notShown(contract, requirement, silent, cases, results, options);
}

const isSelected = ({ id }: Case, { selected }: RunOptions) => selected === undefined || selected.has(id);

/** The verdict of a requirement that no answer has shown anything about; `silent`: the cases that are made for it. */
function notShown(
  contract: Contract,
  requirement: Requirement,
  silent: readonly Case[],
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): Plain {
  const excluded = (exclusion: Exclusion): Plain => ({
    verdict: 'excluded',
    reason: exclusionText(exclusion, options.profile),
    exclusion,
  });
  for (const test of silent) {
    const exclusion = results.get(test.id)?.excluded[requirement.id];
    if (exclusion !== undefined) return excluded(exclusion);
  }
  if (!options.writes && (contract.operations.find(({ name }) => name === requirement.operation)?.writes ?? false))
    return excluded('writes-off');
  if (!requirement.provocable)
    return { verdict: 'untested', reason: 'not met in this run, and nothing here provokes it' };
  // What no answer could show because the profile rules its operation out.
  const kin = cases.filter(({ operation }) => operation !== undefined && operation === requirement.operation);
  const ruledOut = kin
    .flatMap((test) => Object.values(results.get(test.id)?.excluded ?? {}))
    .find((exclusion) => lineOf(exclusion) !== undefined);
  if (ruledOut !== undefined) return excluded(ruledOut);
  const failure = [...results.values()].find(({ error }) => error !== undefined);
  if (failure?.error !== undefined) return { verdict: 'error', reason: failure.error, by: failure.case, unmet: true };
  if (results.size < cases.length)
    return { verdict: 'not-run', reason: 'no case that ran could prove it', unmet: true };
  return { verdict: 'blocked', reason: 'no answer was met that could prove it', unmet: true };
}

/** The reason of an exclusion, with what the profile says of its line. */
function exclusionText(exclusion: Exclusion, profile: Profile | undefined): string {
  const line = lineOf(exclusion);
  const because = line && profile?.because[line];
  return because === undefined ? EXCLUDED[exclusion] : `${EXCLUDED[exclusion]} (${because})`;
}

import { type Case, type CaseResult, EXCLUDED, type Exclusion } from '../case.ts';
import { answersOf, componentsOf } from '../contract/components.ts';
import type { Contract, Operation, Requirement } from '../contract/index.ts';
import { lineOf, type Profile } from './profile.ts';
import type { Plain, RunOptions } from './verdicts.ts';

/** The verdict of a requirement without violations; `judged`: an exchange proved it. */
export function withoutViolation(
  contract: Contract,
  requirement: Requirement,
  covering: readonly Case[],
  judged: boolean,
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: RunOptions,
): Plain {
  const { id } = requirement;
  if (options.trouble !== undefined) return { verdict: 'error', reason: options.trouble };
  // A case that ended in an error may have judged only a part, so nothing that it covers can pass.
  for (const test of covering) {
    const error = results.get(test.id)?.error;
    if (error !== undefined) return { verdict: 'error', reason: error, by: test.id };
  }
  const silent = covering.filter((test) => results.get(test.id)?.findings[id] === undefined);
  const missing = silent.filter((test) => !results.has(test.id));
  if (missing.length > 0)
    return {
      verdict: 'not-run',
      reason: missing.some((test) => isSelected(test, options)) ? 'selected, but did not run' : 'not selected',
    };
  for (const by of new Set([...covering.map((test) => test.id), ...results.keys()])) {
    const reason = results.get(by)?.blocked[id];
    if (reason !== undefined) return { verdict: 'blocked', reason, by };
  }
  return judged ? { verdict: 'passed' } : notShown(contract, requirement, silent, cases, results, options);
}

const isSelected = ({ id }: Case, { selected }: RunOptions) => selected === undefined || selected.has(id);

/** The verdict of a requirement that no exchange was judged by; `silent`: the cases that cover it. */
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
    return { verdict: 'untested', reason: 'did not occur in this run, and no case provokes it' };
  // No answer could prove it, because the profile excludes cases of its operation.
  const byProfile = cases
    .filter(({ operation }) => operation !== undefined && operation === requirement.operation)
    .flatMap((test) => Object.values(results.get(test.id)?.excluded ?? {}))
    .find((exclusion) => lineOf(exclusion) !== undefined);
  if (byProfile !== undefined) return excluded(byProfile);
  if (isOutOfReach(contract, requirement, cases, results)) return excluded('not-in-contract');
  const failure = [...results.values()].find(({ error }) => error !== undefined);
  if (failure?.error !== undefined) return { verdict: 'error', reason: failure.error, by: failure.case, unmet: true };
  if (results.size < cases.length)
    return { verdict: 'not-run', reason: 'no case that ran could prove it', unmet: true };
  return { verdict: 'blocked', reason: 'no answer of this run could prove it', unmet: true };
}

/** True if only answers of operations could prove it for which the contract does not say how to call them. */
function isOutOfReach(
  { doc, operations }: Contract,
  { operation, pointer }: Requirement,
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
): boolean {
  const isAnswered = (answering: Operation) =>
    componentsOf(doc, answersOf(answering)).some(({ schema }) => pointer.startsWith(`${schema.pointer}/`));
  const proving = operations.filter((one) => (operation === undefined ? isAnswered(one) : one.name === operation));
  const all = [...results.values()];
  return (
    proving.length > 0 &&
    proving.every(
      ({ name }) =>
        all.every(({ exchanges }) => exchanges.every((exchange) => exchange.operation !== name)) &&
        cases.some(
          (test) =>
            test.operation === name && Object.values(results.get(test.id)?.excluded ?? {}).includes('not-in-contract'),
        ),
    )
  );
}

/** The reason for an exclusion, with the `because` of its profile line. */
function exclusionText(exclusion: Exclusion, profile: Profile | undefined): string {
  const line = lineOf(exclusion);
  const because = line && profile?.because[line];
  return because === undefined ? EXCLUDED[exclusion] : `${EXCLUDED[exclusion]} (${because})`;
}

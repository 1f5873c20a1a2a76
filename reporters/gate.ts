import type { FullResult, TestResult } from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';
import type { RequirementVerdict, RunVerdict } from '../harness/verdicts.ts';

/**
 * Is a red test red only for what is accepted of this target? The one reason for which red may still be exit code 0:
 * it failed once, told its evidence, and all that this evidence holds against the target is `known` or advice.
 */
export function isExcused(
  test: { readonly results: ReadonlyArray<Pick<TestResult, 'status' | 'errors'>> },
  result: CaseResult | undefined,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
): boolean {
  const told = test.results.at(-1);
  if (result === undefined || result.error !== undefined || told?.status !== 'failed' || told.errors.length !== 1)
    return false;
  const against = [
    ...Object.entries(result.judgements)
      .filter(([, { violations }]) => violations.length > 0)
      .map(([id]) => id),
    ...Object.keys(result.blocked),
  ];
  return against.length > 0 && against.some(known) && against.every((id) => known(id) || isAdvice(id));

  function known(id: string): boolean {
    return verdicts.get(id)?.verdict === 'known';
  }
  function isAdvice(id: string): boolean {
    return verdicts.get(id)?.requirement.level === 'SHOULD' || verdicts.get(id)?.requirement.additive === true;
  }
}

/** The status by which the runner ends: passed for `conformant` and nothing else. */
export function statusOf(verdict: RunVerdict, status: FullResult['status']): FullResult['status'] {
  if (status === 'interrupted' || status === 'timedout') return status;
  return verdict === 'conformant' ? 'passed' : 'failed';
}

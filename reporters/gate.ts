import type { FullResult, TestResult } from '@playwright/test/reporter';
import type { Case, CaseResult } from '../harness/case.ts';
import { colourOf, findingsOf } from '../harness/findings.ts';
import type { RequirementVerdict, RunOptions, RunVerdict } from '../harness/verdicts.ts';

/**
 * Is a red test red only for what is accepted of this target? The one reason for which red may still be exit code 0:
 * it failed once, told its evidence, and by that it has to be red for nothing else.
 */
export function isExcused(
  test: { readonly results: ReadonlyArray<Pick<TestResult, 'status' | 'errors'>> },
  of: Case,
  result: CaseResult | undefined,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
  options: RunOptions,
): boolean {
  const told = test.results.at(-1);
  if (result === undefined || told?.status !== 'failed' || told.errors.length !== 1) return false;
  return colourOf(findingsOf(of, result, verdicts, options), result) === 'excused';
}

/** The status by which the runner ends: passed for `conformant` and nothing else. */
export function statusOf(verdict: RunVerdict, status: FullResult['status']): FullResult['status'] {
  if (status === 'interrupted' || status === 'timedout') return status;
  return verdict === 'conformant' ? 'passed' : 'failed';
}

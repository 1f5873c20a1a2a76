import type { FullResult, TestResult } from '@playwright/test/reporter';
import type { Case, CaseResult } from '../harness/case.ts';
import { colourOf, findingsOf } from '../harness/verdicts/case-findings.ts';
import type { RequirementVerdict, RunOptions, RunVerdict } from '../harness/verdicts/verdicts.ts';

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

/** What ran is green, but the run is no answer to whether the target conforms. */
export const EXIT_INCOMPLETE = 3;

export interface Scope {
  /** Not every case was selected. */
  readonly isSelection: boolean;
  /** The selection is one machine's part of a run. */
  readonly isShard: boolean;
  /** A pipeline asked, not a person. */
  readonly isPipeline: boolean;
}

/**
 * How a run ends: the status for the runner and the exit code. A person who selects cases asks whether these are green,
 * and 0 is the answer. A pipeline asks whether the target conforms, and a shard is one part of that question: a green
 * part must not pass for the whole, nor look like a violation.
 */
export function ending(
  verdict: RunVerdict,
  status: FullResult['status'],
  { isSelection, isShard, isPipeline }: Scope,
): { readonly status: FullResult['status']; readonly exitCode: number } {
  if (status === 'interrupted') return { status, exitCode: 130 };
  if (status === 'timedout') return { status, exitCode: 1 };
  if (verdict === 'conformant') return { status: 'passed', exitCode: 0 };
  if (verdict !== 'incomplete' || !isSelection) return { status: 'failed', exitCode: 1 };
  return isShard || isPipeline ? { status: 'failed', exitCode: EXIT_INCOMPLETE } : { status: 'passed', exitCode: 0 };
}

let exitCode: number | undefined;

/** Ends this process with an exit code that the runner does not have. All reporters can finish before that. */
export function exitWith(code: number): void {
  if (exitCode === undefined)
    process.once('exit', () => {
      process.exitCode = exitCode;
    });
  exitCode = code;
}

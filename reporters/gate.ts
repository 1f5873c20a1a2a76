import type { FullResult, TestResult } from '@playwright/test/reporter';
import type { Case, CaseResult } from '../harness/case.ts';
import { colourOf, findingsOf } from '../harness/verdicts/case-findings.ts';
import type { RequirementVerdict, RunOptions, RunVerdict } from '../harness/verdicts/verdicts.ts';

/**
 * Whether a red test is red only because of accepted deviations, the one reason for which a run with red tests may end
 * with exit code 0: it must have failed with exactly one error and attached evidence that shows nothing else.
 */
export function isExcused(
  test: { readonly results: ReadonlyArray<Pick<TestResult, 'status' | 'errors'>> },
  of: Case,
  result: CaseResult | undefined,
  verdicts: ReadonlyMap<string, RequirementVerdict>,
  options: RunOptions,
): boolean {
  const last = test.results.at(-1);
  if (result === undefined || last?.status !== 'failed' || last.errors.length !== 1) return false;
  return colourOf(findingsOf(of, result, verdicts, options), result) === 'excused';
}

/** Exit code of a green run that does not show whether the target conforms: a shard, or a selection in a pipeline. */
export const EXIT_INCOMPLETE = 3;

export interface Scope {
  /** Only some of the cases were selected. */
  readonly isSelection: boolean;
  /** The selection is one shard of a run. */
  readonly isShard: boolean;
  /** The run was started by a pipeline, not by a person. */
  readonly isPipeline: boolean;
}

/**
 * How a run ends: the status for the runner and the exit code. A person who selects cases wants to know whether they are
 * green: exit code 0. A pipeline wants to know whether the target conforms, and a shard answers only part of that: a green
 * part must neither open a gate nor look like a violation.
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

/** Makes this process end with an exit code that the runner does not support, after all reporters have finished. */
export function exitWith(code: number): void {
  if (exitCode === undefined)
    process.once('exit', () => {
      process.exitCode = exitCode;
    });
  exitCode = code;
}

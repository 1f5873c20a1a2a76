import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { Journal } from '../harness/journal.ts';
import { FAILURE, RUN_OUTCOMES } from '../harness/outcome.ts';
import { RUN_CASES, RUN_DIR } from '../harness/run.ts';
import { EXIT_INCOMPLETE, exitWith } from './gate.ts';
import { caseOf } from './results.ts';

/**
 * Tells the workers what was selected, and gives each test the outcome that its case has shown; see
 * `harness/outcome.ts`. It must come first among the reporters: the runner and all others read the result only after it.
 */
export default class OutcomeReporter implements Reporter {
  #mostFailures = 0;
  #failures = 0;
  /** This is a shard, and no reporter of ours looks at what it has shown. */
  #isShardOnly = false;

  constructor() {
    process.env[RUN_OUTCOMES] = 'reporter';
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#mostFailures = config.maxFailures;
    const judges = config.reporter.some(([name]) => name.endsWith('conformance.ts'));
    this.#isShardOnly = !judges && (config.shard?.total ?? 1) > 1;
    process.env[RUN_CASES] = [...new Set(suite.allTests().map(caseOf))].join(',');
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    adopt(test, result);
    if (test.outcome() === 'unexpected') this.#failures++;
    // With -x nothing more is to be asked, either.
    const directory = process.env[RUN_DIR];
    if (this.#mostFailures > 0 && this.#failures >= this.#mostFailures && directory !== undefined)
      new Journal(directory).interrupt();
  }

  onEnd({ status }: FullResult): void {
    if (status === 'passed' && this.#isShardOnly) exitWith(EXIT_INCOMPLETE);
    // An editor runs tests more than once in this process, and not always with this reporter.
    delete process.env[RUN_OUTCOMES];
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** Turns the annotation of a failure into the error of a failed result. */
export function adopt(
  test: Pick<TestCase, 'annotations'>,
  result: Pick<TestResult, 'status' | 'errors' | 'error' | 'annotations'>,
): void {
  const failure = result.annotations.find(({ type }) => type === FAILURE);
  if (failure === undefined) return;
  for (const { annotations } of [test, result])
    annotations.splice(0, annotations.length, ...annotations.filter(others));
  if (result.status !== 'passed') return;
  const error = { message: failure.description ?? '', stack: failure.description ?? '' };
  result.status = 'failed';
  result.errors = [error];
  result.error = error;
}

const others = ({ type }: { readonly type: string }) => type !== FAILURE;

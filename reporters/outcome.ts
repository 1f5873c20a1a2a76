import type { FullConfig, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { Journal } from '../harness/journal.ts';
import { FAILURE, RUN_OUTCOMES } from '../harness/outcome.ts';
import { RUN_DIR } from '../harness/run.ts';

/**
 * Gives each test the outcome that its case has shown; see `harness/outcome.ts`. It must come first among the
 * reporters: the runner and all others read the result only after it.
 */
export default class OutcomeReporter implements Reporter {
  #mostFailures = 0;
  #failures = 0;

  constructor() {
    process.env[RUN_OUTCOMES] = 'reporter';
  }

  onBegin(config: FullConfig): void {
    this.#mostFailures = config.maxFailures;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    adopt(test, result);
    if (test.outcome() === 'unexpected') this.#failures++;
    // With -x nothing more is to be asked, either.
    const directory = process.env[RUN_DIR];
    if (this.#mostFailures > 0 && this.#failures >= this.#mostFailures && directory !== undefined)
      new Journal(directory).interrupt();
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

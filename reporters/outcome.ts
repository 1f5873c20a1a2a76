import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import type { Exchange } from '../harness/exchange.ts';
import { Journal } from '../harness/run/journal.ts';
import { FAILURE, RUN_OUTCOMES } from '../harness/run/outcome.ts';
import { RUN_CASES, RUN_DIR } from '../harness/run/processes.ts';
import { EXIT_INCOMPLETE, exitWith } from './gate.ts';
import { evidenceOf } from './report-file.ts';
import { caseOf } from './results.ts';

/**
 * Passes the selection to the workers, and gives each test the outcome and the times of its case; see
 * `harness/run/outcome.ts`. Must be the first reporter: the runner and all other reporters read the result after it.
 */
export default class OutcomeReporter implements Reporter {
  #mostFailures = 0;
  #failures = 0;
  /** This run is a shard without the conformance reporter. */
  #isShardOnly = false;

  constructor() {
    process.env[RUN_OUTCOMES] = 'reporter';
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#mostFailures = config.maxFailures;
    const isJudged = config.reporter.some(([name]) => name.endsWith('conformance.ts'));
    this.#isShardOnly = !isJudged && (config.shard?.total ?? 1) > 1;
    process.env[RUN_CASES] = [...new Set(suite.allTests().map(caseOf))].join(',');
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    adopt(test, result);
    const exchanges = exchangesOf(result);
    if (exchanges !== undefined) retime(result, exchanges);
    if (test.outcome() === 'unexpected') this.#failures++;
    // With -x, requests that are sent ahead must stop as well.
    const directory = process.env[RUN_DIR];
    if (this.#mostFailures > 0 && this.#failures >= this.#mostFailures && directory !== undefined)
      new Journal(directory).interrupt();
  }

  onEnd({ status }: FullResult): void {
    if (status === 'passed' && this.#isShardOnly) exitWith(EXIT_INCOMPLETE);
    // An editor runs tests several times in this process, and not always with this reporter.
    delete process.env[RUN_OUTCOMES];
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** The exchanges of a result; `undefined` if its evidence cannot be read, which the conformance reporter reports. */
function exchangesOf(result: TestResult): readonly Exchange[] | undefined {
  try {
    return evidenceOf(result)?.exchanges;
  } catch {
    return undefined;
  }
}

/** The times of a result or of one of its steps. */
interface Timed {
  startTime: Date;
  duration: number;
}

/**
 * Gives a result and its steps the times of its exchanges. Requests are sent ahead of the tests that report them, so the
 * test's own times would say nothing. The steps begin with one for each exchange, in order.
 */
export function retime(
  result: Timed & { readonly steps: ReadonlyArray<Timed & { readonly category: string }> },
  exchanges: readonly Pick<Exchange, 'startedAt' | 'endedAt'>[],
): void {
  // A test without exchanges only waited for others.
  const now = result.startTime.getTime();
  const end = Math.max(...exchanges.map(({ endedAt }) => endedAt), exchanges.length === 0 ? now : 0);
  const set = (timed: Timed, from: number, to: number) => {
    timed.startTime = new Date(from);
    timed.duration = Math.max(0, to - from);
  };
  set(result, Math.min(...exchanges.map(({ startedAt }) => startedAt), end), end);
  const asked = [...exchanges];
  for (const step of result.steps) {
    const exchange = step.category === 'test.step' ? asked.shift() : undefined;
    if (exchange === undefined) set(step, end, end);
    else set(step, exchange.startedAt, exchange.endedAt);
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

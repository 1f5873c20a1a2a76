import type { TestInfo } from '@playwright/test';

/**
 * How a red test becomes red. Playwright throws the worker of a failed test away and starts another, which costs more
 * than all requests of a run. So a test hands its failure to the runner as an annotation and ends; the first reporter
 * of the configuration turns that into a failed result before anybody else sees it. Where that reporter is not loaded
 * (`--reporter`, an editor), the test throws as usual.
 */

/** Type of the annotation that holds the message of a failed test. */
export const FAILURE = 'failure';

/** Type of the annotation that says what a test reports and is not red for. */
export const ADVICE = 'advice';
/** Type of the annotation that says what a test has seen and another one reports. */
export const ELSEWHERE = 'elsewhere';

/** Set in the environment of workers where the reporter of outcomes is loaded. */
export const RUN_OUTCOMES = 'CONFORMANCE_OUTCOMES';

/** Fails a test; where this returns, the reporter does the rest. */
export function fail(info: TestInfo, message: string): void {
  if (process.env[RUN_OUTCOMES] === undefined) throw new Violation(message);
  info.annotations.push({ type: FAILURE, description: message });
}

/** A finding without a stack: the place in the suite that noticed it says nothing about the target. */
export class Violation extends Error {
  // Playwright would put it before the message.
  override readonly name = '';

  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}

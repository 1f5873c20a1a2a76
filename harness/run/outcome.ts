import type { TestInfo } from '@playwright/test';

/**
 * How a test fails. Playwright discards the worker of a failed test and starts a new one, which takes longer than all
 * requests of a run. So a test passes its failure on as an annotation and ends; the first configured reporter turns the
 * annotation into a failed result before any other reporter sees it. If that reporter is not loaded (`--reporter`, an
 * editor), the test throws as usual.
 */

/** Annotation type for the message of a failed test. */
export const FAILURE = 'failure';

/** Annotation type for findings that do not fail the test. */
export const ADVICE = 'advice';
/** Annotation type for violations that the test saw and another test reports. */
export const ELSEWHERE = 'elsewhere';

/** Environment variable that is set in the workers if the reporter that turns annotations into failures is loaded. */
export const RUN_OUTCOMES = 'CONFORMANCE_OUTCOMES';

/** Fails a test: annotates it if the reporter of outcomes is loaded, and throws {@link Violation} if not. */
export function fail(info: TestInfo, message: string): void {
  if (process.env[RUN_OUTCOMES] === undefined) throw new Violation(message);
  info.annotations.push({ type: FAILURE, description: message });
}

/** A failure without a stack trace: where in the suite it was noticed says nothing about the target. */
export class Violation extends Error {
  // Playwright prefixes the message with the name.
  override readonly name = '';

  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}

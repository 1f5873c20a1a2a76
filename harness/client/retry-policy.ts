/** Answers that ask to come back later (RFC 9110 §15.6.4, RFC 6585 §4). */
const LATER = [429, 503];
const MOST_ATTEMPTS = 5;
const FIRST_WAIT_MS = 250;
/** No target makes a run wait longer than this at a time, whatever it asks for. */
const LONGEST_WAIT_MS = 10_000;

/**
 * How long to wait, in milliseconds, before a request is sent once more; `undefined` if its answer stands.
 * `Retry-After` is honoured in seconds or as a date, up to a bound.
 *
 * @param attempts how often the request was sent so far
 */
export function waitBeforeRetry(
  status: number,
  retryAfter: string | undefined,
  attempts: number,
  now: number,
): number | undefined {
  if (!LATER.includes(status) || attempts >= MOST_ATTEMPTS) return undefined;
  const asked =
    retryAfter === undefined
      ? Number.NaN
      : /^\d+$/.test(retryAfter)
        ? Number(retryAfter) * 1000
        : Date.parse(retryAfter) - now;
  const wait = Number.isNaN(asked) ? FIRST_WAIT_MS * 2 ** (attempts - 1) : asked;
  return Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}

/** True for an answer that still asks to come back later after everything that patience allows. */
export function isPutOff(status: number): boolean {
  return LATER.includes(status);
}

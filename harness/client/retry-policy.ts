/** Statuses that ask the client to retry later (RFC 9110 §15.6.4, RFC 6585 §4). */
const LATER = [429, 503];
/** Beyond this many attempts the target counts as unavailable, which is a transport error. */
const MOST_ATTEMPTS = 5;
/** First wait if there is no Retry-After, in milliseconds; doubled each time. */
const FIRST_WAIT_MS = 250;
/**
 * Longest wait between two attempts, in milliseconds, even if Retry-After asks for more: a target must not stall a run.
 */
const LONGEST_WAIT_MS = 10_000;

/**
 * How long to wait before a request is retried, in milliseconds; `undefined` if it is not. `Retry-After` is honoured in
 * seconds or as a date, up to a limit.
 *
 * @param attempts how often the request has been sent
 * @param now milliseconds since the epoch
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

/** True for a status that asks the client to retry later. */
export function isPutOff(status: number): boolean {
  return LATER.includes(status);
}

import type { Case, CaseResult } from '../case.ts';
import type { Deviation } from './deviations.ts';

/** The deviations under which the violations of a requirement are accepted. */
export interface Acceptance {
  readonly deviations: readonly [Deviation, ...Deviation[]];
  /** True if one of them has expired. */
  readonly isOver: boolean;
}

/** What decides whether a deviation applies. */
export interface AcceptanceOptions {
  /** The accepted deviations of the target. */
  readonly deviations?: readonly Deviation[];
  /** Today, as `2026-01-31`. */
  readonly today?: string;
}

/**
 * The deviations that accept all violations of a requirement: for each violation, one that names the requirement or the
 * case that reports it. `undefined` if a violation is not accepted, or if there are no violations.
 */
export function acceptanceOf(
  requirement: string,
  violations: ReadonlyArray<{ readonly case: string }>,
  options: AcceptanceOptions,
): Acceptance | undefined {
  const begun = begunIn(options);
  if (begun.length === 0) return undefined;
  const found = violations.map((violation) => {
    const named = begun.filter((one) => one.requirement === requirement || one.case === violation.case);
    return named.find((one) => !isOver(one, options)) ?? named[0];
  });
  const all = found.filter((one) => one !== undefined);
  return all.length === found.length ? acceptance(all, options) : undefined;
}

/**
 * The deviation that names a requirement, violated or not: an accepted violation may also be the reason why it is
 * blocked.
 */
export function acceptanceByName(requirement: string, options: AcceptanceOptions): Acceptance | undefined {
  const named = begunIn(options).filter((one) => one.requirement === requirement);
  return acceptance([named.find((one) => !isOver(one, options)) ?? named[0]].filter(isPresent), options);
}

/** The deviations that name a case which covers a requirement and no longer shows any violation: they are stale. */
export function idleAcceptance(
  covering: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: AcceptanceOptions,
): Acceptance | undefined {
  const begun = begunIn(options);
  if (begun.length === 0) return undefined;
  const clean = covering.filter(({ id }) => {
    const result = results.get(id);
    return result !== undefined && Object.values(result.findings).every(({ violations }) => violations.length === 0);
  });
  return acceptance(
    begun.filter((one) => clean.some(({ id }) => id === one.case)),
    options,
  );
}

/** An acceptance as text: reason, ticket and last day. */
export function acceptanceText({ deviations }: Acceptance): string {
  return deviations.map(({ because, ticket, until }) => `${because} (${ticket}, until ${until})`).join('; ');
}

function acceptance(found: readonly Deviation[], options: AcceptanceOptions): Acceptance | undefined {
  const [first, ...rest] = [...new Set(found)];
  return first && { deviations: [first, ...rest], isOver: [first, ...rest].some((one) => isOver(one, options)) };
}

const begunIn = ({ deviations = [], today = '9999' }: AcceptanceOptions) =>
  deviations.filter(({ since }) => since <= today);
const isOver = ({ until }: Deviation, { today = '' }: AcceptanceOptions) => today > until;
const isPresent = <T>(value: T | undefined): value is T => value !== undefined;

import type { Case, CaseResult } from '../case.ts';
import type { Deviation } from './deviations.ts';

/** By which deviations violations of a requirement are accepted. */
export interface Acceptance {
  readonly deviations: readonly [Deviation, ...Deviation[]];
  /** The last day of one of them is past. */
  readonly isOver: boolean;
}

/** What decides whether a deviation counts. */
export interface AcceptanceOptions {
  /** Violations of this target that are accepted. */
  readonly deviations?: readonly Deviation[];
  /** Today, as `2026-01-31`. */
  readonly today?: string;
}

/**
 * The deviations by which all violations of a requirement are accepted: for each of them, one that names the
 * requirement or the case that reports it. `undefined` where one violation is not accepted, or there is none.
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

/** The deviation that names a requirement, violated or not: what a violation hides is accepted along with it. */
export function acceptanceByName(requirement: string, options: AcceptanceOptions): Acceptance | undefined {
  const named = begunIn(options).filter((one) => one.requirement === requirement);
  return acceptance([named.find((one) => !isOver(one, options)) ?? named[0]].filter(isPresent), options);
}

/** The deviation of a case that is made for a requirement and shows no violation any more, so that it can be called stale. */
export function idleAcceptance(
  made: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  options: AcceptanceOptions,
): Acceptance | undefined {
  const begun = begunIn(options);
  if (begun.length === 0) return undefined;
  const clean = made.filter(({ id }) => {
    const result = results.get(id);
    return result !== undefined && Object.values(result.findings).every(({ violations }) => violations.length === 0);
  });
  return acceptance(
    begun.filter((one) => clean.some(({ id }) => id === one.case)),
    options,
  );
}

/** What an acceptance says, for people. */
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

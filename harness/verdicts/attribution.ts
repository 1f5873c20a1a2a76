import type { Case, CaseResult } from '../case.ts';
import type { Requirement } from '../contract/index.ts';

/** A violation, with the case that saw it. */
export interface AttributedViolation {
  readonly case: string;
  readonly seen: string;
  readonly exchanges: readonly string[];
}

/** How closely a case is related to a requirement, the closest first. */
const CLOSENESS = { covers: 0, sameOperation: 1, other: 2 } as const;
type Closeness = (typeof CLOSENESS)[keyof typeof CLOSENESS];

/**
 * The violations of a requirement without duplicates, in an order that does not depend on which case ran first: those of
 * the cases that cover it, then of cases of its operation (or the answer's, if the requirement belongs to none), then of
 * all others, each in the order of `cases`. A violation that several cases saw is attributed to the first of them.
 */
export function attributed(
  requirement: Requirement,
  cases: readonly Case[],
  judging: readonly CaseResult[],
): AttributedViolation[] {
  const found = judging.flatMap((result) => {
    const violations = result.findings[requirement.id]?.violations ?? [];
    if (violations.length === 0) return [];
    const place = cases.findIndex(({ id }) => id === result.case);
    return violations.map((violation) => ({
      violation: { case: result.case, ...violation },
      closeness: closenessOf(requirement, cases[place], result, violation.exchanges),
      place,
    }));
  });
  if (found.length === 0) return [];
  const once = new Map<string, AttributedViolation>();
  for (const { violation } of found.sort((a, b) => a.closeness - b.closeness || a.place - b.place)) {
    const key = `${violation.exchanges.join()} ${violation.seen}`;
    if (!once.has(key)) once.set(key, violation);
  }
  return [...once.values()];
}

/**
 * The cases that report a violated requirement: those that cover it and saw a violation, or else the closest one that
 * did.
 */
export function reportersOf(
  requirement: Requirement,
  cases: readonly Case[],
  violations: readonly AttributedViolation[],
): string[] {
  const seen = [...new Set(violations.map((violation) => violation.case))];
  const covering = seen.filter((id) => cases.find((test) => test.id === id)?.covers.includes(requirement.id));
  return covering.length > 0 ? covering : seen.slice(0, 1);
}

function closenessOf(
  requirement: Requirement,
  test: Case | undefined,
  result: CaseResult,
  exchanges: readonly string[],
): Closeness {
  if (test === undefined) return CLOSENESS.other;
  if (test.covers.includes(requirement.id)) return CLOSENESS.covers;
  const answer = result.exchanges.find(({ id }) => id === exchanges.at(-1));
  const operation = requirement.operation ?? answer?.operation;
  return operation !== undefined && test.operation === operation ? CLOSENESS.sameOperation : CLOSENESS.other;
}

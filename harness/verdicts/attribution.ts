import type { Case, CaseResult } from '../case.ts';
import type { Requirement } from '../contract/index.ts';

/** What was seen against a requirement, and the case that reports it. */
export interface AttributedViolation {
  readonly case: string;
  readonly seen: string;
  readonly exchanges: readonly string[];
}

/** How much a case has to do with a requirement, the most first. */
const CLOSENESS = { madeForIt: 0, ofItsOperation: 1, metIt: 2 } as const;
type Closeness = (typeof CLOSENESS)[keyof typeof CLOSENESS];

/**
 * Every violation of a requirement once, in one order whoever asked first: those of the cases that are made for it, of
 * cases of its own operation (or that of the answer, where it belongs to none), and of all others, each in the order of
 * the document. What several cases have seen is reported by the first of them.
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

/** The cases that report a violated requirement: those that are made for it and saw it violated, or else one. */
export function reportersOf(
  requirement: Requirement,
  cases: readonly Case[],
  violations: readonly AttributedViolation[],
): string[] {
  const seen = [...new Set(violations.map((violation) => violation.case))];
  const made = seen.filter((id) => cases.find((test) => test.id === id)?.covers.includes(requirement.id));
  return made.length > 0 ? made : seen.slice(0, 1);
}

function closenessOf(
  requirement: Requirement,
  test: Case | undefined,
  result: CaseResult,
  exchanges: readonly string[],
): Closeness {
  if (test === undefined) return CLOSENESS.metIt;
  if (test.covers.includes(requirement.id)) return CLOSENESS.madeForIt;
  const answer = result.exchanges.find(({ id }) => id === exchanges.at(-1));
  const operation = requirement.operation ?? answer?.operation;
  return operation !== undefined && test.operation === operation ? CLOSENESS.ofItsOperation : CLOSENESS.metIt;
}

import type { TestCase } from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';

/** The id of the case behind a test. */
export const caseOf = (test: Pick<TestCase, 'annotations' | 'title'>): string =>
  test.annotations.find(({ type }) => type === 'allure.id')?.description ?? test.title;

/** Merges two results of one case, from two parts of a run or from a repetition, without losing findings of either. */
export function both(a: CaseResult, b: CaseResult): CaseResult {
  const findings: Record<string, CaseResult['findings'][string]> = { ...a.findings };
  for (const [id, { exchanges, violations }] of Object.entries(b.findings)) {
    const known = findings[id] ?? { exchanges: [], violations: [] };
    findings[id] = {
      exchanges: [...new Set([...known.exchanges, ...exchanges])],
      violations: [...known.violations, ...violations],
    };
  }
  const open = ([id]: readonly [string, unknown]) => findings[id] === undefined;
  const exchanges = new Map([...a.exchanges, ...b.exchanges].map((exchange) => [exchange.id, exchange]));
  return {
    case: a.case,
    exchanges: [...exchanges.values()],
    findings,
    blocked: Object.fromEntries(
      Object.entries({ ...a.blocked, ...b.blocked }).filter(
        // A requirement that only some subjects could judge stays blocked.
        ([id, reason]) =>
          open([id, reason]) || [a, b].some((one) => id in one.blocked && one.findings[id] !== undefined),
      ),
    ),
    excluded: Object.fromEntries(Object.entries({ ...a.excluded, ...b.excluded }).filter(open)),
    error: a.error ?? b.error,
  };
}

/** A result with prefixed exchange ids: each machine numbers its exchanges from the start. */
export function renamed(result: CaseResult, prefix: string): CaseResult {
  const name = (id: string) => `${prefix}${id}`;
  return {
    ...result,
    exchanges: result.exchanges.map((exchange) => ({ ...exchange, id: name(exchange.id) })),
    findings: Object.fromEntries(
      Object.entries(result.findings).map(([id, { exchanges, violations }]) => [
        id,
        {
          exchanges: exchanges.map(name),
          violations: violations.map(({ seen, exchanges: shownBy }) => ({ seen, exchanges: shownBy.map(name) })),
        },
      ]),
    ),
  };
}

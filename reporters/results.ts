import type { TestCase } from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';

/** The id of the case behind a test. */
export const caseOf = (test: Pick<TestCase, 'annotations' | 'title'>): string =>
  test.annotations.find(({ type }) => type === 'allure.id')?.description ?? test.title;

/** What a case has shown in two parts of a run, or when it was repeated: nothing of either is lost. */
export function both(a: CaseResult, b: CaseResult): CaseResult {
  const judgements: Record<string, CaseResult['judgements'][string]> = { ...a.judgements };
  for (const [id, { exchanges, violations }] of Object.entries(b.judgements)) {
    const known = judgements[id] ?? { exchanges: [], violations: [] };
    judgements[id] = {
      exchanges: [...new Set([...known.exchanges, ...exchanges])],
      violations: [...known.violations, ...violations],
    };
  }
  const open = ([id]: readonly [string, unknown]) => judgements[id] === undefined;
  const exchanges = new Map([...a.exchanges, ...b.exchanges].map((exchange) => [exchange.id, exchange]));
  return {
    case: a.case,
    exchanges: [...exchanges.values()],
    judgements,
    blocked: Object.fromEntries(
      Object.entries({ ...a.blocked, ...b.blocked }).filter(
        // What was judged by some subjects and not by others stays blocked.
        ([id, reason]) =>
          open([id, reason]) || [a, b].some((one) => id in one.blocked && one.judgements[id] !== undefined),
      ),
    ),
    excluded: Object.fromEntries(Object.entries({ ...a.excluded, ...b.excluded }).filter(open)),
    error: a.error ?? b.error,
  };
}

/** A result with other ids for its exchanges: two machines number theirs alike. */
export function renamed(result: CaseResult, prefix: string): CaseResult {
  const name = (id: string) => `${prefix}${id}`;
  return {
    ...result,
    exchanges: result.exchanges.map((exchange) => ({ ...exchange, id: name(exchange.id) })),
    judgements: Object.fromEntries(
      Object.entries(result.judgements).map(([id, { exchanges, violations }]) => [
        id,
        {
          exchanges: exchanges.map(name),
          violations: violations.map(({ seen, exchanges: behind }) => ({ seen, exchanges: behind.map(name) })),
        },
      ]),
    ),
  };
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CaseResult } from '../harness/case.ts';
import { caseOf, contract, exchange, present, resultOf } from '../harness/fixtures.ts';
import { outcomeOf } from '../harness/verdicts/case-outcome.ts';
import { type RequirementVerdict, type RunOptions, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { FACTS, MUST, reportOf, SHOULD } from './fixtures.ts';
import { isExcused } from './gate.ts';

const ADDITIVE = 'account-group.additionalProperties';
const deviation = { because: 'b', ticket: 't', since: '2025-01-01', until: '2027-01-01' };

/** Message, verdict, gate and report must agree about a red test. */
describe('a red test', () => {
  const mine = caseOf('a', [MUST]);
  const violated = (...ids: readonly string[]) =>
    resultOf('a', { judged: Object.fromEntries(ids.map((id) => [id, ['x']])), exchanges: [exchange()] });
  const accepting = (...ids: readonly string[]) => ids.map((requirement) => ({ requirement, ...deviation }));
  const redFor = (errors: number, status: 'failed' | 'timedOut' = 'failed') => ({
    results: [{ status, errors: Array.from({ length: errors }, () => ({ message: 'x' })) }],
  });
  interface Row {
    readonly red?: ReturnType<typeof redFor>;
    readonly result?: CaseResult | undefined;
    readonly others?: readonly CaseResult[];
    readonly options?: Partial<RunOptions>;
  }
  const rows: ReadonlyArray<readonly [what: string, excused: boolean, row: Row]> = [
    ['a known violation', true, {}],
    ['a violation that is not accepted', false, { options: { deviations: [] } }],
    ['a violation that is accepted from tomorrow', false, { options: { today: '2024-12-31' } }],
    ['a violation that was accepted until yesterday', false, { options: { today: '2027-01-02' } }],
    ['a known violation and another error', false, { red: redFor(2) }],
    ['a known violation and a time-out', false, { red: redFor(1, 'timedOut') }],
    ['a known violation and a case that broke', false, { result: { ...violated(MUST), error: 'e' } }],
    ['no evidence', false, { result: undefined }],
    ['a known violation and advice', true, { result: violated(MUST, SHOULD) }],
    [
      'a known violation and a SHOULD in a strict run',
      false,
      { result: violated(MUST, SHOULD), options: { strict: true } },
    ],
    [
      'a known violation and a tolerated member',
      true,
      { result: violated(MUST, ADDITIVE), options: { tolerateAdditive: true } },
    ],
    ['a known violation and an undocumented member', false, { result: violated(MUST, ADDITIVE) }],
    [
      'a known violation that another case reports',
      true,
      { result: resultOf('a'), others: [{ ...violated(MUST), case: 'b' }] },
    ],
    ['a promise that is kept again', false, { result: resultOf('a', { judged: { [MUST]: [] } }) }],
    [
      'an accepted violation, if another case shows one that is not accepted',
      false,
      { others: [{ ...violated(MUST), case: 'b' }], options: { deviations: [{ case: 'a', ...deviation }] } },
    ],
  ];
  for (const [what, excused, row] of rows)
    test(`${excused ? 'excuses' : 'does not excuse'} a red test for ${what}`, () => {
      const { red = redFor(1), others = [], options = {} } = row;
      const result = 'result' in row ? row.result : violated(MUST);
      const all = { ...FACTS.options, deviations: accepting(MUST), today: '2026-01-01', ...options };
      const results = new Map([...(result ? [result] : []), ...others].map((one) => [one.case, one]));
      const cases = [mine, caseOf('b', [MUST])].filter(({ id }) => id === 'a' || results.has(id));
      const verdicts = requirementVerdicts(contract, cases, results, all);
      const byId = new Map(verdicts.map((verdict) => [verdict.requirement.id, verdict]));
      assert.equal(isExcused(red, mine, result, byId, all), excused);
      // The gate excuses what the message calls accepted, unless the runner itself reports an error.
      if (result === undefined || result.error !== undefined || row.red !== undefined) return;
      const texts = present(outcomeOf(contract, mine, result, byId, all).failure)
        .split('\n\n')
        .slice(0, -1);
      assert.equal(
        texts.every((text) => text.startsWith('accepted for this target')),
        excused,
      );
    });
});

describe('a violation in the report', () => {
  const one = (results: readonly CaseResult[], options: Partial<RunOptions>) => {
    const facts = { ...FACTS, options: { ...FACTS.options, ...options } };
    const cases = results.map(({ case: id }) => caseOf(id, [MUST]));
    return present(reportOf(results, { cases, facts }).requirements.find(({ id }) => id === MUST));
  };
  const bad = (id: string) => resultOf(id, { judged: { [MUST]: ['x'] }, exchanges: [exchange()] });
  const verdicts: ReadonlyArray<
    readonly [string, RunOptions['deviations'], RequirementVerdict['verdict'], tickets: readonly string[]]
  > = [
    ['a deviation for the requirement', [{ requirement: MUST, ...deviation }], 'known', ['t']],
    [
      'a deviation for each case',
      [
        { case: 'a', ...deviation },
        { case: 'b', ...deviation, ticket: 'u' },
      ],
      'known',
      ['t', 'u'],
    ],
    ['a deviation for one of two cases', [{ case: 'a', ...deviation }], 'failed', []],
    ['a deviation that has not begun', [{ requirement: MUST, ...deviation, since: '2026-06-01' }], 'failed', []],
    ['an expired deviation', [{ requirement: MUST, ...deviation, until: '2025-12-31' }], 'stale', ['t']],
    [
      'an expired deviation and a current one',
      [
        { requirement: MUST, ...deviation, until: '2025-12-31' },
        { requirement: MUST, ...deviation, ticket: 'u' },
      ],
      'known',
      ['u'],
    ],
    [
      'a deviation for each case, the second expired',
      [
        { case: 'a', ...deviation },
        { case: 'b', ...deviation, ticket: 'u', until: '2025-12-31' },
      ],
      'stale',
      ['t', 'u'],
    ],
    ['no deviation', [], 'failed', []],
  ];
  for (const [what, deviations, verdict, tickets] of verdicts)
    test(`with ${what} is ${verdict}`, () => {
      const row = one([bad('a'), bad('b')], deviations === undefined ? {} : { deviations });
      assert.deepEqual([row.verdict, (row.accepted ?? []).map(({ ticket }) => ticket)], [verdict, tickets]);
    });
});

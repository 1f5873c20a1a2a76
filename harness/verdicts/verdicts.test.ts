import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Case, CaseResult } from '../case.ts';
import { caseOf, contract, present, resultOf, WRITES_OFF } from '../fixtures.ts';
import {
  gateEffect,
  type RequirementVerdict,
  type RunOptions,
  requirementVerdicts,
  runVerdict,
  VERDICTS,
  type Verdict,
} from './verdicts.ts';

const OPTIONS: RunOptions = { writes: true, strict: false, tolerateAdditive: false };
const MUST = 'list.allowed';
const SHOULD = 'problem.title-constant';
const ADDITIVE = 'account-group.additionalProperties';
const CHANCE = 'list.503.media-type';
const WRITING = 'create.status-documented';

/** The verdict of one requirement; cases without a result have not run. */
function verdictOf(
  id: string,
  cases: readonly Case[],
  results: readonly CaseResult[],
  options: RunOptions = OPTIONS,
): RequirementVerdict {
  const all = requirementVerdicts(contract, cases, new Map(results.map((result) => [result.case, result])), options);
  assert.equal(all.length, contract.requirements.size);
  return present(all.find(({ requirement }) => requirement.id === id));
}

describe('the verdict of a requirement', () => {
  const [a, b] = [caseOf('a', [MUST]), caseOf('b', [MUST])];
  const kept = { judged: { [MUST]: [] } };
  const bad = { judged: { [MUST]: ['seen'] } };
  const error = { error: 'timeout' };
  const blocked = { blocked: { [MUST]: 'no user' } };
  const off = { off: [MUST] };

  const rows: ReadonlyArray<
    readonly [what: string, results: readonly CaseResult[], verdict: Verdict, reason: string | undefined]
  > = [
    ['kept twice', [resultOf('a', kept), resultOf('b', kept)], 'passed', undefined],
    ['kept and violated', [resultOf('a', kept), resultOf('b', bad)], 'failed', undefined],
    ['violated and not run', [resultOf('a', bad)], 'failed', undefined],
    ['violated and in error', [resultOf('a', bad), resultOf('b', error)], 'failed', undefined],
    [
      'violated by a case that ended in an error afterwards',
      [resultOf('a', { ...bad, ...error })],
      'failed',
      undefined,
    ],
    ['kept and in error', [resultOf('a', kept), resultOf('b', error)], 'error', 'timeout'],
    ['not run and in error', [resultOf('b', error)], 'error', 'timeout'],
    ['blocked and in error', [resultOf('a', blocked), resultOf('b', error)], 'error', 'timeout'],
    ['kept and not run', [resultOf('a', kept)], 'not-run', 'selected, but did not run'],
    ['blocked and not run', [resultOf('a', blocked)], 'not-run', 'selected, but did not run'],
    ['no case run', [], 'not-run', 'selected, but did not run'],
    ['kept and blocked', [resultOf('a', kept), resultOf('b', blocked)], 'blocked', 'no user'],
    ['blocked and switched off', [resultOf('a', blocked), resultOf('b', off)], 'blocked', 'no user'],
    [
      'kept by some subjects of a case and blocked by others',
      [resultOf('a', { ...kept, ...blocked }), resultOf('b', kept)],
      'blocked',
      'no user',
    ],
    ['violated and blocked', [resultOf('a', bad), resultOf('b', blocked)], 'failed', undefined],
    ['violated by one subject and blocked by another', [resultOf('a', { ...bad, ...blocked })], 'failed', undefined],
    ['kept and switched off', [resultOf('a', kept), resultOf('b', off)], 'passed', undefined],
    ['switched off', [resultOf('a', off), resultOf('b', off)], 'excluded', WRITES_OFF],
    ['run without a finding', [resultOf('a'), resultOf('b')], 'blocked', 'no answer of this run could prove it'],
  ];
  for (const [what, results, verdict, reason] of rows)
    test(`${what}: ${verdict}`, () => {
      const found = verdictOf(MUST, [a, b], results);
      assert.deepEqual([found.verdict, found.reason], [verdict, reason]);
      assert.deepEqual(found.cases, ['a', 'b']);
    });

  const general: ReadonlyArray<
    readonly [what: string, id: string, results: readonly CaseResult[], options: RunOptions, verdict: Verdict]
  > = [
    ['not provocable, met and kept', CHANCE, [resultOf('a', { judged: { [CHANCE]: [] } })], OPTIONS, 'passed'],
    ['not provocable, met and violated', CHANCE, [resultOf('a', { judged: { [CHANCE]: ['x'] } })], OPTIONS, 'failed'],
    ['not provocable and never met', CHANCE, [resultOf('a')], OPTIONS, 'untested'],
    ['never met with writes off', WRITING, [resultOf('a')], { ...OPTIONS, writes: false }, 'excluded'],
    ['never met with writes on', WRITING, [resultOf('a')], OPTIONS, 'blocked'],
    ['never met, and a case in error', WRITING, [resultOf('a', error)], OPTIONS, 'error'],
    ['never met, and a case not run', WRITING, [], OPTIONS, 'not-run'],
  ];
  for (const [what, id, results, options, verdict] of general)
    test(`covered by no case, ${what}: ${verdict}`, () => {
      assert.equal(verdictOf(id, [caseOf('a', [MUST])], results, options).verdict, verdict);
    });

  test('a case can block a requirement that it does not cover', () => {
    const found = verdictOf(
      MUST,
      [caseOf('a', [MUST]), caseOf('b', [])],
      [resultOf('a', kept), resultOf('b', blocked)],
    );
    assert.deepEqual([found.verdict, found.reason], ['blocked', 'no user']);
  });

  const accepted = { requirement: MUST, because: 'legacy', ticket: 'T-1', since: '2026-01-01', until: '2026-01-31' };
  const excused: ReadonlyArray<
    readonly [what: string, today: string, results: readonly CaseResult[], verdict: Verdict, says: RegExp]
  > = [
    ['violated', '2026-01-31', [resultOf('a', bad), resultOf('b', kept)], 'known', /legacy.*T-1.*2026-01-31/],
    [
      'violated after the last day',
      '2026-02-01',
      [resultOf('a', bad), resultOf('b', kept)],
      'stale',
      /until 2026-01-31/,
    ],
    ['kept', '2026-01-15', [resultOf('a', kept), resultOf('b', kept)], 'stale', /kept in this run.*T-1/],
    ['in error', '2026-01-15', [resultOf('a', kept), resultOf('b', error)], 'error', /timeout/],
    ['not run', '2026-01-15', [resultOf('a', kept)], 'not-run', /did not run/],
  ];
  for (const [what, today, results, verdict, says] of excused)
    test(`accepted and ${what}: ${verdict}`, () => {
      const found = verdictOf(MUST, [a, b], results, { ...OPTIONS, deviations: [accepted], today });
      assert.equal(found.verdict, verdict);
      assert.match(present(found.reason), says);
    });

  test('the observation does not depend on what is accepted', () => {
    const seen = (results: readonly CaseResult[], today: string) => {
      const { observed, acceptance } = verdictOf(MUST, [a, b], results, {
        ...OPTIONS,
        deviations: [accepted],
        today,
      });
      return [observed, acceptance?.isOver];
    };
    const [clean, broken] = [
      [resultOf('a', kept), resultOf('b', kept)],
      [resultOf('a', bad), resultOf('b', kept)],
    ];
    assert.deepEqual(seen(clean, '2026-01-15'), ['kept', false]);
    assert.deepEqual(seen(clean, '2026-02-01'), ['kept', true]);
    assert.deepEqual(seen(broken, '2026-01-15'), ['violated', false]);
    assert.deepEqual(seen(broken, '2026-02-01'), ['violated', true]);
    assert.deepEqual(seen([resultOf('a', blocked), resultOf('b', kept)], '2026-01-15'), ['not-shown', false]);
    assert.deepEqual(seen(broken, '2025-12-31'), ['violated', undefined]);
  });

  test('a violation whose acceptance has expired makes the run non-conformant', () => {
    const over = { ...OPTIONS, deviations: [accepted], today: '2026-02-01' };
    const all = (results: readonly CaseResult[]) =>
      requirementVerdicts(contract, [a], new Map(results.map((result) => [result.case, result])), over);
    assert.equal(runVerdict(all([resultOf('a', bad)]), { ...over, narrowed: false }), 'non-conformant');
  });

  test('the reason tells a case that was not selected from one that did not run', () => {
    const found = verdictOf(MUST, [a, b], [resultOf('a', kept)], { ...OPTIONS, selected: new Set(['a']) });
    assert.deepEqual([found.verdict, found.reason], ['not-run', 'not selected']);
  });

  test('what only an excluded operation could show is excluded with it', () => {
    const found = verdictOf('create.429.media-type', [a], [resultOf('a')], { ...OPTIONS, writes: false });
    assert.deepEqual([found.verdict, found.exclusion], ['excluded', 'writes-off']);
  });

  test('a deviation excuses no other requirement', () => {
    const options = { ...OPTIONS, deviations: [{ ...accepted, requirement: SHOULD }], today: '2026-01-15' };
    assert.equal(verdictOf(MUST, [a], [resultOf('a', bad)], options).verdict, 'failed');
  });

  test('if no request could be sent, everything but violations is an error', () => {
    const options = { ...OPTIONS, trouble: 'no such host' };
    assert.deepEqual(
      ['list.allowed', CHANCE].map((id) => verdictOf(id, [a, b], [], options).reason),
      ['no such host', 'no such host'],
    );
    assert.equal(verdictOf(MUST, [a], [resultOf('a', bad)], options).verdict, 'failed');
    assert.equal(runVerdict([], { ...options, narrowed: true }), 'inconclusive');
  });

  test('a violation that several cases saw is listed once', () => {
    const found = verdictOf(MUST, [a, b], [resultOf('a', bad), resultOf('b', bad)]);
    assert.equal(found.violations.length, 1);
    assert.deepEqual(found.violations[0], { case: 'a', seen: 'seen', exchanges: ['x1'] });
  });
});

describe('the verdict of a run', () => {
  /** The verdicts of a run in which all other requirements passed. */
  function run(changed: Readonly<Record<string, Verdict>>): RequirementVerdict[] {
    for (const id of Object.keys(changed)) present(contract.requirements.get(id));
    return [...contract.requirements.values()].map((requirement) => ({
      requirement,
      verdict: changed[requirement.id] ?? 'passed',
      observed: changed[requirement.id] === 'failed' || changed[requirement.id] === 'known' ? 'violated' : 'kept',
      reason: undefined,
      cases: [],
      exchanges: [],
      violations: [],
      reporters: [],
    }));
  }
  const strict = { ...OPTIONS, strict: true };
  const tolerant = { ...OPTIONS, tolerateAdditive: true };
  const rows: ReadonlyArray<
    readonly [changed: Readonly<Record<string, Verdict>>, options: RunOptions, whole: string, narrowed: string]
  > = [
    [{}, OPTIONS, 'conformant', 'incomplete'],
    [{ [CHANCE]: 'untested', [WRITING]: 'excluded' }, strict, 'conformant', 'incomplete'],
    [{ [MUST]: 'failed' }, OPTIONS, 'non-conformant', 'non-conformant'],
    [{ [MUST]: 'failed', [WRITING]: 'error', [CHANCE]: 'not-run' }, OPTIONS, 'non-conformant', 'non-conformant'],
    [{ [MUST]: 'error' }, OPTIONS, 'inconclusive', 'incomplete'],
    [{ [MUST]: 'blocked' }, OPTIONS, 'inconclusive', 'incomplete'],
    [{ [MUST]: 'not-run' }, OPTIONS, 'incomplete', 'incomplete'],
    [{ [MUST]: 'not-run', [WRITING]: 'error' }, OPTIONS, 'incomplete', 'incomplete'],
    [{ [MUST]: 'known' }, strict, 'conformant', 'incomplete'],
    [{ [MUST]: 'stale' }, OPTIONS, 'stale', 'incomplete'],
    [{ [SHOULD]: 'stale' }, OPTIONS, 'stale', 'incomplete'],
    [{ [MUST]: 'stale', [SHOULD]: 'blocked' }, OPTIONS, 'inconclusive', 'incomplete'],
    [{ [MUST]: 'stale', [SHOULD]: 'failed' }, strict, 'non-conformant', 'non-conformant'],
    [{ [SHOULD]: 'failed' }, OPTIONS, 'conformant', 'incomplete'],
    [{ [SHOULD]: 'failed' }, strict, 'non-conformant', 'non-conformant'],
    [{ [SHOULD]: 'failed' }, tolerant, 'conformant', 'incomplete'],
    [{ [SHOULD]: 'error' }, OPTIONS, 'inconclusive', 'incomplete'],
    [{ [SHOULD]: 'failed', [MUST]: 'failed' }, OPTIONS, 'non-conformant', 'non-conformant'],
    [{ [ADDITIVE]: 'failed' }, OPTIONS, 'non-conformant', 'non-conformant'],
    [{ [ADDITIVE]: 'failed' }, tolerant, 'conformant', 'incomplete'],
    [{ [ADDITIVE]: 'failed' }, { ...tolerant, strict: true }, 'non-conformant', 'non-conformant'],
    [{ [MUST]: 'failed' }, tolerant, 'non-conformant', 'non-conformant'],
  ];
  for (const [changed, options, whole, narrowed] of rows)
    test(`${JSON.stringify(changed)} ${options.strict ? 'strict ' : ''}${options.tolerateAdditive ? 'tolerant ' : ''}is ${whole}, narrowed ${narrowed}`, () => {
      assert.equal(runVerdict(run(changed), { ...options, narrowed: false }), whole);
      assert.equal(runVerdict(run(changed), { ...options, narrowed: true }), narrowed);
    });

  test('only undocumented members and enum values in what the target sends are additive', () => {
    for (const { id, additive = false } of contract.requirements.values())
      assert.equal(additive, /\.(enum|additionalProperties)$/.test(id) && !/\.(body|query|header|path)\./.test(id), id);
  });

  const effects: ReadonlyArray<readonly [verdict: Verdict, effect: string]> = [
    ['passed', 'ok'],
    ['excluded', 'ok'],
    ['untested', 'ok'],
    ['known', 'ok'],
    ['failed', 'gate'],
    ['stale', 'gate'],
    ['blocked', 'gate'],
    ['not-run', 'gate'],
    ['error', 'gate'],
  ];
  test('every verdict is in this table', () => {
    assert.deepEqual(effects.map(([verdict]) => verdict).sort(), [...VERDICTS].sort());
  });
  for (const [verdict, effect] of effects)
    test(`the gate effect of ${verdict} is ${effect}`, () => {
      const [one] = run({}).filter(({ requirement }) => requirement.id === MUST);
      assert.equal(gateEffect({ ...present(one), verdict }, OPTIONS), effect);
    });
});

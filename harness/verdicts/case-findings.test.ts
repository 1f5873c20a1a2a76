import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInMemory } from '../../proof/memory.ts';
import { allCases } from '../../tests/cases/index.ts';
import type { Case } from '../case.ts';
import { caseOf, contract, present, resultOf } from '../fixtures.ts';
import { colourOf, findingsOf, selectedVerdicts } from './case-findings.ts';
import { type RunOptions, requirementVerdicts } from './verdicts.ts';

const OPTIONS: RunOptions = { writes: true, strict: true, tolerateAdditive: false };
const MUST = 'list.allowed';

describe('a test of the suite', () => {
  const cases = allCases(contract);
  for (const one of cases)
    test(`is green when run alone against a correct target: ${one.id}`, async () => {
      const results = await runInMemory(contract, [one]);
      const verdicts = requirementVerdicts(contract, [one], results, OPTIONS);
      const others = cases.filter(({ id }) => id !== one.id);
      const coveredByOthers = new Set(others.flatMap(({ covers }) => covers));
      const result = present(results.get(one.id));
      const findings = findingsOf(one, result, selectedVerdicts(verdicts, { coveredByOthers, isPart: false }), OPTIONS);
      assert.deepEqual([findings.map(({ requirement }) => requirement), colourOf(findings, result)], [[], 'green']);
    });
});

describe('a test without a finding on the requirement that it covers', () => {
  const colour = (others: readonly Case[], isPart: boolean) => {
    const mine = caseOf('a', [MUST]);
    const result = resultOf('a');
    const verdicts = requirementVerdicts(contract, [mine], new Map([['a', result]]), OPTIONS);
    const coveredByOthers = new Set(others.flatMap(({ covers }) => covers));
    return colourOf(findingsOf(mine, result, selectedVerdicts(verdicts, { coveredByOthers, isPart }), OPTIONS), result);
  };

  test('is red', () => assert.equal(colour([], false), 'red'));
  test('is red if no other case covers it', () => assert.equal(colour([caseOf('b', [])], false), 'red'));
  test('is green if a case that was not selected covers it', () =>
    assert.equal(colour([caseOf('b', [MUST])], false), 'green'));
  test('is green in one of several shards', () => assert.equal(colour([], true), 'green'));
});

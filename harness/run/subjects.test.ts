import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInMemory } from '../../proof/memory.ts';
import { both } from '../../reporters/results.ts';
import { declaredCases } from '../../tests/cases/index.ts';
import { type Api, Blocked, type CaseResult } from '../case.ts';
import { readContract } from '../contract/index.ts';
import { versionsOf } from '../contract/versions.ts';
import { caseOf, contract, DOCUMENT, exchange, present } from '../fixtures.ts';
import { requirementVerdicts } from '../verdicts/verdicts.ts';

const MUST = 'list.equals-retrieved';

/** The result of a case that runs against the reference. */
async function shownBy(run: (api: Api) => Promise<void>, covers: readonly string[] = [MUST]): Promise<CaseResult> {
  return present((await runInMemory(contract, [caseOf('a', covers, run)])).get('a'));
}

function verdictOf(...results: readonly CaseResult[]): string {
  const cases = results.map((result) => caseOf(result.case, [MUST]));
  const verdicts = requirementVerdicts(contract, cases, new Map(results.map((result) => [result.case, result])), {
    writes: true,
    strict: false,
    tolerateAdditive: false,
  });
  return present(verdicts.find(({ requirement }) => requirement.id === MUST)).verdict;
}

describe('declared subjects', () => {
  test('that all conform keep the requirement', async () => {
    const result = await shownBy(async (api) => {
      const groups = api.subjects(MUST, ['g1', 'g2']);
      const page = await api.ask({ operation: 'list' });
      groups.report('g1', [page]);
      groups.report('g2', [page], false, undefined);
    });
    assert.deepEqual(result.blocked, {});
    assert.equal(result.findings[MUST]?.violations.length, 0);
    assert.equal(verdictOf(result), 'passed');
  });

  test('block it if one is never judged, although the others conform', async () => {
    const result = await shownBy(async (api) => {
      const groups = api.subjects(MUST, ['g1', 'g2']);
      groups.report('g1', [await api.ask({ operation: 'list' })]);
    });
    assert.deepEqual(result.blocked, { [MUST]: 'nothing was shown about g2' });
    assert.equal(verdictOf(result), 'blocked');
    const other = await shownBy(async (api) => api.report(MUST, [await api.ask({ operation: 'list' })]));
    assert.equal(verdictOf(result, { ...other, case: 'b' }), 'blocked');
  });

  test('violate it if one does, even if others are missing', async () => {
    const result = await shownBy(async (api) => {
      const groups = api.subjects(MUST, ['g1', 'g2']);
      groups.report('g1', [await api.ask({ operation: 'list' })], 'seen');
    });
    assert.deepEqual(
      result.findings[MUST]?.violations.map(({ seen }) => seen),
      ['seen'],
    );
    assert.equal(verdictOf(result), 'failed');
  });

  test('that are blocked give their reasons by name', async () => {
    const result = await shownBy(async (api) => {
      const groups = api.subjects(MUST, ['g1', 'g2', 'g3']);
      groups.report('g1', [await api.ask({ operation: 'list' })]);
      groups.blocked('g2', 'no-group', 'it is locked');
    });
    assert.deepEqual(result.blocked, { [MUST]: 'g2: it is locked; nothing was shown about g3' });
  });

  test('count as missing if the case ended early, with the reason', async () => {
    const result = await shownBy(
      async (api) => {
        const groups = api.subjects(MUST, ['g1', 'g2', 'g3', 'g4', 'g5']);
        groups.report('g1', [await api.ask({ operation: 'list', expects: ['list.allowed'] })]);
        throw new Blocked('no-group', 'the list ended');
      },
      [MUST, 'list.allowed', 'list.pages-partition'],
    );
    assert.deepEqual(result.blocked, {
      [MUST]: 'nothing was shown about g2, g3, g4 and 1 more: the list ended',
      'list.pages-partition': 'the list ended',
    });
  });

  test('count as missing if the case ended in an error, in addition to that error', async () => {
    const result = await shownBy(async (api) => {
      api.subjects(MUST, ['g1']);
      throw new Error('broken');
    });
    assert.equal(result.error, 'Error: broken');
    assert.deepEqual(result.blocked, { [MUST]: 'nothing was shown about g1' });
    assert.equal(verdictOf(result), 'error');
  });

  test('that were not declared make the case end in an error', async () => {
    for (const use of ['report', 'blocked'] as const) {
      const { error } = await shownBy(async (api) => {
        const groups = api.subjects(MUST, ['g1']);
        if (use === 'report') groups.report('g2', []);
        else groups.blocked('g2', 'no-group', 'x');
      });
      assert.match(present(error), /^TypeError: list\.equals-retrieved: g2 was not declared/);
    }
  });

  test('stay blocked if the case is repeated', async () => {
    const result = await shownBy(async (api) => {
      const groups = api.subjects(MUST, ['g1', 'g2']);
      groups.report('g1', [await api.ask({ operation: 'list' })]);
    });
    assert.deepEqual(both(result, result).blocked, { [MUST]: 'nothing was shown about g2' });
  });
});

describe('a requirement that the contract does not have', () => {
  const uses: Readonly<Record<string, (api: Api) => void>> = {
    report: (api) => api.report('list.no-such', []),
    judgeStatus: (api) => api.judgeStatus(['list.no-such'], exchange()),
    blocked: (api) => api.blocked('list.no-such', 'no-group', 'x'),
    excluded: (api) => api.excluded('list.no-such', 'unsigned'),
    subjects: (api) => void api.subjects('list.no-such', []),
  };
  for (const [name, use] of Object.entries(uses))
    test(`is an error for api.${name}`, async () => {
      const { error } = await shownBy(async (api) => use(api));
      assert.match(present(error), /^TypeError: .*list\.no-such/);
    });

  test('is in no case of the suite, unless another version promises it', async () => {
    const versions = await Promise.all(versionsOf(DOCUMENT).map((version) => readContract(DOCUMENT, version)));
    const promised = new Set(versions.flatMap(({ requirements }) => [...requirements.keys()]));
    const named = versions.flatMap((version) => declaredCases(version).flatMap(({ covers }) => covers));
    assert.deepEqual(
      [...new Set(named)].filter((id) => !promised.has(id)),
      [],
    );
  });
});

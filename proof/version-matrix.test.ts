import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { newestKept } from '../harness/verdicts/version-fit.ts';
import { VERSIONS } from '../reference/editions.ts';
import { allCases } from '../tests/cases/index.ts';
import { IN_MEMORY } from './honest-run.ts';
import { useLightHttp } from './light-http.ts';
import { runInMemory } from './memory.ts';
import { cellOf, VERSIONS_OF_CONTRACT } from './version-matrix.ts';

useLightHttp();

test('the reference implements every version of the contract', () => assert.deepEqual(VERSIONS, VERSIONS_OF_CONTRACT));

const pairs = VERSIONS_OF_CONTRACT.flatMap((contract, index) =>
  [index - 1, index, index + 1].flatMap((other) => {
    const reference = VERSIONS_OF_CONTRACT[other];
    return reference === undefined ? [] : [{ contract, reference }];
  }),
);

/** Each cell is computed once. */
const cells = new Map<string, ReturnType<typeof cellOf>>();
const cell = (contract: string, reference: string) => {
  const key = `${contract} ${reference}`;
  const known = cells.get(key) ?? cellOf(contract, reference);
  cells.set(key, known);
  return known;
};

test('without a business that anybody could ask about, what only its list could prove is excluded', async () => {
  const contract = await readContract(OWN_DOCUMENT, '1.91');
  const cases = allCases(contract);
  const options = { ...IN_MEMORY, writes: false };
  const results = await runInMemory(contract, cases, undefined, { seeds: false }, { writes: false, version: '1.91' });
  const verdicts = requirementVerdicts(contract, cases, results, options);
  const of = (prefix: string) =>
    new Set(verdicts.flatMap((one) => (one.requirement.id.startsWith(prefix) ? [one.exclusion ?? one.verdict] : [])));
  assert.deepEqual(of('business-list.'), new Set(['not-in-contract', 'untested']));
  assert.deepEqual(of('business-account-group-list.'), new Set(['not-in-contract']));
  assert.ok(!of('list.').has('not-in-contract'));
});

describe('the reference of a version', () => {
  for (const { contract, reference } of pairs)
    test(`${reference} ${contract === reference ? 'keeps' : 'differs only by what changed from'} the contract of ${contract}`, async () => {
      const { findings, unexplained } = await cell(contract, reference);
      const wrong = contract === reference ? findings : unexplained;
      assert.deepEqual(
        wrong.map(({ requirement, verdict, reason, violations }) => [
          requirement.id,
          verdict,
          violations[0]?.seen ?? reason,
        ]),
        [],
      );
    });

  for (const [index, version] of VERSIONS_OF_CONTRACT.entries())
    test(`${version} is recognized`, async () => {
      const near = VERSIONS_OF_CONTRACT.slice(Math.max(0, index - 1), index + 2);
      const fits = await Promise.all(near.map(async (contract) => (await cell(contract, version)).fit));
      // The oldest version tried counts as the first.
      assert.equal(newestKept(fits)?.version, version);
    });
});

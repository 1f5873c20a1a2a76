import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newestKept } from '../harness/verdicts/version-fit.ts';
import { VERSIONS } from '../reference/editions.ts';
import { useLightHttp } from './light-http.ts';
import { cellOf, VERSIONS_OF_CONTRACT } from './version-matrix.ts';

useLightHttp();

test('the reference speaks every version of the contract', () => assert.deepEqual(VERSIONS, VERSIONS_OF_CONTRACT));

const pairs = VERSIONS_OF_CONTRACT.flatMap((contract, index) =>
  [index - 1, index, index + 1].flatMap((other) => {
    const reference = VERSIONS_OF_CONTRACT[other];
    return reference === undefined ? [] : [{ contract, reference }];
  }),
);

/** Each cell is tried once. */
const cells = new Map<string, ReturnType<typeof cellOf>>();
const cell = (contract: string, reference: string) => {
  const key = `${contract} ${reference}`;
  const known = cells.get(key) ?? cellOf(contract, reference);
  cells.set(key, known);
  return known;
};

describe('the reference of a version', () => {
  for (const { contract, reference } of pairs)
    test(`${reference} shows the contract of ${contract} ${contract === reference ? 'nothing wrong' : 'what lies between them, and nothing else'}`, async () => {
      const { findings, unexplained } = await cell(contract, reference);
      const told = contract === reference ? findings : unexplained;
      assert.deepEqual(
        told.map(({ requirement, verdict, reason, violations }) => [
          requirement.id,
          verdict,
          violations[0]?.seen ?? reason,
        ]),
        [],
      );
    });

  for (const [index, version] of VERSIONS_OF_CONTRACT.entries())
    test(`${version} is known for what it is`, async () => {
      const near = VERSIONS_OF_CONTRACT.slice(Math.max(0, index - 1), index + 2);
      const fits = await Promise.all(near.map(async (contract) => (await cell(contract, version)).fit));
      // The oldest one that was tried counts as the first.
      assert.equal(newestKept(fits)?.version, version);
    });
});

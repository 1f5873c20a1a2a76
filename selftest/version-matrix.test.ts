import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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

describe('the reference of a version', () => {
  for (const { contract, reference } of pairs)
    test(`${reference} shows the contract of ${contract} ${contract === reference ? 'nothing wrong' : 'what lies between them, and nothing else'}`, async () => {
      const { findings, unexplained } = await cellOf(contract, reference);
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
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allCases } from '../tests/cases.ts';
import { callAt, sourceLineOf } from '../tests/source-line.ts';
import { contract, present } from './harness-fixtures.ts';

test('every case has a line in the file that makes it', async () => {
  const places = await Promise.all(
    allCases(contract).map(async (one) => ({ id: one.id, ...(await sourceLineOf(one)) })),
  );
  assert.deepEqual(
    places.filter(({ file }) => !/\/tests\/[\w-]+\.cases\.ts$/.test(file ?? '')),
    [],
  );
  // Those that the contract multiplies share one.
  const distinct = new Set(places.map(({ file, line }) => `${file}:${line}`));
  assert.ok(distinct.size > places.length * 0.75, `${distinct.size} lines for ${places.length} cases`);
});

test('what is called there says so in its stack', () => {
  let stack = '';
  callAt({ file: '/somewhere/x.cases.ts', line: 42 }, () => {
    stack = present(new Error('here').stack);
  });
  assert.match(stack, /\/somewhere\/x\.cases\.ts:42:/);
});

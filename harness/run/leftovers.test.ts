import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInMemory } from '../../proof/memory.ts';
import { created } from '../../tests/fixtures/items.ts';
import { caseOf, contract } from '../fixtures.ts';
import { FULL_PROFILE } from '../verdicts/profile.ts';

/** The statuses of the requests to close a group that a run leaves, at a target where its approval takes some time. */
async function closingOf(activationMs: number, profile = FULL_PROFILE): Promise<number[]> {
  const statuses: number[] = [];
  const leaving = caseOf('a', ['create.allowed'], async (api) => void (await created(api, 'first')));
  await runInMemory(
    contract,
    [leaving],
    (honest) => async (request) => {
      const response = await honest(request);
      if (request.method === 'DELETE' && request.url.includes('/account_groups/')) statuses.push(response.status);
      return response;
    },
    { activationMs },
    { close: true, profile },
  );
  return statuses;
}

test('a group that still waits for approval when the run ends is closed as soon as it may be', async () => {
  const statuses = await closingOf(300);
  assert.deepEqual([statuses[0], statuses.at(-1)], [409, 202]);
});

test('a group that is never approved is given up after the settling time', async () => {
  const statuses = await closingOf(1e12);
  assert.ok(statuses.length > 1 && statuses.length < 10, String(statuses));
  assert.deepEqual(new Set(statuses), new Set([409]));
});

test('a group that only a person can approve is not waited for', async () => {
  assert.deepEqual(await closingOf(1e12, { ...FULL_PROFILE, approval: 'manual' }), [409]);
});

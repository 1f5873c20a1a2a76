import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { allCases } from '../tests/cases.ts';
import { type Fault, groups, is, type Json, lying } from './faults/lie.ts';
import { runInMemory } from './memory.ts';

/** What happens to the run's other groups while one is being closed. */

const contract = await readContract('spec/account-groups.openapi.yaml');
const cases = allCases(contract).filter(({ id }) => id === 'close.bystanders');
const ID = 'close.bystanders-untouched';

/** Changes every group of the run but those that were asked to close, once the first of them was. */
function afterwards(change: (one: Json) => unknown): Fault['tell'] {
  return lying((clock) => {
    const closed = new Set<unknown>();
    const born = new Set<unknown>();
    let since = '';
    return async (asked, forward) => {
      const answered = await forward();
      if (is('create', 200)(asked, answered)) for (const { id } of groups(answered)) born.add(id);
      if (is('close', 202)(asked, answered)) {
        closed.add(asked.id.toLowerCase());
        since ||= new Date(clock.now()).toISOString();
      }
      for (const one of groups(answered))
        if (since !== '' && born.has(one.id) && !closed.has(one.id)) {
          change(one);
          one.updated_at = since;
        }
      return answered;
    };
  });
}

async function seen(change: (one: Json) => unknown): Promise<string[]> {
  const result = (await runInMemory(contract, cases, afterwards(change))).get('close.bystanders');
  assert.ok(result !== undefined && result.error === undefined, result?.error);
  const judged = result.judgements[ID];
  assert.ok(judged !== undefined && judged.exchanges.length > 0, JSON.stringify(result.blocked));
  return judged.violations.map(({ seen: text }) => text);
}

describe('another group, while one is being closed,', () => {
  test('may be locked: the target may do that at any time', async () => {
    assert.deepEqual(await seen((one) => Object.assign(one, { status: 'LOCKED' })), []);
  });

  test('may not be closing as well', async () => {
    const closing = (one: Json) => Object.assign(one, { status: 'CLOSING' });
    assert.match((await seen(closing)).join(), /status is "\w+" here and "CLOSING" there/);
  });

  test('may not change otherwise, locked or not', async () => {
    const spoil = (one: Json) => void Object.assign(one, { status: 'LOCKED', users: [] });
    assert.match((await seen(spoil)).join(), /users is/);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NOBODY, open, PERSON } from './fixtures.ts';

describe('idempotency', () => {
  const KEY = 'ccb07f42-4104-44ad-8e1f-c660bb7b269c';

  test('repeats the first response byte for byte, with a new request id', async () => {
    const { clock, post, user, seeds } = await open();
    const user_id = await user();
    const first = await post('/account_groups', { user_id, type: 'PERSONAL' }, { 'idempotency-key': KEY });
    clock.now += 1000;
    for (const key of [KEY, KEY.toUpperCase(), KEY.replaceAll('-', ''), KEY.replace('-', '')]) {
      const again = await post('/account_groups', { type: 'PERSONAL', user_id }, { 'idempotency-key': key });
      assert.equal(again.status, 200);
      assert.equal(again.text, first.text);
      assert.notEqual(again.headers.get('upvest-request-id'), first.headers.get('upvest-request-id'));
    }
    assert.equal((await seeds()).length, 8);
    const other = await post('/account_groups', { user_id, type: 'LEGAL_ENTITY' }, { 'idempotency-key': KEY });
    assert.deepEqual([other.status, other.json.type], [400, 'invalid_request']);
    assert.equal((await post('/users', PERSON, { 'idempotency-key': KEY })).status, 400);
    assert.equal((await seeds()).length, 8);
  });

  test('creates once under concurrent requests', async () => {
    const { post, user, seeds } = await open();
    const body = { user_id: await user(), type: 'PERSONAL' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/account_groups', body, { 'idempotency-key': KEY })),
    );
    assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
    assert.equal((await seeds()).length, 8);
  });

  test('leaves the key unused after a failure', async () => {
    const { post, user } = await open();
    const headers = { 'idempotency-key': KEY };
    assert.equal((await post('/account_groups', { user_id: NOBODY, type: 'PERSONAL' }, headers)).status, 404);
    assert.equal((await post('/account_groups', { user_id: NOBODY }, headers)).status, 400);
    assert.equal((await post('/account_groups', { user_id: await user(), type: 'PERSONAL' }, headers)).status, 200);
  });

  test('covers users, whatever the order of members', async () => {
    const { post } = await open();
    const headers = { 'idempotency-key': KEY };
    const first = await post('/users', PERSON, headers);
    const turned = Object.fromEntries(Object.entries(PERSON).reverse());
    assert.equal((await post('/users', turned, headers)).text, first.text);
    assert.equal((await post('/users', { ...PERSON, first_name: 'Eva' }, headers)).status, 400);
  });
});

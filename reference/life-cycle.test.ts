import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Json, NOBODY, open, text } from './fixtures.ts';

describe('life cycle', () => {
  test('runs from approval to CLOSED, and each step changes updated_at', async () => {
    const { clock, ask, group, close, seeds } = await open();
    const { id, created_at } = await group();
    const read = async () => {
      const { json } = await ask(`/account_groups/${id}`);
      assert.equal(json.created_at, created_at);
      assert.deepEqual((await seeds()).at(-1), json);
      return [json.status, Date.parse(text(json.updated_at)) - Date.parse(text(created_at))];
    };
    assert.deepEqual(await read(), ['PENDING_APPROVAL', 0]);
    assert.equal((await close(id)).status, 409);
    clock.now += 29;
    assert.deepEqual(await read(), ['PENDING_APPROVAL', 0]);
    clock.now += 1;
    assert.deepEqual(await read(), ['ACTIVE', 30]);
    clock.now += 5;
    const closed = await close(String(id).toUpperCase());
    assert.deepEqual([closed.status, closed.text, closed.headers.get('content-type')], [202, '', null]);
    assert.deepEqual(await read(), ['CLOSING', 35]);
    assert.equal((await close(id)).status, 409);
    clock.now += 30;
    assert.deepEqual(await read(), ['CLOSED', 65]);
    assert.equal((await close(id)).status, 409);
  });

  test('changes updated_at even without delays', async () => {
    const { clock, ask, group, close } = await open({ activationMs: 0, closingMs: 0 });
    const { id } = await group();
    const seen: Json[] = [];
    const read = async () => seen.push((await ask(`/account_groups/${id}`)).json);
    await read();
    clock.now += 1.5;
    await read();
    await close(id);
    await read();
    clock.now += 2;
    await read();
    assert.deepEqual(
      seen.map(({ status }) => status),
      ['PENDING_APPROVAL', 'ACTIVE', 'CLOSING', 'CLOSED'],
    );
    assert.equal(new Set(seen.map(({ updated_at }) => updated_at)).size, 4);
  });

  test('only ACTIVE seeds can be closed', async () => {
    const { close, seeds } = await open();
    for (const { id, status } of await seeds()) assert.equal((await close(id)).status, status === 'ACTIVE' ? 202 : 409);
  });

  test('ids: HEAD, upper case, unknown, malformed', async () => {
    const { ask, seeds, close } = await open();
    const group = (await seeds())[0];
    const id = text(group?.id);
    assert.deepEqual((await ask(`/account_groups/${id.toUpperCase()}`)).json, group);
    for (const path of ['/account_groups', `/account_groups/${id}`]) {
      const head = await ask(path, { method: 'HEAD' });
      assert.deepEqual([head.status, head.text, head.headers.get('content-type')], [200, '', 'application/json']);
    }
    for (const wrong of [NOBODY, 'x', id.replaceAll('-', ''), `${id}x`, '%zz', '%2e%2e', `{${id}}`]) {
      assert.equal((await ask(`/account_groups/${wrong}`)).status, 404);
      assert.equal((await close(wrong)).status, 404);
    }
  });
});

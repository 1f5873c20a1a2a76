import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listen, types } from '../harness/checks/delivery-fixtures.ts';
import { VirtualClock } from '../proof/memory.ts';
import { objects, text, UUID_V4 } from './fixtures.ts';

describe('events', () => {
  test('report each stage in order, with the group in that stage', async () => {
    const { clock, register, group, read, close, deliveries, events } = await listen();
    const webhookId = await register({ type: ['ACCOUNT_GROUP'] });
    const seen = [await group()];
    const { id, created_at } = seen[0] ?? {};
    await clock.sleep(50);
    seen.push(await read(id));
    await clock.sleep(50);
    assert.equal((await close(id)).status, 202);
    seen.push(await read(id));
    await clock.sleep(100);
    seen.push(await read(id));

    assert.deepEqual(types(events()), ['CREATED', 'ACTIVATED', 'CLOSING_INITIATED', 'CLOSED']);
    assert.deepEqual(
      events().map(({ object }) => object),
      seen,
    );
    assert.deepEqual(
      events().map((event) => event.created_at),
      seen.map(({ updated_at }) => updated_at),
    );
    assert.equal(events()[0]?.created_at, created_at);
    for (const event of events()) {
      assert.deepEqual(Object.keys(event), ['id', 'created_at', 'type', 'object', 'webhook_id']);
      assert.match(text(event.id), UUID_V4);
      assert.equal(event.webhook_id, webhookId);
    }
    assert.equal(new Set(events().map((event) => event.id)).size, 4);
    for (const { at, events } of deliveries) assert.equal(at - Date.parse(text(events[0]?.created_at)), 15);
  });

  test('an overdue stage is reported before the next one', async () => {
    const time = { now: Date.UTC(2026, 0, 1) };
    const { clock, register, group, close, events } = await listen({ now: () => time.now, bundleMs: 0 });
    await register();
    const { id } = await group();
    time.now += 30;
    assert.equal((await close(id)).status, 202);
    time.now += 31;
    await clock.sleep(100);
    assert.deepEqual(types(events()), ['CREATED', 'ACTIVATED', 'CLOSING_INITIATED', 'CLOSED']);
  });

  test('each webhook with a matching type gets its own events', async () => {
    const { clock, register, group, deliveries } = await listen();
    for (const [path, type] of [
      ['all', ['ALL']],
      ['groups', ['USER', 'ACCOUNT_GROUP']],
      ['users', ['USER', 'ACCOUNT']],
    ] as const) {
      await register({ url: `https://tenant.example/${path}`, type });
    }
    await group();
    await clock.sleep(20);
    assert.deepEqual(deliveries.map(({ url }) => new URL(url).pathname).sort(), ['/all', '/groups']);
    const [a, b] = deliveries.flatMap(({ events }) => events);
    assert.deepEqual(a?.object, b?.object);
    assert.notEqual(a?.id, b?.id);
    assert.notEqual(a?.webhook_id, b?.webhook_id);
  });

  test('a webhook gets only what happens while it is enabled', async () => {
    const { clock, register, patch, group, events } = await listen();
    const id = await register();
    await patch(id, { enabled: false });
    await group();
    await clock.sleep(10);
    await patch(id, { enabled: true });
    await clock.sleep(100);
    assert.deepEqual(types(events()), ['ACTIVATED']);
    await patch(id, { enabled: false });
    await group();
    await clock.sleep(100);
    await patch(id, { enabled: true });
    await clock.sleep(100);
    assert.equal(events().length, 1);
  });

  test('seeds, refused requests and replays cause none', async () => {
    const { clock, register, post, user, ask, close, events } = await listen();
    await register();
    for (const { id, status } of objects((await ask('/account_groups')).json.data)) {
      if (status !== 'ACTIVE') assert.equal((await close(id)).status, 409);
    }
    const body = { user_id: await user(), type: 'PERSONAL' };
    const key = { 'idempotency-key': crypto.randomUUID() };
    assert.equal((await post('/account_groups', body, key)).status, 200);
    assert.equal((await post('/account_groups', body, key)).status, 200);
    await clock.sleep(1000);
    assert.deepEqual(types(events()), ['CREATED', 'ACTIVATED']);
  });

  test('no timer is set without an enabled webhook', async () => {
    const idle = new VirtualClock();
    let sleeps = 0;
    const { group, register, patch } = await listen({
      now: idle.now,
      sleep: (milliseconds) => {
        sleeps++;
        return idle.sleep(milliseconds);
      },
    });
    await group();
    await register({ type: ['USER'] });
    await group();
    assert.equal(sleeps, 0);
    await patch(await register(), { enabled: false });
    await idle.sleep(1000);
    const before = sleeps;
    await group();
    assert.equal(sleeps, before);
  });
});

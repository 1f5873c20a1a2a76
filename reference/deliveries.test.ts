import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { listen, type Receiver, types } from '../harness/checks/delivery-fixtures.ts';
import { object, objects, open, text } from './fixtures.ts';
import { postOverHttp } from './post.ts';

describe('deliveries', () => {
  const refuse: Receiver = () => 503;
  const ids = (events: readonly { id?: unknown }[]) => events.map(({ id }) => id);

  test('bundle events that occur close together, in order', async () => {
    const { clock, register, group, deliveries } = await listen({ bundleMs: 20, activationMs: 19 });
    await register();
    await group();
    await group();
    await clock.sleep(5);
    await group();
    await clock.sleep(100);
    assert.deepEqual(
      deliveries.map(({ events }) => types(events)),
      [['CREATED', 'CREATED', 'CREATED', 'ACTIVATED', 'ACTIVATED'], ['ACTIVATED']],
    );
    const times = deliveries.flatMap(({ events }) => events.map((event) => text(event.created_at)));
    assert.deepEqual(times, times.toSorted());
  });

  test('respect the package size, except for a single event that is larger', async () => {
    const { clock, register, group, deliveries } = await listen({ bundleMs: 20 });
    for (const [path, max_package_size] of [
      ['one', 100],
      ['two', 1150],
    ] as const) {
      await register({ url: `https://tenant.example/${path}`, config: { max_package_size } });
    }
    await Promise.all([group(), group(), group()]);
    await clock.sleep(25);
    const counts = (path: string) =>
      deliveries.filter(({ url }) => url.endsWith(path)).map(({ events }) => events.length);
    assert.deepEqual(
      [counts('one'), counts('two')],
      [
        [1, 1, 1],
        [2, 1],
      ],
    );
  });

  for (const status of [200, 201, 204, 299]) {
    test(`${status} acknowledges`, async () => {
      const { clock, register, group, deliveries } = await listen({ activationMs: 1e6 }, () => status);
      await register();
      await group();
      await clock.sleep(10_000);
      assert.equal(deliveries.length, 1);
    });
  }

  for (const status of [302, 400, 410, 503, 'a broken connection'] as const) {
    test(`${status} does not: the same events are repeated, and later ones wait`, async () => {
      const { clock, register, group, deliveries } = await listen({}, (index) => {
        if (index >= 3) return 200;
        if (typeof status === 'number') return status;
        throw new TypeError('fetch failed');
      });
      await register();
      await group();
      await clock.sleep(1000);
      assert.deepEqual(
        deliveries.map(({ events }) => types(events)),
        [...Array(4).fill(['CREATED']), ['ACTIVATED']],
      );
      assert.equal(new Set(deliveries.slice(0, 4).map(({ events }) => JSON.stringify(events))).size, 1);
    });
  }

  test('are repeated after growing pauses, up to a maximum', async () => {
    const { clock, reference, register, group, deliveries } = await listen({ retryMs: 20 }, refuse);
    await register();
    await group();
    await clock.sleep(20 * 3000);
    reference.close();
    const pauses = deliveries.slice(1).map(({ at }, index) => (at - (deliveries[index]?.at ?? 0)) / 20);
    assert.deepEqual(pauses, [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 600, 600, 600].slice(0, pauses.length));
    assert.ok(pauses.length >= 15);
  });

  test('are sequential for each webhook; webhooks do not wait for one another', async () => {
    let inFlight = 0;
    let most = 0;
    const { clock, register, group, deliveries } = await listen({
      post: async ({ url }) => {
        if (url.endsWith('/slow')) {
          most = Math.max(most, ++inFlight);
          await clock.sleep(100);
          inFlight--;
        } else deliveries.push({ at: clock.now(), url, events: [] });
        return new Response(null, { status: 200 });
      },
    });
    await register({ url: 'https://tenant.example/slow' });
    await register({ url: 'https://tenant.example/quick' });
    await group();
    await clock.sleep(80);
    assert.equal(deliveries.length, 2);
    await clock.sleep(500);
    assert.equal(most, 1);
  });

  test('pause while a webhook is disabled, then continue at its current URL', async () => {
    const { clock, register, patch, group, deliveries } = await listen({ activationMs: 1e6 }, (index) =>
      index < 2 ? 500 : 200,
    );
    const id = await register();
    await group();
    await clock.sleep(40);
    assert.equal(deliveries.length, 2);
    await patch(id, { enabled: false });
    await clock.sleep(10_000);
    assert.equal(deliveries.length, 2);
    await patch(id, { enabled: true, url: 'https://tenant.example/moved' });
    await clock.sleep(1000);
    assert.deepEqual(
      deliveries.map(({ url }) => new URL(url).pathname),
      ['/hooks', '/hooks', '/moved'],
    );
    assert.deepEqual(ids(deliveries[2]?.events ?? []), ids(deliveries[0]?.events ?? []));
  });

  test('end when their webhook is removed', async () => {
    const { clock, register, group, ask, deliveries } = await listen({}, refuse);
    const id = await register();
    await group();
    await clock.sleep(16);
    assert.equal(deliveries.length, 1);
    assert.equal((await ask(`/webhooks/${id}`, { method: 'DELETE' })).status, 204);
    await group();
    await clock.sleep(10_000);
    assert.equal(deliveries.length, 1);
  });

  test('end when the reference closes, including those in flight', async () => {
    const { clock, reference, register, group, read, deliveries } = await listen({}, refuse);
    const cut: boolean[] = [];
    const hanging = await listen({
      post: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(cut.push(signal.aborted)))),
    });
    for (const session of [{ clock, reference, register, group }, hanging]) {
      await session.register();
      await session.group();
      await session.clock.sleep(16);
      session.reference.close();
      session.reference.close();
      await session.group();
      await session.clock.sleep(10_000);
    }
    assert.deepEqual([deliveries.length, cut], [1, [true]]);
    assert.equal((await read((await group()).id)).status, 'PENDING_APPROVAL');
  });

  test('reach a receiver over HTTP, and do not follow redirects', async () => {
    const received: { path: string | undefined; body: string }[] = [];
    let notify = (): void => {};
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ path: request.url, body });
        response.writeHead(received.length === 1 ? 302 : 200, { location: '/elsewhere' }).end('noted');
        notify();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const { reference, post, ask, group } = await open({ now: Date.now, activationMs: 50 });
    try {
      const url = `http://127.0.0.1:${address.port}/hooks?a=b`;
      const { id } = (await post('/webhooks', { title: 'Mine', url })).json;
      const headers = { 'content-type': 'application/json' };
      await ask(`/webhooks/${id}`, { method: 'PATCH', headers, body: { enabled: true } });
      await group();
      while (received.length < 3) {
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
      assert.deepEqual(new Set(received.map(({ path }) => path)), new Set(['/hooks?a=b']));
      assert.equal(received[0]?.body, received[1]?.body);
      const last = objects(object(JSON.parse(received.at(-1)?.body ?? '')).payload);
      assert.deepEqual(types(last), ['ACTIVATED']);
    } finally {
      reference.close();
      server.close();
      server.closeAllConnections();
    }
    await assert.rejects(postOverHttp(new Request(`http://127.0.0.1:${address.port}/`, { method: 'POST' })));
  });
});

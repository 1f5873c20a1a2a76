import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NOBODY, objects, open, text, UUID_V4 } from './fixtures.ts';

const URL_OF_MINE = 'https://tenant.example/hooks';
const REQUEST = { title: 'Mine', url: URL_OF_MINE };

describe('registering webhooks', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };
  const opened = async (...args: Parameters<typeof open>) => {
    const session = await open(...args);
    const patch = (id: unknown, body: object) =>
      session.ask(`/webhooks/${id}`, { method: 'PATCH', body, headers: JSON_TYPE });
    const remove = (id: unknown) => session.ask(`/webhooks/${id}`, { method: 'DELETE' });
    return { ...session, patch, remove };
  };

  test('from creation to deletion', async () => {
    const { clock, ask, post, patch, remove } = await opened();
    const created = await post('/webhooks', REQUEST, { 'idempotency-key': undefined });
    const at = new Date(clock.now).toISOString();
    const { id } = created.json;
    assert.equal(created.status, 201);
    assert.match(text(id), UUID_V4);
    const expected = { id, created_at: at, updated_at: at, ...REQUEST, type: ['ALL'], config: {}, enabled: false };
    assert.deepEqual(created.json, expected);
    assert.deepEqual((await ask(`/webhooks/${text(id).toUpperCase()}`)).json, expected);
    assert.deepEqual((await ask('/webhooks')).json, {
      meta: { offset: 0, limit: 100, count: 1, total_count: 1, sort: 'created_at', order: 'ASC' },
      data: [expected],
    });

    clock.now += 5;
    const later = new Date(clock.now).toISOString();
    const changes = { enabled: true, title: 'Ours', url: 'http://127.0.0.1:1/', type: ['ACCOUNT_GROUP', 'USER'] };
    const changed = await patch(id, { ...changes, config: { delay: '5s', max_package_size: 10240, more: 1 } });
    assert.equal(changed.status, 200);
    assert.deepEqual(changed.json, {
      ...expected,
      ...changes,
      config: { delay: '5s', max_package_size: 10240, more: 1 },
      updated_at: later,
    });
    assert.deepEqual((await ask(`/webhooks/${id}`)).json, changed.json);
    assert.deepEqual((await patch(id, { enabled: false })).json, { ...changed.json, enabled: false });

    const removed = await remove(id);
    assert.deepEqual([removed.status, removed.text, removed.headers.get('content-type')], [204, '', null]);
    for (const answer of [await ask(`/webhooks/${id}`), await patch(id, {}), await remove(id)]) {
      assert.equal(answer.status, 404);
    }
    assert.deepEqual((await ask('/webhooks')).json.data, []);
  });

  test('a list in every order, in pages', async () => {
    const { clock, ask, post, patch } = await opened();
    for (const title of ['b', 'c', 'a']) {
      const { id } = (await post('/webhooks', { title, url: `${URL_OF_MINE}/${title}` })).json;
      clock.now++;
      if (title === 'c') await patch(id, { enabled: true });
    }
    const titles = async (query: string) =>
      objects((await ask(`/webhooks?${query}`)).json.data)
        .map(({ title }) => title)
        .join('');
    assert.equal(await titles(''), 'bca');
    assert.equal(await titles('order=DESC'), 'acb');
    assert.equal(await titles('sort=title'), 'abc');
    assert.equal(await titles('sort=url&order=DESC'), 'cba');
    assert.equal(await titles('sort=enabled'), 'bac');
    assert.equal(await titles('sort=updated_at&offset=1&limit=1'), 'c');
    assert.equal((await ask('/webhooks?sort=id')).status, 400);
  });

  for (const [name, change] of [
    ['no title', { title: undefined }],
    ['an empty title', { title: '' }],
    ['a long title', { title: 'x'.repeat(101) }],
    ['no url', { url: undefined }],
    ['a relative url', { url: '/hooks' }],
    ['a long url', { url: `${URL_OF_MINE}/${'x'.repeat(1000)}` }],
    ['http to elsewhere', { url: 'http://tenant.example/hooks' }],
    ['http to a host that resembles loopback', { url: 'http://127.0.0.1.tenant.example/' }],
    ['another scheme', { url: 'file:///etc/passwd' }],
    ['credentials in the url', { url: 'https://me:secret@tenant.example/' }],
    ['no kinds', { type: [] }],
    ['an unknown kind', { type: ['ALL', 'NOTHING'] }],
    ['a kind that is not a list', { type: 'ALL' }],
    ['a config that is not an object', { config: [] }],
    ['an endless delay', { config: { delay: '100m' } }],
    ['a tiny package', { config: { max_package_size: 99 } }],
    ['an unknown member', { secret: 'x' }],
    ['null for a kind', { type: null }],
  ] as const) {
    test(`${name}: 400`, async () => {
      const { ask, post, patch } = await opened();
      assert.equal((await post('/webhooks', { ...REQUEST, ...change })).status, 400);
      const { json } = await post('/webhooks', REQUEST);
      if (Object.values(change)[0] !== undefined) assert.equal((await patch(json.id, change)).status, 400);
      assert.deepEqual(objects((await ask('/webhooks')).json.data), [json]);
    });
  }

  test('only a change can enable a webhook, with a boolean', async () => {
    const { post, patch } = await opened();
    assert.equal((await post('/webhooks', { ...REQUEST, enabled: true })).status, 400);
    assert.equal((await patch((await post('/webhooks', REQUEST)).json.id, { enabled: 'yes' })).status, 400);
  });

  for (const url of ['http://127.0.0.1:8080/a?b=c', 'http://localhost/', 'http://[::1]:9/', 'https://tenant.example']) {
    test(`url ${url}: 201, unchanged`, async () => {
      const { status, json } = await (await opened()).post('/webhooks', { ...REQUEST, url });
      assert.deepEqual([status, json.url], [201, url]);
    });
  }

  for (const [scope, ...statuses] of [
    ['webhooks:read', 200, 403, 404, 403, 403, 200],
    ['webhooks:admin', 200, 400, 404, 404, 404, 200],
    ['accounts:admin users:admin', 403, 403, 403, 403, 403, 403],
  ] as const) {
    test(`scope ${scope}`, async () => {
      const { ask } = await opened({}, scope);
      const seen = [
        await ask('/webhooks'),
        await ask('/webhooks', { method: 'POST' }),
        await ask(`/webhooks/${NOBODY}`),
        await ask(`/webhooks/${NOBODY}`, { method: 'PATCH' }),
        await ask(`/webhooks/${NOBODY}`, { method: 'DELETE' }),
        await ask('/auth/verify_keys'),
      ];
      assert.deepEqual(
        seen.map(({ status }) => status),
        statuses,
      );
    });
  }

  test('verify keys: none, or those of the options', async () => {
    const keys = [{ kid: NOBODY, kty: 'EC', crv: 'P-521', x: 'AA', y: 'AA', use: 'sig' }];
    assert.deepEqual((await (await opened()).ask('/auth/verify_keys')).json, { keys: [] });
    assert.deepEqual((await (await opened({ verifyKeys: keys })).ask('/auth/verify_keys')).json, { keys });
  });
});

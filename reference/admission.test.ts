import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createReference } from './app.ts';
import { clientId, type HeaderFields, NOBODY, open, send, text } from './fixtures.ts';

describe('admission', () => {
  const RESOURCES = [
    ['GET', '/account_groups'],
    ['POST', '/account_groups'],
    ['GET', `/account_groups/${NOBODY}`],
    ['DELETE', `/account_groups/${NOBODY}`],
    ['POST', '/users'],
  ] as const;

  // Each request fails one check and all later ones, so that the order of the checks is visible.
  test('performs its checks in order', async () => {
    const { reference, bearer, headers } = await open();
    const other = await bearer('webhooks:read');
    const worst = { accept: 'text/html', 'upvest-api-version': '2' };
    const bad = { ...worst, accept: 'application/json' };
    for (const [method, path] of RESOURCES) {
      const ask = (extra: HeaderFields) => send(reference, path, { method, headers: extra });
      assert.equal((await ask(worst)).status, 406);
      assert.equal((await ask(bad)).json.type, 'missing_client_id');
      assert.equal((await ask({ ...bad, 'upvest-client-id': 'me' })).status, 400);
      const foreign = { ...bad, 'upvest-client-id': NOBODY };
      assert.equal((await ask(foreign)).status, 401);
      assert.match(text((await ask({ ...foreign, authorization: other })).json.detail), /another client/);
      const scopeless = await ask({ ...bad, ...headers, authorization: other });
      assert.match(text(scopeless.json.detail), /scope/);
      assert.equal(scopeless.status, 403);
      assert.equal((await ask({ ...bad, ...headers })).status, 400);
      const { authorization } = headers;
      assert.equal((await ask({ authorization })).status, 400);
    }
    const nonsense = await send(reference, `/account_groups/nonsense`, { headers });
    assert.equal(nonsense.status, 404);
    assert.equal((await send(reference, '/account_groups/nonsense')).status, 400);
  });

  for (const [name, authorization] of [
    ['missing', undefined],
    ['empty', ''],
    ['without token', 'Bearer'],
    ['unknown', 'Bearer nobody-knows-me'],
    ['other scheme', 'Basic YTpi'],
    ['malformed', 'Bearer a b'],
  ] as const) {
    test(`authorization ${name}: 401 with a challenge`, async () => {
      const { ask } = await open();
      const { status, headers } = await ask('/account_groups', { headers: { authorization } });
      assert.equal(status, 401);
      assert.equal(headers.get('www-authenticate'), 'Bearer');
    });
  }

  for (const [scope, ...statuses] of [
    ['accounts:read', 200, 403, 404, 403, 403],
    ['accounts:admin', 200, 400, 404, 404, 403],
    ['users:admin', 403, 403, 403, 403, 400],
    ['users:read webhooks:admin', 403, 403, 403, 403, 403],
  ] as const) {
    test(`scope ${scope}`, async () => {
      const { ask } = await open({}, scope);
      const seen = await Promise.all(RESOURCES.map(async ([method, path]) => (await ask(path, { method })).status));
      assert.deepEqual(seen, statuses);
    });
  }

  for (const [accept, status] of [
    [undefined, 200],
    ['*/*', 200],
    ['application/*', 200],
    ['application/json', 200],
    ['APPLICATION/JSON;q=0.1', 200],
    ['text/html, application/json;q=0.5', 200],
    ['application/json;q=0, */*;q=0', 406],
    ['application/json;q=0, */*', 406],
    ['application/*;q=0, */*', 406],
    ['application/*;q=0, application/json', 200],
    ['*/*;q=0.000', 406],
    ['application/json;q=2', 406],
    ['application/xml', 406],
    ['application/problem+json', 406],
    ['application/jsonx', 406],
    ['text/x;a="application/json, */*"', 406],
    ['', 406],
  ] as const) {
    test(`accept ${accept ?? 'absent'}: ${status}`, async () => {
      const { ask } = await open();
      assert.equal((await ask('/account_groups', { headers: { accept } })).status, status);
    });
  }

  test('accepts an explicit API version and a client id in upper case', async () => {
    const { ask } = await open();
    assert.equal((await ask('/account_groups', { headers: { 'upvest-api-version': '1' } })).status, 200);
    assert.equal(
      (await ask('/account_groups', { headers: { 'upvest-client-id': clientId.toUpperCase() } })).status,
      200,
    );
    for (const version of ['', '0', '2', '1.0', '"1"']) {
      assert.equal((await ask('/account_groups', { headers: { 'upvest-api-version': version } })).status, 400);
    }
  });

  for (const [path, allow] of [
    ['/auth/token', 'POST'],
    ['/users', 'POST'],
    ['/account_groups', 'GET, HEAD, POST'],
    [`/account_groups/${NOBODY}`, 'GET, HEAD, DELETE'],
    ['/webhooks', 'GET, HEAD, POST'],
    [`/webhooks/${NOBODY}`, 'GET, HEAD, PATCH, DELETE'],
    ['/auth/verify_keys', 'GET, HEAD'],
  ] as const) {
    test(`methods of ${path}`, async () => {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const { status, headers } = await send(createReference(), path, { method, headers: { accept: 'text/html' } });
        assert.equal(status, allow.split(', ').includes(method) ? 406 : 405, method);
        assert.equal(headers.get('allow'), status === 405 ? allow : null);
      }
    });
  }

  for (const path of ['/', '/nope', '/account_groups/', '/account_group', `/account_groups/${NOBODY}/x`, '/users/x']) {
    test(`${path}: 404`, async () => assert.equal((await send(createReference(), path)).status, 404));
  }
});

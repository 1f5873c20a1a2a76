import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createReference } from './app.ts';
import { FORM, type HeaderFields, NOBODY, open, text, token } from './fixtures.ts';

describe('tokens', () => {
  test('are issued for known credentials', async () => {
    const reference = createReference();
    for (const contentType of [
      'application/x-www-form-urlencoded',
      'Application/X-WWW-Form-Urlencoded; charset=UTF-8',
    ]) {
      const { status, headers, json } = await token(
        reference,
        { ...FORM, scope: 'accounts:read users:admin' },
        { 'content-type': contentType },
      );
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'application/json');
      assert.equal(headers.get('cache-control'), 'no-store');
      const { access_token, ...rest } = json;
      assert.match(text(access_token), /^[\w-]{40,}$/);
      assert.deepEqual(rest, { expires_in: 1800, token_type: 'bearer', scope: 'accounts:read users:admin' });
    }
  });

  const without = (name: string) => Object.fromEntries(Object.entries(FORM).filter(([field]) => field !== name));
  const twice = (name: keyof typeof FORM): [string, string][] => [...Object.entries(FORM), [name, FORM[name]]];
  for (const [name, form, status, headers] of [
    ['wrong secret', { ...FORM, client_secret: 'x' }, 401],
    ['unknown client', { ...FORM, client_id: NOBODY }, 401],
    ['unknown scope', { ...FORM, scope: 'accounts:read orders:admin' }, 401],
    ['comma between scopes', { ...FORM, scope: 'accounts:read,accounts:admin' }, 401],
    ['inherited property as scope', { ...FORM, scope: 'constructor' }, 401],
    ...['client_id', 'client_secret', 'grant_type', 'scope'].map((field) => [`no ${field}`, without(field), 400]),
    ...(['client_id', 'client_secret', 'grant_type', 'scope'] as const).map((f) => [`two of ${f}`, twice(f), 400]),
    ['client_id not a UUID', { ...FORM, client_id: 'me' }, 400],
    ['another grant', { ...FORM, grant_type: 'password' }, 400],
    ['empty scope', { ...FORM, scope: '' }, 400],
    ['long secret', { ...FORM, client_secret: 'x'.repeat(1001) }, 400],
    ['unknown field', { ...FORM, audience: 'x' }, 400],
    ['empty body', '', 400],
    ['JSON body', FORM, 400, { 'content-type': 'application/json' }],
    ['no content type', FORM, 400, { 'content-type': undefined }],
    ['JSON not acceptable', FORM, 406, { accept: 'text/html' }],
  ] as [string, HeaderFields | string | [string, string][], number, HeaderFields?][]) {
    test(`${name}: ${status}`, async () => {
      assert.equal((await token(createReference(), form, headers)).status, status);
    });
  }

  test('expire', async () => {
    const { clock, ask } = await open({ tokenLifetimeSeconds: 2 });
    clock.now += 1999;
    assert.equal((await ask('/account_groups')).status, 200);
    clock.now += 1;
    assert.equal((await ask('/account_groups')).status, 401);
  });
});

test('references share nothing', async () => {
  const [one, two] = [await open(), await open()];
  assert.equal((await two.ask('/account_groups', { headers: one.headers })).status, 401);
  await one.group();
  assert.equal((await two.seeds()).length, 7);
});

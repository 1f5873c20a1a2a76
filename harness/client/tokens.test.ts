import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Blocked } from '../case.ts';
import type { Exchange } from '../exchange.ts';
import { contract } from '../fixtures.ts';
import { openSession } from '../run/open-session.ts';
import { Redactor } from './redactor.ts';
import { ScopeRefused } from './tokens.ts';
import { TransportError, type WireRequest, type WireResponse } from './wire.ts';

const SECRET = 'hush/4711+=';
const READ = ['accounts:read'];

interface Sketch {
  readonly status?: number;
  readonly type?: string;
  readonly body?: unknown;
}

/** Tokens from a scripted endpoint; `asked` holds the requests to it. */
function endpoint(answer: (count: number) => Sketch | Promise<Sketch> = () => ({})) {
  const asked: WireRequest[] = [];
  const state = { now: 1000 };
  const send = async (request: WireRequest): Promise<WireResponse> => {
    asked.push(request);
    const count = asked.length;
    const { status = 200, type = 'application/json', body } = await answer(count);
    const given = body ?? { access_token: `token-${count}`, token_type: 'bearer', expires_in: 10 };
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    return { status, headers: [['content-type', type]], body: new TextEncoder().encode(text) };
  };
  const { client, redactor } = openSession(
    contract,
    {
      baseUrl: 'http://target.test',
      tokenUrl: 'http://auth.test/prefix/token',
      clientId: 'me',
      clientSecret: SECRET,
      signing: undefined,
    },
    { writes: false, userIds: [], seed: 1, settleMs: 0, deliveriesSigned: false },
    { send, clock: { now: () => state.now, sleep: () => Promise.resolve() } },
  );
  return { client, asked, state, redactor };
}

describe('tokens', () => {
  test('are requested with the credentials as form fields', async () => {
    const { client, asked } = endpoint();
    const token = await client.token(['accounts:read', 'accounts:admin']);
    const [request] = asked;
    assert.equal(request?.method, 'POST');
    assert.equal(request?.url.href, 'http://auth.test/prefix/token');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(new TextDecoder().decode(request?.body))), {
      client_id: 'me',
      client_secret: SECRET,
      grant_type: 'client_credentials',
      scope: 'accounts:read accounts:admin',
    });
    const headers = new Map(request?.headers);
    assert.equal(headers.get('upvest-client-id'), 'me');
    assert.equal(headers.get('content-type'), 'application/x-www-form-urlencoded');
    assert.ok(!headers.has('authorization'));
    assert.deepEqual(
      [token.value, token.lifetimeMs, token.safeUntil, token.expiredBy],
      ['token-1', 10_000, 10_000, 11_000],
    );
  });

  test('are kept for each set of scopes', async () => {
    const { client, asked } = endpoint();
    for (const scopes of [READ, READ, ['accounts:admin'], READ]) await client.token(scopes);
    assert.equal(asked.length, 2);
  });

  const ages: ReadonlyArray<readonly [lifetime: number, ageMs: number, value: string]> = [
    [10, 0, 'token-1'],
    [10, 8900, 'token-1'],
    [10, 9000, 'token-2'],
    [10, 20_000, 'token-2'],
    [1, 400, 'token-1'],
    [1, 600, 'token-2'],
  ];
  for (const [expires_in, age, value] of ages)
    test(`a token for ${expires_in} s is ${value === 'token-1' ? 'kept' : 'renewed'} after ${age} ms`, async () => {
      const { client, state } = endpoint((count) => ({
        body: { access_token: `token-${count}`, token_type: 'Bearer', expires_in },
      }));
      await client.token(READ);
      state.now += age;
      assert.equal((await client.token(READ)).value, value);
    });

  test('simultaneous requests share one token request, also for a renewal', async () => {
    const { client, asked, state } = endpoint();
    const ask = async () =>
      (await Promise.all(Array.from({ length: 5 }, () => client.token(READ)))).map((one) => one.value);
    assert.deepEqual(new Set(await ask()), new Set(['token-1']));
    state.now += 60_000;
    assert.deepEqual(new Set(await ask()), new Set(['token-2']));
    assert.equal(asked.length, 2);
  });

  for (const status of [400, 401, 403])
    test(`a refusal with ${status} names the scopes`, async () => {
      const { client } = endpoint(() => ({ status, body: { error: 'invalid_scope' } }));
      await assert.rejects(client.token(READ), (error) => {
        assert.ok(error instanceof ScopeRefused);
        assert.match(error.message, new RegExp(`${status}.*accounts:read`));
        return true;
      });
    });

  const useless: ReadonlyArray<readonly [what: string, sketch: Sketch]> = [
    ['HTML', { type: 'text/html', body: '<h1>Maintenance</h1>' }],
    ['JSON that is none', { body: '{"access_token": "t' }],
    ['no access_token', { body: { token_type: 'bearer', expires_in: 1 } }],
    ['an empty access_token', { body: { access_token: '', token_type: 'bearer' } }],
    ['an access_token that is a number', { body: { access_token: 7, token_type: 'bearer' } }],
    ['an access_token that no header can hold', { body: { access_token: 't\n', token_type: 'bearer' } }],
    ['a list', { body: [{ access_token: 'token-1' }] }],
    ['a server error', { status: 500, body: { error: 'server_error' } }],
    ['a redirect', { status: 302, body: '' }],
    ['nothing there', { status: 404, body: {} }],
  ];
  for (const [what, sketch] of useless)
    test(`an endpoint that answers with ${what} gets three requests, and then blocks`, async () => {
      const { client, asked } = endpoint(() => sketch);
      for (const _ of [1, 2])
        await assert.rejects(client.token(READ), (error) => {
          assert.ok(error instanceof Blocked && error.prerequisite === 'no-token', `${String(error)}`);
          assert.ok(!error.message.includes(SECRET));
          return true;
        });
      assert.equal(asked.length, 3);
    });

  for (const status of [429, 503])
    test(`an endpoint that always answers ${status} is a transport error`, async () => {
      const { client } = endpoint(() => ({ status, type: 'text/html', body: '<h1>Later</h1>' }));
      await assert.rejects(client.token(READ), TransportError);
    });

  const incomplete: ReadonlyArray<readonly [what: string, body: object]> = [
    ['without a token_type', { access_token: 'token-1', expires_in: 10 }],
    ['without an expires_in', { access_token: 'token-1' }],
    ['with an expires_in that is no number', { access_token: 'token-1', expires_in: 'soon' }],
    ['with an expires_in of 0', { access_token: 'token-1', expires_in: 0 }],
  ];
  for (const [what, body] of incomplete)
    test(`a token ${what} is still used`, async () => {
      const { client } = endpoint(() => ({ body }));
      const token = await client.token(READ);
      assert.equal(token.value, 'token-1');
      assert.equal(
        token.lifetimeMs,
        'expires_in' in body && body.expires_in === 10 ? 10_000 : Number.POSITIVE_INFINITY,
      );
    });

  test('a transport error stays one', async () => {
    const { client } = endpoint(() => Promise.reject(new TransportError('connection reset')));
    await assert.rejects(client.token(READ), { name: 'TransportError', message: 'connection reset' });
  });

  test('the secret and every token are registered with the redactor', async () => {
    const { client, redactor } = endpoint();
    await client.token(['accounts:read', 'accounts:admin']);
    assert.equal(redactor.redact(`${SECRET} token-1`), '$CLIENT_SECRET $TOKEN_ACCOUNTS_READ_ACCOUNTS_ADMIN');
  });

  const answers: ReadonlyArray<readonly [what: string, sketch: Sketch]> = [
    ['as it should be', { body: { access_token: 'tok-secret/+', refresh_token: 'ref-secret', token_type: 'bearer' } }],
    ['in a list', { body: { access_token: ['tok-secret/+'], idToken: 'ref-secret' } }],
    ['in JSON that breaks off', { body: '{"refresh_token":"ref-secret","access_token": "tok-secret\\/+", "scope' }],
    ['in a form', { body: 'access_token=tok-secret%2F%2B&refresh_token=ref-secret' }],
    [
      'with a refusal',
      { status: 401, body: { detail: SECRET, access_token: 'tok-secret/+', refresh_token: 'ref-secret' } },
    ],
  ];
  for (const [what, sketch] of answers)
    test(`are recorded without secrets, even ${what}`, async () => {
      const { client } = endpoint(() => sketch);
      const heard: Exchange[] = [];
      await client.token(READ, (exchange) => heard.push(exchange)).catch(() => undefined);
      await client
        .ask({ operation: 'token', caller: { title: 'x', credential: { kind: 'none' } }, formAsJson: true })
        .then((exchange) => heard.push(exchange));
      assert.ok(heard.length >= 2);
      const stored = JSON.stringify(heard.map((one) => ({ ...one, response: { ...one.response, json: undefined } })));
      for (const secret of [SECRET, 'tok-secret', 'ref-secret', encodeURIComponent(SECRET)])
        assert.ok(!stored.includes(secret), `${secret} in ${stored}`);
      assert.match(stored, /\$CLIENT_SECRET/);
    });

  test('fields of the form can be changed, omitted and repeated without access to the others', async () => {
    const { client, asked } = endpoint();
    const caller = { title: 'x', credential: { kind: 'none' } } as const;
    const exchange = await client.ask({
      operation: 'token',
      caller,
      form: { client_id: null, grant_type: '', scope: ['a', 'a'] },
    });
    const form = [...new URLSearchParams(new TextDecoder().decode(asked[0]?.body))];
    assert.deepEqual(form, [
      ['client_secret', SECRET],
      ['grant_type', ''],
      ['scope', 'a'],
      ['scope', 'a'],
    ]);
    assert.equal(exchange.request.body, 'client_secret=$CLIENT_SECRET&grant_type=&scope=a&scope=a');
  });
});

test('a short secret is only redacted as a whole word', () => {
  const short = new Redactor();
  short.add('secret', 'CLIENT_SECRET');
  short.add('ab', 'TAMPERED_TOKEN');
  for (const [text, clean] of [
    ['client_secret=secret&scope=x', 'client_secret=$CLIENT_SECRET&scope=x'],
    ['{"echo":"secret"}', '{"echo":"$CLIENT_SECRET"}'],
    ['Bearer ab', 'Bearer $TAMPERED_TOKEN'],
    ['146bccf3-eb24-4631-9ab1-413c97ee93b9', '146bccf3-eb24-4631-9ab1-413c97ee93b9'],
  ] as const)
    assert.equal(short.redact(text), clean);
});

describe('the redactor', () => {
  const redactor = new Redactor();
  redactor.add('a+b/c d', 'CLIENT_SECRET');
  redactor.add('tok$&en', 'TOKEN_X');
  redactor.add('', 'NOTHING');
  const texts: ReadonlyArray<readonly [text: string, clean: string]> = [
    ['nothing to hide', 'nothing to hide'],
    ['Bearer tok$&en', 'Bearer $TOKEN_X'],
    ['a+b/c d, a+b/c d', '$CLIENT_SECRET, $CLIENT_SECRET'],
    ['?secret=a%2Bb%2Fc%20d&x=1', '?secret=$CLIENT_SECRET&x=1'],
    ['?token=tok%24%26en', '?token=$TOKEN_X'],
    ['', ''],
  ];
  for (const [text, clean] of texts)
    test(`${JSON.stringify(text)} becomes ${JSON.stringify(clean)}`, () => {
      assert.equal(redactor.redact(text), clean);
    });
});

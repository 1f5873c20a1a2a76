import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openGate } from '../harness/client/gate.ts';
import { Redactor } from '../harness/client/redactor.ts';
import { unsigned } from '../harness/client/signer.ts';
import { ScopeRefused, Tokens } from '../harness/client/tokens.ts';
import { TransportError, type WireRequest, type WireResponse } from '../harness/wire.ts';

const SECRET = 'hush/4711+=';
const READ = ['accounts:read'];

interface Sketch {
  readonly status?: number;
  readonly type?: string;
  readonly body?: unknown;
}

/** Tokens from an endpoint that answers as told; `asked` holds what it was asked. */
function endpoint(answer: (count: number) => Sketch | Promise<Sketch> = () => ({})) {
  const asked: WireRequest[] = [];
  const state = { now: 1000 };
  const redactor = new Redactor();
  const send = async (request: WireRequest): Promise<WireResponse> => {
    asked.push(request);
    const count = asked.length;
    const { status = 200, type = 'application/json', body } = await answer(count);
    const given = body ?? { access_token: `token-${count}`, token_type: 'bearer', expires_in: 10 };
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    return { status, headers: [['content-type', type]], body: new TextEncoder().encode(text) };
  };
  const tokens = new Tokens({
    tokenUrl: new URL('http://auth.test/prefix/token'),
    clientId: 'me',
    clientSecret: SECRET,
    send,
    gate: openGate,
    sign: unsigned,
    clock: { now: () => state.now, sleep: () => Promise.resolve() },
    redactor,
  });
  return { tokens, asked, state, redactor };
}

describe('tokens', () => {
  test('are asked for with the credentials as form fields', async () => {
    const { tokens, asked } = endpoint();
    const token = await tokens.get(['accounts:read', 'accounts:admin']);
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
    assert.match(headers.get('content-type') ?? '', /^application\/x-www-form-urlencoded/);
    assert.ok(!headers.has('authorization'));
    assert.deepEqual(
      [token.value, token.lifetimeMs, token.safeUntil, token.expiredBy],
      ['token-1', 10_000, 10_000, 11_000],
    );
  });

  test('are kept for each set of scopes', async () => {
    const { tokens, asked } = endpoint();
    for (const scopes of [READ, READ, ['accounts:admin'], READ]) await tokens.get(scopes);
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
      const { tokens, state } = endpoint((count) => ({
        body: { access_token: `token-${count}`, token_type: 'Bearer', expires_in },
      }));
      await tokens.get(READ);
      state.now += age;
      assert.equal((await tokens.get(READ)).value, value);
    });

  test('requests at the same time ask once, also for the renewal', async () => {
    const { tokens, asked, state } = endpoint();
    const ask = async () =>
      (await Promise.all(Array.from({ length: 5 }, () => tokens.get(READ)))).map((one) => one.value);
    assert.deepEqual(new Set(await ask()), new Set(['token-1']));
    state.now += 60_000;
    assert.deepEqual(new Set(await ask()), new Set(['token-2']));
    assert.equal(asked.length, 2);
  });

  for (const status of [400, 401, 403])
    test(`scopes that are refused with ${status} are refused by name`, async () => {
      const { tokens } = endpoint(() => ({ status, body: { error: 'invalid_scope' } }));
      await assert.rejects(tokens.get(READ), (error) => {
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
    ['no token_type', { body: { access_token: 't' } }],
    ['an expires_in that is no number', { body: { access_token: 't', token_type: 'bearer', expires_in: 'soon' } }],
    ['a server error', { status: 500, body: { error: 'server_error' } }],
    ['a server error in HTML', { status: 503, type: 'text/html', body: '<h1>Oops</h1>' }],
    ['a redirect', { status: 302, body: '' }],
    ['too many requests', { status: 429, body: {} }],
  ];
  for (const [what, sketch] of useless)
    test(`an endpoint that answers with ${what} is trouble with the endpoint`, async () => {
      const { tokens } = endpoint(() => sketch);
      await assert.rejects(tokens.get(READ), (error) => {
        assert.ok(error instanceof TransportError, `${String(error)}`);
        assert.ok(!error.message.includes(SECRET));
        return true;
      });
    });

  test('trouble on the way stays what it is', async () => {
    const { tokens } = endpoint(() => Promise.reject(new TransportError('connection reset')));
    await assert.rejects(tokens.get(READ), { name: 'TransportError', message: 'connection reset' });
  });

  test('the secret and every token are made known to the redactor', async () => {
    const { tokens, redactor } = endpoint();
    await tokens.get(['accounts:read', 'accounts:admin']);
    assert.equal(redactor.redact(`${SECRET} token-1`), '$CLIENT_SECRET $TOKEN_ACCOUNTS_READ_ACCOUNTS_ADMIN');
  });
});

describe('redactor', () => {
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

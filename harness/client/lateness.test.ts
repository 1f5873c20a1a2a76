import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Credential } from '../contract/security.ts';
import type { Exchange } from '../exchange.ts';
import { caseOf, contract } from '../fixtures.ts';
import { openSession } from '../run/open-session.ts';
import type { RequestSpec } from './request-spec.ts';
import type { Send } from './wire.ts';

/** A token or signature may expire in transit on a busy machine, which is not the target's fault. */

const LIFETIME_S = 600;
const READ: Credential = { kind: 'token', scopes: ['accounts:read'] };

/** A target that refuses expired credentials, behind a transport that delays each request by this long. */
function setUp(delays: readonly number[], answer = (isGood: boolean): number => (isGood ? 200 : 401)) {
  const state = { now: Date.UTC(2026, 0, 1), issued: 0 };
  const expiry = new Map<string, number>();
  const seen: number[] = [];
  const json = (status: number, body: unknown) => ({
    status,
    headers: [['content-type', 'application/json']] as const,
    body: Buffer.from(JSON.stringify(body)),
  });
  const send: Send = async ({ url, headers }) => {
    if (url.pathname === '/auth/token') {
      const access_token = `token-${++state.issued}`;
      expiry.set(access_token, state.now + LIFETIME_S * 1000);
      return json(200, { access_token, token_type: 'bearer', expires_in: LIFETIME_S });
    }
    state.now += delays[seen.length] ?? 0;
    const sent = new Map(headers);
    const token = sent.get('authorization')?.split(' ')[1] ?? '';
    const expires = /expires=(\d+)/.exec(sent.get('signature-input') ?? '')?.[1];
    const isFresh = expires === undefined || Number(expires) * 1000 > state.now;
    const status = answer(isFresh && (expiry.get(token) ?? 0) > state.now);
    seen.push(status);
    return json(status, {});
  };
  const clock = {
    now: () => state.now,
    sleep: async (milliseconds: number) => {
      state.now += milliseconds;
    },
  };
  const { privateKey } = generateKeyPairSync('ed25519');
  const { client, session } = openSession(
    contract,
    {
      baseUrl: 'http://t.test',
      tokenUrl: 'http://t.test/auth/token',
      clientId: 'me',
      clientSecret: 'hush-4711',
      signing: { keyId: 'k1', privateKey, digest: undefined },
    },
    { writes: false, userIds: [], seed: 1, settleMs: 1000, deliveriesSigned: false },
    { send, clock },
  );
  const ask = async (credential: Credential, spec: Partial<RequestSpec> = {}) => {
    const putOff: Exchange[] = [];
    const final = await client.ask(
      { operation: 'list', caller: { title: 'who asks', credential }, ...spec },
      { heard: (one, about) => void (about === 'request' && putOff.push(one)) },
    );
    return [...putOff, final].filter(({ operation }) => operation === 'list').map(({ response }) => response.status);
  };
  return { ask, seen, state, session };
}

describe('a refusal of a token or signature that may have expired in transit', () => {
  for (const [what, delay] of [
    ['token', LIFETIME_S * 1000 + 1],
    ['signature', 11_000],
  ] as const)
    test(`is not final: the request is repeated with a fresh ${what}`, async () => {
      const { ask, state } = setUp([delay]);
      assert.deepEqual(await ask(READ), [401, 200]);
      assert.equal(state.issued, 2);
    });

  test('counts if a fresh one is refused as well', async () => {
    const { ask } = setUp([11_000], () => 401);
    assert.deepEqual(await ask(READ), [401, 401]);
  });

  test('is a transport error if it happens twice', async () => {
    const { ask, seen } = setUp([11_000, 11_000]);
    await assert.rejects(ask(READ), { name: 'TransportError', message: /expired in transit/ });
    assert.deepEqual(seen, [401, 401]);
  });

  test('violates nothing, and is recorded', async () => {
    const { session } = setUp([11_000]);
    const requirement = 'list.caller.accounts-read';
    const { findings, exchanges } = await session.result(
      caseOf('list.late', [requirement], async (api) => {
        await api.ask({ operation: 'list', caller: { title: 'who asks', credential: READ }, expects: [requirement] });
      }),
    );
    assert.deepEqual(findings[requirement]?.violations, []);
    assert.deepEqual(
      exchanges.filter(({ operation }) => operation === 'list').map(({ response }) => response.status),
      [401, 200],
    );
  });
});

describe('a request is not repeated', () => {
  const cases: ReadonlyArray<readonly [what: string, delay: number, credential: Credential, status: number]> = [
    ['where a good token is refused in time', 0, READ, 401],
    ['where a good token is refused just in time', 8000, READ, 401],
    ['after a refusal for another reason', 11_000, READ, 403],
    ['where a token was not meant to be good', 11_000, { kind: 'given-token', value: 'old' }, 401],
    ['where the token was altered', 11_000, { kind: 'tampered-token', scopes: ['accounts:read'] }, 401],
    ['where nothing was shown', 11_000, { kind: 'none' }, 401],
  ];
  for (const [what, delay, credential, status] of cases)
    test(what, async () => {
      const { ask } = setUp([delay], () => status);
      assert.deepEqual(await ask(credential), [status]);
    });

  test('if its signature is deliberately wrong', async () => {
    const { ask } = setUp([11_000]);
    assert.deepEqual(await ask(READ, { signature: 'unsigned' }), [200]);
    const { ask: again } = setUp([11_000], () => 401);
    assert.deepEqual(await again(READ, { signature: 'tampered' }), [401]);
    const { ask: replay } = setUp([11_000]);
    assert.deepEqual(await replay(READ, { signature: { nonce: 'used before' } }), [401]);
  });
});

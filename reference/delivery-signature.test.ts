import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { listen } from '../harness/checks/delivery-fixtures.ts';
import { bodyDigest, createDeliverySigner, signDeliveries } from './delivery-signature.ts';
import { NOBODY, objects } from './fixtures.ts';
import { postOverHttp } from './post.ts';

describe('signatures of deliveries', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  const NOW = Date.UTC(2026, 0, 1, 0, 0, 0, 999);
  const signer = createDeliverySigner({ keyId: NOBODY, privateKey, now: () => NOW });
  const signed = async (url: string, body: string) => {
    const sent: Request[] = [];
    const post = signDeliveries(async (request) => {
      sent.push(request);
      return new Response(null, { status: 200 });
    }, signer);
    const headers = { 'content-type': 'application/json' };
    await post(new Request(url, { method: 'POST', headers, body, redirect: 'manual' }));
    const [request] = sent;
    assert.ok(request);
    return { request, headers: request.headers };
  };
  const isValid = (base: string, headers: Headers, key = signer.verifyKey) => {
    const signature = /^sig1=:([A-Za-z0-9+/]+={0,2}):$/.exec(headers.get('signature') ?? '')?.[1] ?? '';
    const publicKey = createPublicKey({ key, format: 'jwk' });
    return verify(
      'sha512',
      Buffer.from(base),
      { key: publicKey, dsaEncoding: 'der' },
      Buffer.from(signature, 'base64'),
    );
  };
  const stated = (headers: Headers) => (headers.get('signature-input') ?? '').replace(/^sig1=/, '');

  for (const [body, length, digest] of [
    ['{"hello": "world"}', 18, 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE='],
    ['{"key": "value"}', 16, 'SHA-256=lyTB4g5uPk1/V+0l+dTvsAblCFkNUoyQ2ll/andcE+U='],
  ] as const) {
    test(`${body}, with and without a query`, async () => {
      assert.equal(bodyDigest(Buffer.from(body)), digest);
      for (const [url, query] of [
        ['https://tenant.example/hooks', ''],
        ['https://tenant.example/hooks?a=b%20c&d', '?a=b%20c&d'],
      ] as const) {
        const { request, headers } = await signed(url, body);
        assert.equal(await request.clone().text(), body);
        assert.equal(request.redirect, 'manual');
        assert.deepEqual([headers.get('digest'), headers.get('content-length')], [digest, String(length)]);
        const [, names, keyid, times] =
          /^(\([^)]*\));keyid="([^"]*)";(created=\d+;expires=\d+);nonce="[^"]+"$/.exec(stated(headers)) ?? [];
        assert.equal(keyid, NOBODY);
        const covered = ['@method', '@path', ...(query ? ['@query'] : []), 'content-type', 'content-length', 'digest'];
        assert.equal(names, `(${covered.map((name) => `"${name}"`).join(' ')})`);
        const created = Math.floor(NOW / 1000);
        assert.equal(times, `created=${created};expires=${created + 60}`);
        const base = [
          '@method: POST',
          '@path: /hooks',
          ...(query ? [`@query: ${query}`] : []),
          'content-type: application/json',
          `content-length: ${length}`,
          `digest: ${digest}`,
          `@signature-params: ${stated(headers)}`,
        ].join('\n');
        assert.ok(isValid(base, headers));
        assert.ok(!isValid(base.replace('/hooks', '/other'), headers));
      }
    });
  }

  test('no two deliveries share a nonce', async () => {
    const inputs = await Promise.all(
      [1, 2].map(async () => stated((await signed('https://t.example/', '{}')).headers)),
    );
    assert.equal(new Set(inputs).size, 2);
  });

  test('each attempt has a new signature, and the reference publishes the key', async () => {
    const seen: Headers[] = [];
    const post = signDeliveries(async ({ headers }) => {
      seen.push(headers);
      return new Response(null, { status: seen.length < 3 ? 503 : 200 });
    }, signer);
    const { clock, register, group, ask } = await listen({ post, verifyKeys: [signer.verifyKey], activationMs: 1e6 });
    await register();
    await group();
    await clock.sleep(1000);
    assert.equal(new Set(seen.map((headers) => headers.get('digest'))).size, 1);
    assert.equal(new Set(seen.map((headers) => headers.get('signature-input'))).size, 3);
    const [key, ...more] = objects((await ask('/auth/verify_keys')).json.keys);
    assert.deepEqual(more, []);
    assert.deepEqual(Object.keys(key ?? {}).sort(), ['crv', 'kid', 'kty', 'use', 'x', 'y']);
    assert.deepEqual([key?.kid, key?.kty, key?.crv, key?.use], [NOBODY, 'EC', 'P-521', 'sig']);
  });

  test('the signed headers arrive unchanged over HTTP', async () => {
    let raw: string[] = [];
    const server = createServer((request, response) => {
      raw = request.rawHeaders;
      request.resume().on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = server.address();
      assert.ok(typeof address === 'object' && address !== null);
      const { request, headers } = await signed(`http://127.0.0.1:${address.port}/`, '{"key": "value"}');
      assert.equal((await postOverHttp(request)).status, 204);
      for (const name of ['content-type', 'content-length', 'digest', 'signature-input', 'signature']) {
        const values = raw.filter((_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name);
        assert.deepEqual(values, [headers.get(name)], name);
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  test('keys of another kind are rejected', () => {
    const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    for (const key of [other, publicKey]) {
      assert.throws(() => createDeliverySigner({ keyId: NOBODY, privateKey: key, now: Date.now }), TypeError);
    }
  });
});

import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { suite, test } from 'node:test';
import {
  contentDigest,
  coveredComponents,
  loadSigningKey,
  signatureBase,
  signatureParams,
  signRequest,
} from './signature.ts';
import type { WireRequest } from './wire.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const DIGEST = 'sha-512=:Hd9/AvGZkbjitW1+Ml8Fg1ux1mtcDYe6mLQjDyoowIWa3LM/PmwN2v9O+MjtQGrCA3EQWUL54dlgxKHyYbrucw==:';
const PARAMETERS = {
  keyid: '8d4997a8-cf7a-4e51-adbb-401656a3e5c2',
  created: 1633529659,
  expires: 1633529664,
  nonce: 'o085M4cMgpbicuOL',
};
const GOLDEN = `"@method": POST
"@path": /account_groups
"@query": ?a=b
"accept": application/json
"authorization": Bearer access-token
"content-type": application/json
"idempotency-key": ccb07f42-4104-44ad-8e1f-c660bb7b269c
"upvest-client-id": 5ec16164-6173-461d-b90d-116d68f55b40
"upvest-api-version": 1
"date": Wed, 06 Oct 2021 14:14:19 GMT
"content-length": 16
"content-digest": ${DIGEST}
"@signature-params": ("@method" "@path" "@query" "accept" "authorization" "content-type" "idempotency-key" "upvest-client-id" "upvest-api-version" "date" "content-length" "content-digest");keyid="8d4997a8-cf7a-4e51-adbb-401656a3e5c2";created=1633529659;expires=1633529664;nonce="o085M4cMgpbicuOL"`;
const GOLDEN_REQUEST: WireRequest = {
  method: 'post',
  url: new URL('https://target.example/account_groups?a=b'),
  headers: [
    ['Accept', 'application/json'],
    ['authorization', 'Bearer access-token'],
    ['content-type', 'application/json'],
    ['idempotency-key', 'ccb07f42-4104-44ad-8e1f-c660bb7b269c'],
    ['upvest-client-id', '5ec16164-6173-461d-b90d-116d68f55b40'],
    ['user-agent', 'a suite'],
    ['upvest-api-version', '1'],
    ['date', ' Wed, 06 Oct 2021 14:14:19 GMT '],
  ],
  body: bytes('{"key": "value"}'),
};
const GOLDEN_OPTIONS = { now: PARAMETERS.created * 1000 + 999, nonce: PARAMETERS.nonce, lifetimeSeconds: 5 };

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const loaded = loadSigningKey({
  pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  passphrase: undefined,
  keyId: PARAMETERS.keyid,
});
assert.ok(loaded.ok);
const { key } = loaded;
const get = (headers: ReadonlyArray<readonly [string, string]>, wanted: string) =>
  headers.find(([name]) => name === wanted)?.[1] ?? '';

suite('what is signed', () => {
  test('content-digest matches the example in the vendor documentation', () => {
    assert.equal(contentDigest(bytes('{"key": "value"}')), DIGEST);
    const hello = 'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:';
    assert.equal(contentDigest(bytes('{"hello": "world"}')), hello);
  });

  test('the signature base equals the golden one byte for byte', () => {
    const headers = [...GOLDEN_REQUEST.headers, ['content-length', '16'], ['content-digest', DIGEST]] as const;
    assert.equal(signatureBase(coveredComponents({ ...GOLDEN_REQUEST, headers }), PARAMETERS), GOLDEN);
  });

  test('signRequest signs the golden base and adds its headers in order', () => {
    const added = signRequest(key, GOLDEN_REQUEST, GOLDEN_OPTIONS);
    assert.deepEqual(
      added.map(([name]) => name),
      ['content-length', 'content-digest', 'upvest-signature-version', 'signature-input', 'signature'],
    );
    assert.deepEqual(
      added.slice(0, 3).map(([, value]) => value),
      ['16', DIGEST, '15'],
    );
    assert.equal(get(added, 'signature-input'), `sig1=${GOLDEN.slice(GOLDEN.indexOf('("@method"'))}`);
    const signature = /^sig1=:(.+):$/.exec(get(added, 'signature'))?.[1] ?? '';
    assert.ok(verify('sha512', Buffer.from(GOLDEN), publicKey, Buffer.from(signature, 'base64')));
  });

  test('a request without query, body and token covers none of them, and is valid for ten seconds', () => {
    const request = { method: 'GET', url: new URL('https://target.example'), headers: [], body: new Uint8Array() };
    const added = signRequest(key, request, { now: 1_000, nonce: 'n' });
    assert.deepEqual(
      added.map(([name]) => name),
      ['upvest-signature-version', 'signature-input', 'signature'],
    );
    assert.equal(
      get(added, 'signature-input'),
      `sig1=("@method" "@path");keyid="${key.keyId}";created=1;expires=11;nonce="n"`,
    );
  });

  test('headers that change in transit are not covered, and a repeated header is one component', () => {
    const unsigned =
      'Host User-Agent connection accept-encoding cf-ray cdn-loop cookie cookie2 X-Trace priority upvest-signature-version sec-fetch-mode signature signature-input';
    const headers = [
      ...unsigned.split(' ').map((name) => [name, 'v'] as const),
      ['accept', ' a '],
      ['ACCEPT', 'b'],
    ] as const;
    assert.deepEqual(coveredComponents({ ...GOLDEN_REQUEST, headers }).slice(3), [['accept', 'a, b']]);
  });

  test('a header that the request already has is signed as it is', () => {
    const headers = [...GOLDEN_REQUEST.headers, ['Content-Digest', 'wrong']] as const;
    const added = signRequest(key, { ...GOLDEN_REQUEST, headers }, GOLDEN_OPTIONS);
    assert.equal(get(added, 'content-digest'), '');
    assert.match(get(added, 'signature-input'), /"content-digest"/);
  });

  test('strings are escaped, and those that cannot be written are refused', () => {
    assert.equal(
      signatureParams([], { ...PARAMETERS, keyid: 'a"\\', nonce: 'n', created: 1, expires: 2 }),
      '();keyid="a\\"\\\\";created=1;expires=2;nonce="n"',
    );
    assert.throws(() => signatureParams([], { ...PARAMETERS, nonce: 'ü' }), TypeError);
    assert.throws(() => signatureBase([['accept', 'a\n"@path": /b']], PARAMETERS), TypeError);
  });
});

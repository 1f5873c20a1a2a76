import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { contentDigest, loadSigningKey, signRequest } from '../harness/client/signature.ts';
import type { WireRequest } from '../harness/client/wire.ts';
import { createSignatureVerifier } from './signature.ts';

/** The time of every signature, in milliseconds since the epoch. */
export const NOW = 1_700_000_000_000;
const BODY = new TextEncoder().encode('{"user_id":"1"}');
export const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
export const POST: WireRequest = {
  method: 'POST',
  url: new URL('https://target.example/account_groups?limit=1'),
  headers: [
    ['accept', 'application/json'],
    ['authorization', 'Bearer token'],
    ['content-type', 'application/json'],
    ['idempotency-key', 'ccb07f42-4104-44ad-8e1f-c660bb7b269c'],
    ['upvest-client-id', '5ec16164-6173-461d-b90d-116d68f55b40'],
  ],
  body: BODY,
};
export const GET: WireRequest = {
  ...POST,
  method: 'GET',
  url: new URL('https://target.example/account_groups'),
  headers: POST.headers.slice(0, 2),
  body: undefined,
};

/** A signed request that tests may tamper with. */
export interface Sent {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A request with the signature headers of the client; the keyid is `k1`. */
export function signed(
  request = POST,
  privateKey: KeyObject = p521.privateKey,
  options: { now?: number; nonce?: string; lifetimeSeconds?: number } = {},
): Sent {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const loaded = loadSigningKey({ pem, passphrase: undefined, keyId: 'k1' });
  assert.ok(loaded.ok);
  const headers = Object.fromEntries([
    ...request.headers,
    ...signRequest(loaded.key, request, { now: NOW, nonce: 'nonce', ...options }),
  ]);
  return { method: request.method, url: new URL(request.url), headers, body: request.body ?? new Uint8Array() };
}

/** {@link POST} with a valid signature over arbitrary lines and parameters. */
export function signedAs(
  lines: readonly (readonly [name: string, value: string])[],
  parameters: string,
  dsaEncoding: 'der' | 'ieee-p1363' = 'der',
): Sent {
  const sent = signed();
  const stated = `(${lines.map(([name]) => `"${name}"`).join(' ')})${parameters}`;
  const base = [...lines.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${stated}`].join('\n');
  const signature = sign('sha512', Buffer.from(base), { key: p521.privateKey, dsaEncoding });
  sent.headers['signature-input'] = `other=${stated}`;
  sent.headers.signature = `other=:${signature.toString('base64')}:`;
  return sent;
}

/** Every component of {@link POST} that must be covered, in an order different from the client's. */
export const LINES = [
  ['content-digest', contentDigest(BODY)],
  ['content-length', String(BODY.length)],
  ['@query', '?limit=1'],
  ['@path', '/account_groups'],
  ['@method', 'POST'],
  ...POST.headers,
] as const;
/** Parameters in an order different from the client's; times in seconds relative to {@link NOW}. */
export const at = (created: number, expires: number) =>
  `;nonce="a\\"b";expires=${NOW / 1000 + expires};created=${NOW / 1000 + created};alg="x";keyid="k1"`;

/** A verifier that knows one key, as `k1`. */
export function verifier(publicKey: KeyObject | string = p521.publicKey, now = () => NOW) {
  const { verify } = createSignatureVerifier({ publicKeys: new Map([['k1', publicKey]]), now });
  return ({ method, url, headers, body }: Sent) =>
    verify(new Request(url, { method, headers, ...(body.length > 0 && { body }) }), body)?.detail;
}

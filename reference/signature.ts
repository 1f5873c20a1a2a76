import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { parseSignatureFields, type SignatureFields } from './signature-fields.ts';

export interface SignatureVerifierOptions {
  /** Public keys, or their PEM texts, by keyid; read once. */
  readonly publicKeys: ReadonlyMap<string, KeyObject | string>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The reasons for refusing a signature. */
export const REFUSAL_CODES = [
  'wrong-version',
  'unsigned',
  'unreadable',
  'unknown-key',
  'created-in-the-future',
  'expires-before-created',
  'expired',
  'too-old',
  'digest-without-body',
  'digest-missing',
  'digest-mismatch',
  'length-mismatch',
  'not-covered',
  'component-missing',
  'signature-mismatch',
  'nonce-used',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Why a request is refused. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The reason as a sentence, with values. */
  readonly detail: string;
}

export interface SignatureVerifier {
  /** Why the request must be refused with 401; `undefined` if its signature is valid. `body`: the raw bytes. */
  verify(request: Request, body: Uint8Array): Refusal | undefined;
}

/** Tolerated deviation of a client's clock, in seconds (the vendor's SDK notes on signatures). */
const CLOCK_SKEW_S = 10;
/** The longest lifetime among the vendor's own signers, in seconds; bounds how long a nonce must be remembered. */
const LONGEST_LIFETIME_S = 60;
const OLDEST_S = CLOCK_SKEW_S + LONGEST_LIFETIME_S;

/** Without idempotency-key, which the vendor's Java example does not cover. */
const COVERED_IF_SENT = ['accept', 'authorization', 'upvest-client-id'];
const COVERED_WITH_BODY = ['content-type', 'content-length', 'content-digest'];

/**
 * Verifies HTTP message signatures of the vendor's version 15 (RFC 9421 with ECDSA in ASN.1 DER over SHA-512, or Ed25519).
 * The key determines the algorithm; the `alg` parameter is ignored. The first valid signature uses up its nonce, which is
 * remembered until the signature would have expired.
 *
 * @throws {TypeError} for a public key of another kind
 */
export function createSignatureVerifier({ publicKeys, now }: SignatureVerifierOptions): SignatureVerifier {
  const keys = new Map([...publicKeys].map(([keyid, key]) => [keyid, readPublicKey(keyid, key)]));
  const nonces = nonceMemory();
  return {
    verify(request, body) {
      const { headers } = request;
      const seconds = now() / 1000;
      const version = headers.get('upvest-signature-version');
      if (version !== '15')
        return refusal('wrong-version', `upvest-signature-version must be 15, found ${version ?? 'none'}`);
      const input = headers.get('signature-input');
      const signature = headers.get('signature');
      if (input === null || signature === null) return refusal('unsigned', 'the request is not signed');
      const fields = parseSignatureFields(input, signature);
      if (typeof fields === 'string') return refusal('unreadable', fields);
      const key = keys.get(fields.keyid);
      if (key === undefined) return refusal('unknown-key', 'keyid does not name a known key');
      const refused =
        refuseTime(fields, seconds) ?? refuseBody(headers, body) ?? refuseCoverage(request, body, fields.components);
      if (refused !== undefined) return refused;
      const base = rebuildBase(request, fields);
      if ('code' in base) return base;
      const digest = key.asymmetricKeyType === 'ec' ? 'sha512' : undefined;
      if (!verifySignature(digest, base.bytes, { key, dsaEncoding: 'der' }, fields.signature))
        return refusal('signature-mismatch', 'the signature does not match the request');
      const fresh = nonces.use(
        JSON.stringify([fields.keyid, fields.nonce]),
        Math.min(fields.expires, fields.created + OLDEST_S),
        seconds,
      );
      return fresh ? undefined : refusal('nonce-used', 'the nonce was used before');
    },
  };
}

const refusal = (code: RefusalCode, detail: string): Refusal => ({ code, detail });

function refuseTime({ created, expires }: SignatureFields, seconds: number): Refusal | undefined {
  if (created > seconds + CLOCK_SKEW_S)
    return refusal('created-in-the-future', 'the signature was created in the future');
  if (expires <= created) return refusal('expires-before-created', 'the signature expires before it was created');
  if (expires < seconds) return refusal('expired', 'the signature has expired');
  return created < seconds - OLDEST_S ? refusal('too-old', 'the signature was created too long ago') : undefined;
}

function refuseBody(headers: Headers, body: Uint8Array): Refusal | undefined {
  const digest = headers.get('content-digest');
  if (body.length === 0)
    return digest === null ? undefined : refusal('digest-without-body', 'content-digest must be absent without a body');
  if (digest === null) return refusal('digest-missing', 'content-digest is missing');
  const hash = createHash('sha512').update(body).digest('base64');
  if (digest !== `sha-512=:${hash}:`) return refusal('digest-mismatch', 'content-digest does not match the body');
  return headers.get('content-length') === String(body.length)
    ? undefined
    : refusal('length-mismatch', 'content-length does not match the body');
}

function refuseCoverage(
  { url, headers }: Request,
  body: Uint8Array,
  components: readonly string[],
): Refusal | undefined {
  const required = [
    '@method',
    '@path',
    ...(new URL(url).search === '' ? [] : ['@query']),
    ...COVERED_IF_SENT.filter((name) => headers.has(name)),
    ...(body.length === 0 ? [] : COVERED_WITH_BODY),
  ];
  const missing = required.filter((name) => !components.includes(name));
  return missing.length === 0
    ? undefined
    : refusal('not-covered', `the signature does not cover ${missing.join(', ')}`);
}

/** The signature base (RFC 9421 section 2.5) of the request as received. */
function rebuildBase(
  request: Request,
  { components, signatureParams }: SignatureFields,
): { bytes: Uint8Array } | Refusal {
  let text = '';
  for (const name of components) {
    const value = componentValue(request, name);
    if (value === undefined)
      return refusal('component-missing', `the signature covers ${name}, which the request does not have`);
    text += `"${name}": ${value}\n`;
  }
  return { bytes: Buffer.from(`${text}"@signature-params": ${signatureParams}`, 'latin1') };
}

/** The value of a component. Of the derived ones (RFC 9421 section 2.2), version 15 has three, and @query only if there is a query. */
function componentValue({ method, url, headers }: Request, name: string): string | undefined {
  const { pathname, search } = new URL(url);
  if (name === '@method') return method;
  if (name === '@path') return pathname;
  if (name === '@query') return search || undefined;
  return /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ? (headers.get(name) ?? undefined) : undefined;
}

/** Remembers nonces until they expire; times in seconds. Visits all of them to forget expired ones, so at most once a second. */
function nonceMemory(): { use(nonce: string, expires: number, seconds: number): boolean } {
  const expiries = new Map<string, number>();
  let sweptAt = Number.NEGATIVE_INFINITY;
  return {
    use(nonce, expires, seconds) {
      if (seconds >= sweptAt + 1) {
        for (const [known, expiry] of expiries) if (expiry < seconds) expiries.delete(known);
        sweptAt = seconds;
      }
      if (expiries.has(nonce)) return false;
      expiries.set(nonce, expires);
      return true;
    },
  };
}

function readPublicKey(keyid: string, key: KeyObject | string): KeyObject {
  const publicKey = typeof key !== 'string' && key.type === 'public' ? key : createPublicKey(key);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
  const curves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];
  if (type === 'ed25519' || (type === 'ec' && curves.includes(details?.namedCurve))) return publicKey;
  throw new TypeError(`the public key ${keyid} is neither EC on P-256, P-384 or P-521 nor Ed25519`);
}

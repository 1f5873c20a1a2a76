import { createHash, createPublicKey, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Post } from './post.ts';

export interface DeliverySignerOptions {
  /** The id under which the receiver finds the key; a UUID. */
  readonly keyId: string;
  /** An EC key on a NIST curve; the vendor uses P-521. */
  readonly privateKey: KeyObject;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface DeliverySigner {
  /** The public key, as a member of a JWK Set (RFC 7517). */
  readonly verifyKey: JsonWebKey;
  /** The headers that sign a request with this body (raw bytes). */
  sign(request: Request, body: Uint8Array): Readonly<Record<string, string>>;
}

/** Lifetime of a signature in seconds, as in the vendor's examples. */
const LIFETIME_S = 60;
const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * A signer for the vendor's signature version 6, used for deliveries only: the digest of the body is in `digest`, and the
 * names in the signature base are not quoted. ECDSA in ASN.1 DER over SHA-512.
 *
 * @throws {TypeError} for a key of another kind
 */
export function createDeliverySigner({ keyId, privateKey, now }: DeliverySignerOptions): DeliverySigner {
  if (privateKey.type !== 'private' || !CURVES.includes(privateKey.asymmetricKeyDetails?.namedCurve)) {
    throw new TypeError('deliveries must be signed with a private EC key on P-256, P-384 or P-521');
  }
  return {
    verifyKey: { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: keyId, use: 'sig' },
    sign(request, body) {
      const headers = { 'content-length': String(body.length), digest: bodyDigest(body) };
      const covered = components(request, headers);
      const names = [...covered.keys()].map((name) => `"${name}"`).join(' ');
      const created = Math.floor(now() / 1000);
      const times = `created=${created};expires=${created + LIFETIME_S}`;
      const parameters = `(${names});keyid="${keyId}";${times};nonce="${randomUUID()}"`;
      const base = [...covered, ['@signature-params', parameters]].map(([name, value]) => `${name}: ${value}`);
      const signature = sign('sha512', Buffer.from(base.join('\n')), { key: privateKey, dsaEncoding: 'der' });
      return {
        ...headers,
        'signature-input': `sig1=${parameters}`,
        signature: `sig1=:${signature.toString('base64')}:`,
      };
    },
  };
}

/** Signs each request when it is posted. */
export function signDeliveries(post: Post, signer: DeliverySigner): Post {
  return async (request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(signer.sign(request, body))) headers.set(name, value);
    return post(new Request(request, { headers, body }));
  };
}

/** The value of the `digest` header for a body. */
export function bodyDigest(body: Uint8Array): string {
  return `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
}

function components({ method, url, headers }: Request, added: Readonly<Record<string, string>>): Map<string, string> {
  const { pathname, search } = new URL(url);
  return new Map([
    ['@method', method],
    ['@path', pathname],
    ...(search === '' ? [] : [['@query', search] as const]),
    ['content-type', headers.get('content-type') ?? ''],
    ...Object.entries(added),
  ]);
}

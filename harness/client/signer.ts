import { randomUUID } from 'node:crypto';
import { contentDigest, SIGNATURE_LIFETIME_S, type SigningKey, signRequest } from './signature.ts';
import type { Clock, WireRequest } from './wire.ts';

/**
 * A deliberate defect of a signature. `expired`: created and expired an hour ago. `tampered`: the query was changed after
 * signing. `wrong-digest`: the digest of another body. `unknown-key`: an unregistered key id. `nonce`: the nonce of an
 * earlier request.
 */
export type SignatureFlaw =
  | 'unsigned'
  | 'expired'
  | 'tampered'
  | 'wrong-digest'
  | 'unknown-key'
  | { readonly nonce: string };

/** A request that is ready to be sent. */
export interface ReadyRequest extends WireRequest {
  /** When its signature expires, in milliseconds since the epoch; `undefined` if it is unsigned. */
  readonly signedUntil?: number;
}

/** Makes a request ready to send, and signs it if requests are signed. */
export type Signer = (request: WireRequest, flaw?: SignatureFlaw) => ReadyRequest;

const AN_HOUR_MS = 3_600_000;

/** Leaves requests unsigned: for targets without signatures, and behind a signing proxy. */
export const unsigned: Signer = (request) => request;

/** Signs every request with a key, with the defect that a case asks for, if any. */
export function createSigner(key: SigningKey, clock: Pick<Clock, 'now'>): Signer {
  return (request, flaw) => {
    if (flaw === 'unsigned') return request;
    const ready =
      flaw === 'wrong-digest'
        ? withHeaders(request, [['content-digest', contentDigest(Buffer.from('another body'))]])
        : request;
    const now = flaw === 'expired' ? clock.now() - AN_HOUR_MS : clock.now();
    const signature = signRequest(flaw === 'unknown-key' ? { ...key, keyId: randomUUID() } : key, ready, {
      now,
      nonce: typeof flaw === 'object' ? flaw.nonce : randomUUID(),
    });
    const signedUntil = (Math.floor(now / 1000) + SIGNATURE_LIFETIME_S) * 1000;
    const signed = { ...withHeaders(ready, signature), signedUntil };
    return flaw === 'tampered' ? { ...signed, url: withChangedQuery(signed.url) } : signed;
  };
}

function withHeaders(request: WireRequest, headers: WireRequest['headers']): WireRequest {
  return { ...request, headers: [...request.headers, ...headers] };
}

function withChangedQuery(url: URL): URL {
  const changed = new URL(url);
  changed.searchParams.set('undocumented_parameter', 'x');
  return changed;
}

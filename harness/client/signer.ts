import { randomUUID } from 'node:crypto';
import { contentDigest, SIGNATURE_LIFETIME_S, type SigningKey, signRequest } from './signature.ts';
import type { Clock, WireRequest } from './wire.ts';

/**
 * What is wrong with a signature. `expired`: made and expired an hour ago. `tampered`: the query was changed
 * afterwards. `wrong-digest`: that of another body. `unknown-key`: under a key id that nobody has. `nonce`: that of an
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
  /** When its signature expires, in milliseconds since the epoch; absent where it has none. */
  readonly signedUntil?: number;
}

/** Makes a request ready to be sent: signed, where requests are signed at all. */
export type Signer = (request: WireRequest, flaw?: SignatureFlaw) => ReadyRequest;

const AN_HOUR_MS = 3_600_000;

/** Leaves requests as they are: for targets that want no signatures, and behind a proxy that signs. */
export const unsigned: Signer = (request) => request;

/** Signs every request with a key, or gets it wrong in the way that a case asks for. */
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

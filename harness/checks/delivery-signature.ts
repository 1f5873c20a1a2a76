import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { isObject } from '../contract/nodes.ts';
import { excerpt } from '../contract/schemas.ts';
import type { ReceivedRequest } from '../delivery.ts';
import { CLOCK_TOLERANCE_MS } from './timestamps.ts';

/** What is wrong with the signature of a delivery, by requirement; `undefined` where the requirement is kept. */
export type SignatureFindings = Readonly<Record<string, string | undefined>>;

/** The keys of a target by their ids. */
export type Keys = ReadonlyMap<string, KeyObject>;

interface Signature {
  /** Names of the covered components, without quotes. */
  readonly covered: readonly string[];
  /** Everything after the label, which is also the value of `@signature-params`. */
  readonly params: string;
  readonly keyid: string | undefined;
  /** Seconds since the epoch. */
  readonly created: number | undefined;
  readonly expires: number | undefined;
  readonly bytes: Buffer;
}

/**
 * The signature keys in a JSON Web Key Set (RFC 7517 section 5); keys that cannot be read are left out.
 *
 * @returns `undefined` where it is no such set.
 */
export function readKeys(set: unknown): Keys | undefined {
  if (!isObject(set) || !Array.isArray(set.keys)) return undefined;
  return new Map(
    set.keys.filter(isObject).flatMap((jwk) => {
      try {
        return typeof jwk.kid === 'string' ? [[jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })] as const] : [];
      } catch {
        return [];
      }
    }),
  );
}

/**
 * Judges the signature of a delivery (vendor v6, and v15 as well: they differ in the names of the digest and in how
 * names stand in the base).
 *
 * @param url what was registered: whatever stands between may have changed the path
 * @param receivedAt milliseconds since the epoch
 */
export function judgeSignature(request: ReceivedRequest, url: URL, keys: Keys, receivedAt: number): SignatureFindings {
  const signature = readSignature(request);
  if (typeof signature === 'string') return { 'event.signed': signature };
  return {
    'event.signed': undefined,
    'event.signed-body': wrongDigest(request, signature),
    'event.signature-fits': misfit(request, url, keys, signature),
    'event.signature-fresh': staleness(signature, receivedAt),
  };
}

const LABELLED = /^([a-z*][a-z0-9_.*-]*)=(\(([^()]*)\)(.*))$/s;

/** The signature of a request, or why there is none. */
function readSignature(request: ReceivedRequest): Signature | string {
  const [input, value] = [field(request, 'signature-input'), field(request, 'signature')];
  if (input === undefined || value === undefined) return `no ${input === undefined ? 'signature-input' : 'signature'}`;
  const [, label = '', params = '', names = '', rest = ''] = LABELLED.exec(input.trim()) ?? [];
  const bytes = new RegExp(`(?:^|,\\s*)${label.replaceAll(/[.*]/g, '\\$&')}=:([A-Za-z0-9+/=]+):`).exec(value)?.[1];
  if (label === '' || bytes === undefined)
    return `a signature that cannot be read: ${excerpt(input)}, ${excerpt(value)}`;
  const number = (name: string) => {
    const text = new RegExp(`;\\s*${name}=(\\d+)`).exec(rest)?.[1];
    return text === undefined ? undefined : Number(text);
  };
  return {
    covered: [...names.matchAll(/"([^"]*)"/g)].map(([, name]) => name ?? ''),
    params,
    keyid: /;\s*keyid="([^"]*)"/.exec(rest)?.[1],
    created: number('created'),
    expires: number('expires'),
    bytes: Buffer.from(bytes, 'base64'),
  };
}

const DIGESTS = {
  digest: { algorithm: 'sha256', value: /(?:^|,)\s*sha-256=([^,]+)/i },
  'content-digest': { algorithm: 'sha512', value: /(?:^|,)\s*sha-512=:([^:]+):/i },
} as const;

function wrongDigest(request: ReceivedRequest, { covered }: Signature): string | undefined {
  for (const [name, { algorithm, value }] of Object.entries(DIGESTS)) {
    if (!covered.includes(name)) continue;
    const sent = value.exec(field(request, name) ?? '')?.[1]?.trim();
    if (sent === undefined) return `${name} ${excerpt(field(request, name) ?? 'absent')}`;
    const right = createHash(algorithm).update(request.body).digest('base64');
    return sent === right ? undefined : `${name} ${excerpt(sent)} of a body with ${right}`;
  }
  return `a signature over ${covered.join(', ')}`;
}

function misfit(request: ReceivedRequest, url: URL, keys: Keys, signature: Signature): string | undefined {
  const { covered, params, keyid, bytes } = signature;
  const key = keys.get(keyid ?? '');
  if (key === undefined)
    return `keyid ${excerpt(keyid ?? 'absent')}; the target shows ${[...keys.keys()].join(', ') || 'no key'}`;
  const values = covered.map((name) => [name, component(request, url, name)] as const);
  const missing = values.find(([, value]) => value === undefined)?.[0];
  if (missing !== undefined) return `a signature over ${missing}, which the delivery does not have`;
  const base = (quote: string) =>
    [...values, ['@signature-params', params] as const]
      .map(([name, value]) => `${quote}${name}${quote}: ${value}`)
      .join('\n');
  const algorithm = key.asymmetricKeyType === 'ec' ? 'sha512' : null;
  // A header goes over the wire as Latin-1, and it is these bytes that were signed.
  const fits = ['', '"'].some((quote) => verify(algorithm, Buffer.from(base(quote), 'latin1'), key, bytes));
  return fits ? undefined : `a signature that does not fit the delivery under the key ${keyid}`;
}

/** The value of a covered component (RFC 9421 section 2); `undefined` where the request does not have it. */
function component(request: ReceivedRequest, url: URL, name: string): string | undefined {
  switch (name) {
    case '@method':
      return request.method;
    case '@path':
      return url.pathname;
    case '@query':
      return url.search === '' ? '?' : url.search;
    case '@authority':
    case 'host':
      return url.host;
    case '@scheme':
      return url.protocol.slice(0, -1);
    case '@target-uri':
      return url.href;
    default:
      return field(request, name);
  }
}

function staleness({ created, expires }: Signature, receivedAt: number): string | undefined {
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  const received = `received at ${new Date(receivedAt).toISOString()}`;
  if (created === undefined) return 'no created parameter';
  if (Math.abs(created * 1000 - receivedAt) > CLOCK_TOLERANCE_MS) return `made at ${at(created)}, ${received}`;
  if (expires !== undefined && expires * 1000 + CLOCK_TOLERANCE_MS < receivedAt)
    return `expired at ${at(expires)}, ${received}`;
  return undefined;
}

/** The values of a header, joined as RFC 9110 section 5.2 has it. */
function field({ headers }: ReceivedRequest, name: string): string | undefined {
  const values = headers.filter(([key]) => key === name).map(([, value]) => value.trim());
  return values.length === 0 ? undefined : values.join(', ');
}

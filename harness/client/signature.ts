import { createHash, sign } from 'node:crypto';
import type { SigningKey } from './signing-key.ts';
import type { WireRequest } from './wire.ts';

export { type LoadedSigningKey, loadSigningKey, type SigningKey, type SigningKeySource } from './signing-key.ts';

type Header = readonly [name: string, value: string];

/** A covered component: its name without quotes, and its value as in the signature base. */
export type Component = readonly [name: string, value: string];

/** Parameters of a signature, in the order in which they are sent. Times in whole seconds since the epoch. */
export interface SignatureParameters {
  readonly keyid: string;
  readonly created: number;
  readonly expires: number;
  readonly nonce: string;
}

export interface SignOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Printable ASCII, never used before with this key. */
  readonly nonce: string;
  /** From `created` to `expires`, in whole seconds; {@link SIGNATURE_LIFETIME_S} by default. */
  readonly lifetimeSeconds?: number;
}

/** Lifetime of a signature in seconds, as in the vendor's own signers. */
export const SIGNATURE_LIFETIME_S = 10;

/** Vendor v15: headers that servers and intermediaries add or change, which the vendor's own signers leave unsigned. */
const UNSIGNED_PREFIXES = ['cf-', 'cdn-', 'cookie', 'x-', 'priority', 'upvest-signature', 'sec-'];
const UNSIGNED = new Set(['host', 'user-agent', 'connection', 'accept-encoding', 'signature', 'signature-input']);

/** The value of `Content-Digest` for the bytes of a body: `sha-512=:<base64>:` (RFC 9530 section 2). */
export function contentDigest(body: Uint8Array): string {
  return `sha-512=:${createHash('sha512').update(body).digest('base64')}:`;
}

/**
 * The components that vendor v15 signs, in order: `@method`, `@path`, `@query` if the URL has one, then every header by
 * lower-case name, except those that change in transit. Lines of a repeated header are joined with a comma and a space
 * (RFC 9421 sections 2.1 and 2.2).
 */
export function coveredComponents({ method, url, headers }: Omit<WireRequest, 'body'>): Component[] {
  const fields = new Map<string, string>();
  for (const [anyCase, raw] of headers) {
    const name = anyCase.toLowerCase();
    if (UNSIGNED.has(name) || UNSIGNED_PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
    const before = fields.get(name);
    fields.set(name, before === undefined ? raw.trim() : `${before}, ${raw.trim()}`);
  }
  const query: Component[] = url.search === '' ? [] : [['@query', url.search]];
  return [['@method', method.toUpperCase()], ['@path', url.pathname], ...query, ...fields];
}

/**
 * The value of `@signature-params`, which also follows the label in `Signature-Input` (RFC 9421 section 2.3).
 *
 * @throws {TypeError} if keyid or nonce is not printable ASCII
 */
export function signatureParams(names: readonly string[], parameters: SignatureParameters): string {
  const { keyid, created, expires, nonce } = parameters;
  return `(${names.map(quote).join(' ')});keyid=${quote(keyid)};created=${created};expires=${expires};nonce=${quote(nonce)}`;
}

/**
 * The text that is signed: one line per component, then one for `@signature-params`, separated by LF, without one at the
 * end (RFC 9421 section 2.5).
 *
 * @throws {TypeError} if a value has a line break, because it could pose as another component
 */
export function signatureBase(components: readonly Component[], parameters: SignatureParameters): string {
  const names = components.map(([name]) => name);
  const lines = [...components, ['@signature-params', signatureParams(names, parameters)] as const];
  return lines.map(line).join('\n');
}

/**
 * Signs a request according to vendor v15, and returns the headers to append, in this order: `content-length` and
 * `content-digest` (only for a non-empty body), `upvest-signature-version`, `signature-input`, `signature`. A header that
 * the request already has is signed as it is and not returned, so that a case can send a wrong one. Body and
 * `url.pathname + url.search` must be sent byte for byte. ECDSA signatures are ASN.1 DER over SHA-512, unlike those of
 * RFC 9421 section 3.3.
 */
export function signRequest(key: SigningKey, request: WireRequest, options: SignOptions): Header[] {
  const { now, nonce, lifetimeSeconds = SIGNATURE_LIFETIME_S } = options;
  const sent = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const missing = (headers: readonly Header[]) => headers.filter(([name]) => !sent.has(name));
  const ofBody = missing(bodyHeaders(request.body));
  const components = coveredComponents({ ...request, headers: [...request.headers, ...ofBody] });
  const created = Math.floor(now / 1000);
  const parameters = { keyid: key.keyId, created, expires: created + lifetimeSeconds, nonce };
  // Headers are sent as Latin-1, and the target verifies the bytes it receives.
  const base = Buffer.from(signatureBase(components, parameters), 'latin1');
  const signature = sign(key.digest, base, { key: key.privateKey, dsaEncoding: 'der' });
  const names = components.map(([name]) => name);
  return [
    ...ofBody,
    ...missing([
      ['upvest-signature-version', '15'],
      ['signature-input', `sig1=${signatureParams(names, parameters)}`],
      ['signature', `sig1=:${signature.toString('base64')}:`],
    ]),
  ];
}

function bodyHeaders(body: Uint8Array | undefined): Header[] {
  if (body === undefined || body.length === 0) return [];
  return [
    ['content-length', String(body.length)],
    ['content-digest', contentDigest(body)],
  ];
}

function line([name, value]: Component): string {
  if (/[\r\n]/.test(value)) throw new TypeError(`${name} has a line break and cannot be signed`);
  return `${quote(name)}: ${value}`;
}

/** A string of RFC 8941 section 3.3.3. */
function quote(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new TypeError('a string in a signature must be printable ASCII');
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

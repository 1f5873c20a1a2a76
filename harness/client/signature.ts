import { createHash, sign } from 'node:crypto';
import type { SigningKey } from './signing-key.ts';
import type { WireRequest } from './wire.ts';

export { type LoadedSigningKey, loadSigningKey, type SigningKey, type SigningKeySource } from './signing-key.ts';

type Header = readonly [name: string, value: string];

/** A covered component: its name without quotes, and its value as it stands in the signature base. */
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
  /** From `created` to `expires`, in whole seconds; {@link SIGNATURE_LIFETIME_S} unless told. */
  readonly lifetimeSeconds?: number;
}

/** As the vendor's own signers do. */
export const SIGNATURE_LIFETIME_S = 10;

/** Vendor v15: what servers and intermediaries add or change on the way, so that its own signers leave it out. */
const UNSIGNED_PREFIXES = ['cf-', 'cdn-', 'cookie', 'x-', 'priority', 'upvest-signature', 'sec-'];
const UNSIGNED = new Set(['host', 'user-agent', 'connection', 'accept-encoding', 'signature', 'signature-input']);

/** The value of `Content-Digest` for the bytes of a body: `sha-512=:<base64>:` (RFC 9530 section 2). */
export function contentDigest(body: Uint8Array): string {
  return `sha-512=:${createHash('sha512').update(body).digest('base64')}:`;
}

/**
 * The components that vendor v15 wants signed, in order: `@method`, `@path`, `@query` where the URL has one, then every
 * header that is sent, by lower-case name, save those that change on the way. Lines of a repeated header are joined by
 * a comma and a space (RFC 9421 sections 2.1 and 2.2).
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
 * The value of `@signature-params`, which is also what follows the label in `Signature-Input` (RFC 9421 section 2.3).
 * Throws a TypeError where keyid or nonce is not printable ASCII.
 */
export function signatureParams(names: readonly string[], parameters: SignatureParameters): string {
  const { keyid, created, expires, nonce } = parameters;
  return `(${names.map(quote).join(' ')});keyid=${quote(keyid)};created=${created};expires=${expires};nonce=${quote(nonce)}`;
}

/**
 * The text that is signed: a line for each component, then one for `@signature-params`, parted by LF, none at the end
 * (RFC 9421 section 2.5). Throws a TypeError where a value holds a line break, as it could pose as another component.
 */
export function signatureBase(components: readonly Component[], parameters: SignatureParameters): string {
  const names = components.map(([name]) => name);
  const lines = [...components, ['@signature-params', signatureParams(names, parameters)] as const];
  return lines.map(line).join('\n');
}

/**
 * Signs a request as vendor v15 wants it and returns the headers to send after its own, in this order: `content-length`
 * and `content-digest` (only with a body that is not empty), `upvest-signature-version`, `signature-input`,
 * `signature`. A header that the request carries already is signed as it is and not returned, so that a case can send a
 * wrong one. The body must be sent byte by byte as given, and the URL as `url.pathname + url.search`.
 * ECDSA signatures are ASN.1 DER over SHA-512, other than those of RFC 9421 section 3.3.
 */
export function signRequest(key: SigningKey, request: WireRequest, options: SignOptions): Header[] {
  const { now, nonce, lifetimeSeconds = SIGNATURE_LIFETIME_S } = options;
  const sent = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const missing = (headers: readonly Header[]) => headers.filter(([name]) => !sent.has(name));
  const ofBody = missing(bodyHeaders(request.body));
  const components = coveredComponents({ ...request, headers: [...request.headers, ...ofBody] });
  const created = Math.floor(now / 1000);
  const parameters = { keyid: key.keyId, created, expires: created + lifetimeSeconds, nonce };
  // A header goes over the wire as Latin-1, and it is the bytes on the wire that the target sees.
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
  if (/[\r\n]/.test(value)) throw new TypeError(`${name} holds a line break and cannot be signed`);
  return `${quote(name)}: ${value}`;
}

/** A string of RFC 8941 section 3.3.3. */
function quote(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new TypeError('a string in a signature must be printable ASCII');
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

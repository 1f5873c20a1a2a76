import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/**
 * Largest decoded body, in bytes. A larger one counts as unreadable, so that a decompression bomb cannot exhaust the
 * memory.
 */
const LARGEST = 16 * 1024 * 1024;

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

const CODINGS = new Map<string, Unpack>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['identity', (bytes) => bytes],
]);

/**
 * A body with its content codings undone: a server may use any of them if the request has no accept-encoding (RFC 9110
 * §12.5.3). `undefined` if a coding is unknown, the bytes do not match it, or the result is too large.
 */
export function uncoded(
  body: Uint8Array,
  headers: ReadonlyArray<readonly [name: string, value: string]>,
): Uint8Array | undefined {
  const codings = headers
    .filter(([name]) => name === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '');
  if (body.length === 0) return body;
  try {
    return codings.reduceRight<Uint8Array | undefined>(
      (bytes, coding) => bytes && CODINGS.get(coding)?.(bytes, { maxOutputLength: LARGEST }),
      body,
    );
  } catch {
    return undefined;
  }
}

import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** Bodies that are larger than this once they are unpacked are not read, in bytes. */
const LARGEST = 16 * 1024 * 1024;

type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

const CODINGS: Readonly<Record<string, Unpack>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  identity: (bytes) => bytes,
};

/**
 * A body without its content codings: a server may use any where a request does not say which it takes (RFC 9110
 * §12.5.3). `undefined` where a coding is unknown, or the bytes are not coded as they are said to be.
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
      (bytes, coding) => bytes && CODINGS[coding]?.(bytes, { maxOutputLength: LARGEST }),
      body,
    );
  } catch {
    return undefined;
  }
}

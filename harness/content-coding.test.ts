import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { uncoded } from './content-coding.ts';

const TEXT = Buffer.from('{"id":1}');
const read = (body: Uint8Array, ...codings: string[]) => {
  const bytes = uncoded(
    body,
    codings.map((coding) => ['content-encoding', coding] as const),
  );
  return bytes && Buffer.from(bytes).toString();
};

describe('a body', () => {
  for (const [coding, bytes] of [
    ['gzip', gzipSync(TEXT)],
    ['X-GZIP', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['identity', TEXT],
  ] as const)
    test(`is read where it is coded as ${coding}`, () => assert.equal(read(bytes, coding), TEXT.toString()));

  test('is read where it is coded twice, in one header or in two', () => {
    const twice = gzipSync(deflateSync(TEXT));
    assert.equal(read(twice, 'deflate, gzip'), TEXT.toString());
    assert.equal(read(twice, 'deflate', 'gzip'), TEXT.toString());
  });

  test('is as it came without a coding', () => assert.equal(read(TEXT), TEXT.toString()));
  test('is empty where nothing came, whatever is said of it', () => assert.equal(read(Buffer.alloc(0), 'gzip'), ''));
  test('cannot be read where it is not coded as it is said to be', () => assert.equal(read(TEXT, 'gzip'), undefined));
  test('cannot be read in a coding that nobody knows', () => assert.equal(read(TEXT, 'zip'), undefined));
  test('is not unpacked beyond 16 MiB', () =>
    assert.equal(read(gzipSync(Buffer.alloc(17 * 1024 * 1024)), 'gzip'), undefined));
});

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
    test(`is read in the coding ${coding}`, () => assert.equal(read(bytes, coding), TEXT.toString()));

  test('is read if coded twice, in one header or in two', () => {
    const twice = gzipSync(deflateSync(TEXT));
    assert.equal(read(twice, 'deflate, gzip'), TEXT.toString());
    assert.equal(read(twice, 'deflate', 'gzip'), TEXT.toString());
  });

  test('is unchanged without a coding', () => assert.equal(read(TEXT), TEXT.toString()));
  test('is empty if no bytes came, whatever the header says', () => assert.equal(read(Buffer.alloc(0), 'gzip'), ''));
  test('is unreadable if it is not in the declared coding', () => assert.equal(read(TEXT, 'gzip'), undefined));
  for (const coding of ['zip', 'constructor', '__proto__'])
    test(`is unreadable in the unknown coding ${coding}`, () => assert.equal(read(TEXT, coding), undefined));
  test('is not decoded beyond 16 MiB', () =>
    assert.equal(read(gzipSync(Buffer.alloc(17 * 1024 * 1024)), 'gzip'), undefined));
});

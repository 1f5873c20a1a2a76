import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, exchange } from '../fixtures.ts';
import { ThinPages } from './thin-pages.ts';

let clock = 0;

/** A page with this many groups, requested after all others. */
function page(size: number, total: number, query: Readonly<Record<string, string>> = {}) {
  const body = { meta: { offset: 0, limit: 100, count: size, total_count: total }, data: Array(size).fill({}) };
  const one = exchange({ operation: 'list', body, query });
  return { ...one, id: `x${++clock}`, began: ++clock, ended: ++clock };
}

const verdictOf = (...pages: readonly ReturnType<typeof page>[]) => {
  const thin = new ThinPages(contract);
  return pages.flatMap((one) => thin.observe(one).flatMap(({ violations }) => violations));
};

test('a page with too few groups between two with the same total is thin', () => {
  assert.deepEqual(verdictOf(page(3, 3), page(2, 3), page(3, 3)), ['2 groups instead of 3']);
  assert.deepEqual(verdictOf(page(3, 3), page(1, 3, { offset: '1', limit: '5' }), page(3, 3)), [
    '1 groups instead of 2',
  ]);
});

test('a full page is not', () => {
  assert.deepEqual(verdictOf(page(3, 3), page(2, 3, { limit: '2' }), page(0, 3, { offset: '3' }), page(3, 3)), []);
});

test('a page is not judged while the list grows, or if the request was not legal', () => {
  assert.deepEqual(verdictOf(page(2, 2), page(2, 3), page(3, 3)), []);
  assert.deepEqual(verdictOf(page(3, 3), page(2, 3), page(4, 4)), []);
  assert.deepEqual(verdictOf(page(3, 3), page(0, 3, { limit: '-1' }), page(3, 3)), []);
});

test('pages that overlap in time are not compared', () => {
  const [before, thin, after] = [page(3, 3), page(2, 3), page(3, 3)];
  assert.deepEqual(verdictOf(before, { ...thin, began: before.began }, after), []);
  assert.deepEqual(verdictOf(before, thin, { ...after, began: thin.began }), []);
});

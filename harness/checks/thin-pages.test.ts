import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, exchange } from '../fixtures.ts';
import { ThinPages } from './thin-pages.ts';

let clock = 0;

/** A page with so many groups, asked for after all others. */
function page(size: number, total: number, query: Readonly<Record<string, string>> = {}) {
  const body = { meta: { offset: 0, limit: 100, count: size, total_count: total }, data: Array(size).fill({}) };
  const one = exchange({ operation: 'list', body, query });
  return { ...one, id: `x${++clock}`, began: ++clock, ended: ++clock };
}

const verdictOf = (...pages: readonly ReturnType<typeof page>[]) => {
  const thin = new ThinPages(contract);
  return pages.flatMap((one) => thin.observe(one).flatMap(({ violations }) => violations));
};

test('a page with less than there is room for, between two that say the same total, is thin', () => {
  assert.deepEqual(verdictOf(page(3, 3), page(2, 3), page(3, 3)), ['2 groups where there is room for 3']);
  assert.deepEqual(verdictOf(page(3, 3), page(1, 3, { offset: '1', limit: '5' }), page(3, 3)), [
    '1 groups where there is room for 2',
  ]);
});

test('a page that is as full as it can be is not', () => {
  assert.deepEqual(verdictOf(page(3, 3), page(2, 3, { limit: '2' }), page(0, 3, { offset: '3' }), page(3, 3)), []);
});

test('nothing is said of a page while the list grows, nor of one that was asked for oddly', () => {
  assert.deepEqual(verdictOf(page(2, 2), page(2, 3), page(3, 3)), []);
  assert.deepEqual(verdictOf(page(3, 3), page(2, 3), page(4, 4)), []);
  assert.deepEqual(verdictOf(page(3, 3), page(0, 3, { limit: '-1' }), page(3, 3)), []);
});

test('pages that overlap in time say nothing of each other', () => {
  const [before, thin, after] = [page(3, 3), page(2, 3), page(3, 3)];
  assert.deepEqual(verdictOf(before, { ...thin, began: before.began }, after), []);
  assert.deepEqual(verdictOf(before, thin, { ...after, began: thin.began }), []);
});

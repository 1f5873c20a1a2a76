import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, text, UUID_V4 } from './fixtures.ts';

describe('listing', () => {
  for (const [query, offset, limit, order] of [
    ['', 0, 100, 'ASC'],
    ['?sort=created_at', 0, 100, 'ASC'],
    ['?order=DESC&unknown=1&unknown=2', 0, 100, 'DESC'],
    ['?offset=2&limit=3', 2, 3, 'ASC'],
    ['?offset=5&limit=1000&order=DESC', 5, 1000, 'DESC'],
    ['?offset=7', 7, 100, 'ASC'],
    ['?offset=2147483647', 2147483647, 100, 'ASC'],
    ['?limit=0', 0, 0, 'ASC'],
  ] as const) {
    test(`page ${query || 'by default'}`, async () => {
      const { ask, seeds } = await open();
      const all = await seeds();
      if (order === 'DESC') all.reverse();
      const expected = all.slice(offset, offset + limit);
      const { status, headers, json } = await ask(`/account_groups${query}`);
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'application/json');
      assert.deepEqual(json, {
        meta: { offset, limit, count: expected.length, total_count: 7, sort: 'created_at', order },
        data: expected,
      });
    });
  }

  const numbers = ['', '-1', '%2B1', '+1', '1.0', '1e1', 'abc', '0x1', '%201', '1%20', 'NaN', '%D9%A1'];
  for (const query of [
    ...numbers.flatMap((value) => [`offset=${value}`, `limit=${value}`]),
    'limit=1001',
    'limit=1&limit=1',
    'offset=2147483648',
    'offset=0&offset=0',
    ...['', 'id', 'updated_at', 'CREATED_AT', 'created_at%20'].map((value) => `sort=${value}`),
    'sort=created_at&sort=created_at',
    ...['', 'asc', 'DESC%20', 'UP'].map((value) => `order=${value}`),
    'order=ASC&order=DESC',
  ]) {
    test(`${query}: 400`, async () => {
      const { ask } = await open();
      assert.equal((await ask(`/account_groups?${query}`)).status, 400);
    });
  }

  test('seeds have every status and type, distinct owners and numbers, and two equal creation times', async () => {
    const { clock, seeds } = await open();
    const groups = await seeds();
    clock.now += 1_000_000;
    assert.deepEqual(await seeds(), groups);
    const distinct = (member: string) => new Set(groups.map((group) => JSON.stringify(group[member]))).size;
    assert.deepEqual(
      ['id', 'status', 'type', 'users', 'securities_account_number', 'created_at'].map(distinct),
      [7, 5, 2, 7, 7, 6],
    );
    const created = groups.map((group) => text(group.created_at));
    assert.deepEqual(created, created.toSorted());
    for (const group of groups) {
      assert.match(text(group.id), UUID_V4);
      assert.match(text(group.securities_account_number), /^[0-9]{9}$/);
      assert.ok(text(group.updated_at) >= text(group.created_at));
    }
    assert.deepEqual(await (await open({ seeds: false })).seeds(), []);
  });

  test('sorts by creation time even if the clock is earlier than the seeds', async () => {
    const { clock, group, seeds } = await open();
    clock.now = Date.UTC(2020, 0, 1);
    const { id } = await group();
    assert.equal((await seeds())[0]?.id, id);
  });

  test('keeps the order of insertion among groups with equal creation times', async () => {
    const { group, seeds } = await open({ seeds: false });
    const ids = [await group(), await group(), await group()].map(({ id }) => id);
    assert.deepEqual(
      (await seeds()).map(({ id }) => id),
      ids,
    );
  });
});

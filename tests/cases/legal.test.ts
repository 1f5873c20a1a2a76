import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { admitting, spellings } from '../../harness/contract/spellings.ts';
import { contract, present } from '../../harness/fixtures.ts';
import { pairwise } from './pairs.ts';
import { promisesFor } from './query-class.ts';

describe('rows in which options meet', () => {
  const shapes: ReadonlyArray<readonly number[]> = [[], [3], [2, 2], [3, 7, 4, 5], [1, 4, 1, 3], [8, 3, 7, 2, 2, 2]];
  for (const sizes of shapes)
    test(`${sizes.join(' x ') || 'nothing'}: every pair meets`, () => {
      const rows = pairwise(sizes);
      assert.deepEqual(
        rows[0],
        sizes.map(() => 0),
      );
      for (const row of rows)
        for (const [axis, size] of sizes.entries()) assert.ok(present(row[axis]) >= 0 && present(row[axis]) < size);
      for (const [a, first] of sizes.entries())
        for (const [b, second] of sizes.entries())
          for (let i = 0; a < b && i < first; i++)
            for (let j = 0; j < second; j++)
              assert.ok(
                rows.some((row) => row[a] === i && row[b] === j),
                `${a}:${i} never meets ${b}:${j}`,
              );
      assert.deepEqual(rows, pairwise(sizes), 'the same rows every time');
    });
  test('axes that need not meet cost no rows, and lose no option', () => {
    const rows = pairwise([7, 8, 2], [[0, 1]]);
    assert.ok(rows.length < 56, String(rows.length));
    for (let option = 0; option < 8; option++) assert.ok(rows.some((row) => row[1] === option));
  });
  test('there are few rows', () => {
    assert.ok(pairwise([3, 7, 5, 6, 3, 2, 3, 3, 2], [[1, 3]]).length <= 40);
  });
});

describe('legal spellings', () => {
  const schemaOf = (name: string) =>
    present(contract.operations.flatMap(({ parameters }) => parameters).find((one) => one.name === name)).schema;
  test('a UUID is written in either case', () => {
    const id = '9d95820d-4333-46b6-98de-04ab7512e76f';
    const [usual, upper, mixed] = spellings(contract.schemas, schemaOf('account_group_id'), id);
    assert.deepEqual([usual, upper], [id, id.toUpperCase()]);
    assert.equal(mixed?.toLowerCase(), id);
    assert.ok(mixed !== id && mixed !== upper);
  });
  test('a pattern decides whether hyphens may go', () => {
    const key = 'ccb07f42-4104-44ad-8e1f-c660bb7b269c';
    const bare = key.replaceAll('-', '');
    assert.deepEqual(spellings(contract.schemas, schemaOf('idempotency-key'), key), [
      key,
      key.toUpperCase(),
      bare,
      bare.toUpperCase(),
    ]);
    const strict = { pointer: '#', value: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' } };
    assert.deepEqual(spellings(contract.schemas, strict, key), [key]);
  });
  test('the values of an enum, the bounds of a number', () => {
    assert.deepEqual(spellings(contract.schemas, schemaOf('order'), ''), ['ASC', 'DESC']);
    assert.deepEqual(spellings(contract.schemas, schemaOf('limit'), ''), ['0', '1', '2', '1000']);
  });
  test('every Accept header admits the type', () => {
    for (const accept of admitting('application/json').filter((one) => one !== undefined))
      assert.match(accept, /\*\/\*|application\/\*|application\/json/i);
  });
});

describe('what the contract says about a query', () => {
  const queries: ReadonlyArray<readonly [query: Readonly<Record<string, string>>, promises: readonly string[]]> = [
    [{}, ['list.allowed']],
    [{ limit: '1', offset: '0', order: 'DESC', sort: 'created_at' }, ['list.allowed']],
    [{ limit: '1000' }, ['list.allowed']],
    [{ limit: '0' }, ['list.limit-zero']],
    [{ limit: '0', order: 'asc' }, ['list.query.order.enum']],
    [{ limit: '1001' }, ['list.query.limit.maximum']],
    [{ limit: '-1', offset: '-5' }, ['list.query.limit.minimum', 'list.query.offset.minimum']],
    [{ limit: 'abc' }, ['list.query.limit.type']],
    [{ limit: '' }, ['list.unusual-query']],
    [{ order: '' }, ['list.unusual-query']],
    [{ limit: 'null' }, ['list.unusual-query']],
    [{ limit: '01' }, ['list.unusual-query']],
    [{ limit: '1e1' }, ['list.unusual-query']],
    [{ offset: '-0' }, ['list.unusual-query']],
    [{ offset: '9007199254740993' }, ['list.unusual-query']],
    [{ limit: 'abc', offset: '' }, ['list.unusual-query']],
  ];
  for (const [query, promises] of queries)
    test(`${new URLSearchParams(query)}: ${promises.join(', ')}`, () => {
      assert.deepEqual(promisesFor(contract, query), promises);
      for (const id of promises) assert.ok(contract.requirements.get(id)?.accepts, id);
    });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { broken, contract, exchange, group, judgedIn } from '../fixtures.ts';
import { judgeExchange } from './every-exchange.ts';
import { differences } from './group.ts';
import { CLOCK_TOLERANCE_MS } from './timestamps.ts';

const at = (day: number, changes: Record<string, unknown> = {}) => {
  const stamp = `2025-06-${String(day).padStart(2, '0')}T00:00:00Z`;
  return group({ created_at: stamp, updated_at: stamp, ...changes });
};
const META = { offset: 0, limit: 100, total_count: 9 };
const twin = at(1);
const ASC = { sort: 'created_at', order: 'ASC' };
const DESC = { sort: 'created_at', order: 'DESC' };

function list(query: Record<string, string>, meta: Record<string, unknown>, data: readonly unknown[]) {
  const body = { meta: { ...META, count: data.length, ...meta }, data };
  return judgeExchange(contract, exchange({ operation: 'list', query, body }));
}

describe('a page', () => {
  const pages: ReadonlyArray<
    readonly [
      what: string,
      query: Record<string, string>,
      meta: Record<string, unknown>,
      data: readonly unknown[],
      requirements: readonly string[],
    ]
  > = [
    ['of two', {}, {}, [at(1), at(2)], []],
    ['that is empty', { limit: '0' }, { limit: 0 }, [], []],
    ['that counts too few', {}, { count: 1 }, [at(1), at(2)], ['list.count-equals-length']],
    ['that counts too many', {}, { count: 3 }, [at(1), at(2)], ['list.count-equals-length']],
    ['that counts with text', {}, { count: '2' }, [at(1), at(2)], ['list-meta.count.type']],
    ['beyond its limit', { limit: '1' }, { limit: 1 }, [at(1), at(2)], ['list.limit-honoured']],
    ['beyond the default limit', {}, {}, Array.from({ length: 101 }, () => at(1)), ['list.limit-honoured']],
    ['that tells another limit', { limit: '5' }, { limit: 100 }, [], ['list.echo-limit']],
    ['that tells another offset', { offset: '5' }, { offset: 0 }, [], ['list.echo-offset']],
    ['that tells an offset nobody asked for', {}, { offset: 5 }, [], ['list.echo-offset']],
    ['that tells another order', { order: 'DESC' }, { order: 'ASC' }, [], ['list.echo-order']],
    ['that tells no order', { order: 'DESC' }, {}, [], []],
    ['that tells an order of its own', { order: 'DESC' }, { order: 'UP' }, [], ['list-meta.order.enum']],
    ['that tells another field', { sort: 'created_at' }, { sort: 'id' }, [], ['list.echo-sort']],
    ['with a group twice', {}, {}, [twin, twin], ['list.no-duplicates']],
    ['that rises', ASC, { order: 'ASC' }, [at(1), at(1), at(2)], []],
    ['that falls though asked to rise', ASC, {}, [at(2), at(1)], ['list.order-by-created-at']],
    ['that falls', DESC, {}, [at(3), at(2), at(2)], []],
    ['that rises though asked to fall', DESC, {}, [at(1), at(2)], ['list.order-by-created-at']],
    ['that falls though asked to rise by nothing', { order: 'ASC' }, {}, [at(2), at(1)], []],
    [
      'whose instants rise though their texts fall',
      ASC,
      {},
      [at(1, { created_at: '2025-06-01T02:00:00.5Z' }), at(1, { created_at: '2025-06-01T02:00:00.49999999Z' })],
      ['account-group.created-before-updated', 'list.order-by-created-at'],
    ],
    ['after a limit that is no number', { limit: 'x' }, { limit: 7 }, [at(1)], []],
    ['after a limit beyond the greatest', { limit: '1001' }, { limit: 1000 }, [at(1)], []],
    ['after an order that is none', { order: 'up' }, { order: 'ASC' }, [at(2), at(1)], []],
  ];
  for (const [what, query, meta, data, requirements] of pages)
    test(`${what}: ${requirements.length === 0 ? 'kept' : requirements.join(', ')}`, () => {
      assert.deepEqual(broken(list(query, meta, data)), [...requirements].sort());
    });

  test('is not judged by promises that it cannot prove', () => {
    const ids = judgedIn(list({ limit: 'x', order: 'up' }, { order: 'ASC' }, []));
    for (const id of ['list.limit-honoured', 'list.echo-limit', 'list.echo-order', 'list.order-by-created-at'])
      assert.ok(!ids.includes(id), id);
  });
});

describe('timestamps', () => {
  const now = Date.UTC(2026, 0, 1);
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
  const stamps: ReadonlyArray<
    readonly [
      what: string,
      members: Record<string, unknown>,
      headers: Record<string, string>,
      requirements: readonly string[],
    ]
  > = [
    ['in the past', {}, {}, []],
    ['just within the tolerance', { updated_at: iso(now + CLOCK_TOLERANCE_MS) }, {}, []],
    [
      'beyond the tolerance',
      { updated_at: iso(now + CLOCK_TOLERANCE_MS + 1) },
      {},
      ['account-group.not-in-the-future'],
    ],
    [
      'beyond the tolerance of our clock, not of its own',
      { updated_at: iso(now + 2 * CLOCK_TOLERANCE_MS) },
      { date: new Date(now + 2 * CLOCK_TOLERANCE_MS).toUTCString() },
      [],
    ],
    [
      'beyond the tolerance, and its own clock is slow',
      { updated_at: iso(now + 2 * CLOCK_TOLERANCE_MS) },
      { date: new Date(0).toUTCString() },
      ['account-group.not-in-the-future'],
    ],
    [
      'beyond the tolerance, and it has no clock',
      { updated_at: iso(now + 2 * CLOCK_TOLERANCE_MS) },
      { date: 'yesterday' },
      ['account-group.not-in-the-future'],
    ],
    ['at another offset', { updated_at: '2025-06-01T02:00:00+01:00' }, {}, ['account-group.timestamps-utc']],
    ['at offset zero', { updated_at: '2025-06-01T02:00:00+00:00' }, {}, []],
    ['updated before created', { updated_at: '2025-05-31T23:59:59Z' }, {}, ['account-group.created-before-updated']],
    ['that are none', { updated_at: 'soon' }, {}, ['account-group.updated_at.format']],
    ['that are numbers', { updated_at: 1 }, {}, ['account-group.updated_at.type']],
  ];
  for (const [what, members, headers, requirements] of stamps)
    test(`${what}: ${requirements.length === 0 ? 'kept' : requirements.join(', ')}`, () => {
      const made = exchange({ body: group(members), headers, endedAt: now });
      assert.deepEqual(broken(judgeExchange(contract, made)), requirements);
    });
});

describe('two snapshots of a group', () => {
  const base = group({ users: [{ id: '1' }, { id: '2' }] });
  const pairs: ReadonlyArray<readonly [what: string, change: Record<string, unknown>, differs: readonly string[]]> = [
    ['are the same', {}, []],
    ['have their users in another order', { users: [{ id: '2' }, { id: '1' }] }, []],
    ['have other users', { users: [{ id: '2' }] }, ['users']],
    ['spell a timestamp otherwise', { created_at: '2025-06-01T00:00:00.000+00:00' }, []],
    ['round a timestamp', { created_at: '2025-06-01T00:00:00.001Z' }, []],
    ['have other timestamps', { created_at: '2025-06-01T00:00:00.002Z' }, ['created_at']],
    ['have a member more', { extra: 1 }, ['extra']],
    ['have another type', { type: 'LEGAL_ENTITY' }, ['type']],
    ['differ where nobody looks', { status: 'CLOSED' }, []],
  ];
  for (const [what, change, differs] of pairs)
    test(what, () => {
      const found = differences(base, { ...base, ...change }, ['status']).map((text) => text.split(' ')[0]);
      assert.deepEqual(found, differs);
    });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { broken, contract, exchange, group, judgedIn, type Sketch } from '../fixtures.ts';
import { History } from './history.ts';

/** The findings of one history on successive exchanges. */
function tale(...sketches: readonly Sketch[]): string[][] {
  const history = new History(contract, 0);
  return sketches.map((sketch) => broken(history.observe(exchange(sketch))));
}
const listOf = (...data: unknown[]): Sketch => ({ operation: 'list', body: { meta: {}, data } });
const creation = (key: string, body: unknown): Sketch => ({
  operation: 'create',
  asked: { 'idempotency-key': key },
  body,
});

const born = group({ status: 'ACTIVE', updated_at: '2025-06-02T00:00:00Z' });
const closed = { ...born, status: 'CLOSED', updated_at: '2025-06-03T00:00:00Z' };
const older = { ...born, updated_at: '2025-06-01T00:00:00Z' };

describe('the snapshots of a group', () => {
  const pairs: ReadonlyArray<readonly [what: string, first: Sketch, second: Sketch, requirements: readonly string[]]> =
    [
      ['moves on', { body: born }, { body: closed }, []],
      [
        'goes back, one answer after the other',
        { body: closed },
        { body: born },
        ['account-group.status-forward', 'account-group.updated-at-forward'],
      ],
      [
        'goes back, in a list',
        { body: closed },
        listOf(group(), born),
        ['account-group.status-forward', 'account-group.updated-at-forward'],
      ],
      ['goes back in time only', { body: born }, { body: older }, ['account-group.updated-at-forward']],
      [
        'seems to go back, asked at the same time',
        { body: closed, began: 0, ended: 5 },
        { body: born, began: 1, ended: 6 },
        [],
      ],
      [
        'seems to go back, the second question being the earlier one',
        { body: closed, began: 2, ended: 3 },
        { body: born, began: 1, ended: 4 },
        [],
      ],
      [
        'goes back, asked just after',
        { body: closed, began: 0, ended: 1 },
        { body: born, began: 2, ended: 3 },
        ['account-group.status-forward', 'account-group.updated-at-forward'],
      ],
      ['changes its type', { body: born }, { body: { ...born, type: 'LEGAL_ENTITY' } }, ['account-group.immutable']],
      [
        'changes its type, asked at the same time',
        { body: born, began: 0, ended: 5 },
        { body: { ...born, type: 'LEGAL_ENTITY' }, began: 1, ended: 6 },
        ['account-group.immutable'],
      ],
      [
        'loses its number',
        { body: born },
        { body: { ...born, securities_account_number: null } },
        ['account-group.immutable'],
      ],
      [
        'changes its creation time',
        { body: born },
        { body: { ...born, created_at: '2025-06-01T00:00:01Z' } },
        ['account-group.immutable'],
      ],
      [
        'spells its creation time otherwise',
        { body: born },
        { body: { ...born, created_at: '2025-06-01T00:00:00.0Z' } },
        [],
      ],
      [
        'stays out of refusals',
        { body: closed },
        { status: 404, body: { ...born, type: 'x' } },
        ['problem.no-foreign-data'],
      ],
      [
        'shares its number with another',
        { body: born },
        { body: { ...group(), securities_account_number: born.securities_account_number } },
        ['account-group.securities_account_number.unique'],
      ],
      [
        'has no number that could be shared',
        { body: { ...born, securities_account_number: '' } },
        { body: { ...group(), securities_account_number: '' } },
        [],
      ],
    ];
  for (const [what, first, second, requirements] of pairs)
    test(`${what}: ${requirements.length === 0 ? 'kept' : requirements.join(', ')}`, () => {
      assert.deepEqual(tale(first, second), [[], requirements]);
    });

  test('a later answer is compared with the latest earlier one, not with the first', () => {
    const locked = { ...born, status: 'LOCKED' };
    assert.deepEqual(tale({ body: born }, { body: locked }, { body: born }, { body: closed }), [[], [], [], []]);
    assert.deepEqual(tale({ body: born }, { body: closed }, { body: { ...closed, status: 'CLOSING' } })[2], [
      'account-group.status-forward',
    ]);
  });
});

test('an operation may lag behind another for the settling time, and never behind itself', () => {
  const at = Date.UTC(2026, 0, 1);
  const recent = { ...born, status: 'CLOSED', updated_at: new Date(at).toISOString() };
  const back = ['account-group.status-forward', 'account-group.updated-at-forward'];
  const later = (sketch: Sketch, milliseconds: number) => {
    const history = new History(contract, 1000);
    history.observe(exchange({ body: recent, endedAt: at }));
    return broken(history.observe(exchange({ ...sketch, endedAt: at + milliseconds })));
  };
  assert.deepEqual(later(listOf(born), 999), []);
  assert.deepEqual(later(listOf(born), 1000), back);
  assert.deepEqual(later({ body: born }, 1), back);
});

describe('creations', () => {
  test('a repeated key repeats an earlier answer, which says nothing about the present', () => {
    assert.deepEqual(tale(creation('k', born), { body: closed }, creation('k', born), { body: closed }), [
      [],
      [],
      [],
      [],
    ]);
  });
  test('a repeated key is still compared in the immutable members', () => {
    assert.deepEqual(tale(creation('k', born), creation('k', { ...born, type: 'LEGAL_ENTITY' }))[1], [
      'account-group.immutable',
    ]);
  });
  test('a new key must show a new group', () => {
    assert.deepEqual(tale(creation('k', born), creation('l', born))[1], ['create.new-group']);
    assert.deepEqual(tale({ body: born }, creation('k', born))[1], ['create.new-group']);
    assert.deepEqual(tale(creation('k', born), creation('l', group())), [[], []]);
  });
});

describe('request ids and titles', () => {
  const problem = (type: string, title: string, status = 404): Sketch => ({ status, body: { type, title, status } });
  test('a request id is used once', () => {
    const headers = { 'upvest-request-id': 'r' };
    assert.deepEqual(tale({ headers }, {}, { headers }), [[], [], ['request-id.unique']]);
    assert.deepEqual(tale({ headers: { 'upvest-request-id': '' } }, { headers: { 'upvest-request-id': '' } }), [
      [],
      [],
    ]);
  });

  const titles: ReadonlyArray<readonly [what: string, first: Sketch, second: Sketch, constant: boolean]> = [
    ['one type, one title', problem('x', 'X'), problem('x', 'X'), true],
    ['one type, two titles', problem('x', 'X'), problem('x', 'Y'), false],
    ['two types, two titles', problem('x', 'X'), problem('y', 'Y'), true],
    ['about:blank of one status', problem('about:blank', 'Not Found'), problem('about:blank', 'Gone'), false],
    ['about:blank of two statuses', problem('about:blank', 'Not Found'), problem('about:blank', 'Gone', 410), true],
    ['a type that is no URI', problem('not a uri', 'X'), problem('not a uri', 'Y'), true],
    ['a title less', problem('x', 'X'), { status: 404, body: { type: 'x', status: 404 } }, true],
    ['successes', { body: { type: 'PERSONAL', title: 'X' } }, { body: { type: 'PERSONAL', title: 'Y' } }, true],
  ];
  for (const [what, first, second, constant] of titles)
    test(`${what}: ${constant ? 'kept' : 'broken'}`, () => {
      assert.deepEqual(tale(first, second), [[], constant ? [] : ['problem.title-constant']]);
    });

  const kinds: ReadonlyArray<readonly [what: string, first: Sketch, second: Sketch, kept: boolean]> = [
    ['one type, one status', problem('x', 'X'), problem('x', 'X'), true],
    ['one type, two statuses', problem('x', 'X'), problem('x', 'X', 410), false],
    ['two types, one status', problem('x', 'X'), problem('y', 'Y'), true],
    ['about:blank of two statuses', problem('about:blank', 'X'), problem('about:blank', 'X', 410), true],
    ['a type that 503 borrows', problem('x', 'X'), problem('x', 'X', 503), true],
    ['a type that is no URI', problem('not a uri', 'X'), problem('not a uri', 'X', 410), true],
    [
      'a type in what is no problem',
      { ...problem('x', 'X'), headers: { 'content-type': 'application/json' } },
      problem('x', 'X', 410),
      true,
    ],
  ];
  for (const [what, first, second, kept] of kinds)
    test(`${what}: ${kept ? 'kept' : 'broken'}`, () => {
      assert.deepEqual(tale(first, second), [[], kept ? [] : ['problem.type-one-status']]);
    });

  test('an instance names one occurrence', () => {
    const of = (instance: string): Sketch => ({ status: 404, body: { type: 'x', status: 404, instance } });
    assert.deepEqual(tale(of('/a'), of('/b'), of('/a')), [[], [], ['problem.instance-unique']]);
    assert.deepEqual(tale(of(''), of('')), [[], []]);
  });

  test('a violation names both exchanges in order', () => {
    const history = new History(contract, 0);
    const [first, second] = [exchange(problem('x', 'X')), exchange(problem('x', 'Y'))];
    history.observe(first);
    const finding = history.observe(second).find(({ requirement }) => requirement === 'problem.title-constant');
    assert.deepEqual(finding?.exchanges, [first.id, second.id]);
  });

  test('a first exchange is only judged by what it can show alone', () => {
    const ids = judgedIn(new History(contract, 0).observe(exchange({ body: born })));
    assert.deepEqual(ids.sort(), ['account-group.securities_account_number.unique', 'request-id.unique']);
  });
});

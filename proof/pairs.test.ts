import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contract } from '../harness/fixtures.ts';
import { agree, compose, covering, pairwise } from './pairs.ts';
import type { Variant } from './variants/index.ts';

const variant = (id: string, more: Partial<Variant> = {}): Variant => ({ id, difference: `${id}.`, ...more });

describe('variants at once', () => {
  test('every two that agree stand together in some set, and no others do', () => {
    const all = [
      ...Array.from({ length: 9 }, (_, index) => variant(`l${index}`)),
      variant('short', { aspect: 'length' }),
      variant('long', { aspect: 'length' }),
      variant('early', { reference: { bundleMs: 0 } }),
      variant('late', { reference: { bundleMs: 9 } }),
    ];
    const sets = pairwise(all, 4);
    for (const one of all)
      for (const other of all) {
        const together = sets.some((set) => set.includes(one) && set.includes(other));
        if (one !== other) assert.equal(together, agree(one, other), `${one.id} and ${other.id}`);
      }
    assert.ok(sets.every((set) => set.length <= 4));
  });

  test('a few of the sets contain everything', () => {
    const sets = [[1], [1, 2, 3], [3, 4], [4, 5], [2]];
    assert.deepEqual(
      covering(sets, (set) => set),
      [
        [1, 2, 3],
        [4, 5],
      ],
    );
    assert.deepEqual(
      covering([], () => []),
      [],
    );
  });

  test('what comes later is applied to what comes first', async () => {
    const adding = (word: string) =>
      variant(word, {
        intercept: (honest) => async (request) => new Response(`${await (await honest(request)).text()} ${word}`),
      });
    const fetch = compose([adding('one'), adding('two')]).intercept?.(async () => new Response('truth'), {
      now: () => 0,
      contract,
    });
    assert.equal(await (await fetch?.(new Request('http://a.test')))?.text(), 'truth one two');
  });

  test('their options are joined', () => {
    const both = compose([variant('a', { reference: { bundleMs: 1 } }), variant('b', { reference: { retryMs: 2 } })]);
    assert.deepEqual(both.reference, { bundleMs: 1, retryMs: 2 });
  });
});

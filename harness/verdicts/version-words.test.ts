import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseOf, contract, present, resultOf } from '../fixtures.ts';
import { requirementVerdicts } from './verdicts.ts';
import type { Fit } from './version-fit.ts';
import { summariseFits } from './version-words.ts';

const ID = 'list.query.limit.minimum';
const FIT: Fit = {
  version: '',
  kept: 0,
  broken: [],
  since: new Map(),
  untested: 0,
  missing: [],
  shown: [],
  unseen: [],
};

test('what breaks a version is named with the version that made the promise', () => {
  const results = new Map([['a', resultOf('a', { judged: { [ID]: ['200; promised is 400'] } })]]);
  const options = { writes: true, strict: true, tolerateAdditive: false };
  const verdicts = requirementVerdicts(contract, [caseOf('a', [ID])], results, options);
  const kept: Fit = { ...FIT, version: '1.18', kept: 9, shown: ['list.order-by-updated-at (since 1.18)'] };
  const broken: Fit = {
    ...FIT,
    version: '1.83',
    broken: [present(verdicts.find(({ requirement }) => requirement.id === ID))],
    since: new Map([[ID, '1.83']]),
    missing: ['list.allowed: no'],
    unseen: ['account-group.type.enum: ISA'],
  };
  assert.deepEqual(summariseFits([kept, broken], true).slice(4), [
    'Kept: 1.18',
    '1.83: not kept',
    '    missing: list.allowed: no',
    '    missing: list.query.limit.minimum (since 1.83): 200; promised is 400',
    '    not seen: account-group.type.enum: ISA',
  ]);
});

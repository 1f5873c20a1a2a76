import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { contract, DOCUMENT } from '../harness/fixtures.ts';
import { catalogue, changedFaults, sampled } from './catalogue.ts';

describe('the faults that concern what changed in a version', () => {
  test('are those that break what it makes or changes, and those that it alone has', async () => {
    const later = await readContract(DOCUMENT, '1.18');
    const { faults } = catalogue(later);
    const changed = changedFaults(contract, later, faults);
    const broken = new Set(changed.flatMap(({ breaks }) => breaks));
    for (const id of later.requirements.keys())
      if (!contract.requirements.has(id) && faults.some(({ breaks }) => breaks.includes(id)))
        assert.ok(broken.has(id), id);
    // The list can be sorted by something else.
    assert.ok(changed.some(({ breaks }) => breaks.includes('list.query.sort.enum')));
    assert.ok(!changed.some(({ id }) => id === 'limit-ignored'));
    const chosen = sampled(later, faults, changed);
    assert.ok(changed.every((fault) => chosen.includes(fault)));
    assert.equal(new Set(chosen).size, chosen.length);
  });

  test('are none if nothing changed', () => {
    assert.deepEqual(changedFaults(contract, contract, catalogue(contract).faults), []);
  });
});

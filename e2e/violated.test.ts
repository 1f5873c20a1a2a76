import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { answer, data, meta } from '../proof/faults/fault.ts';
import { isPage, query } from '../proof/faults/listing.ts';
import { CREDENTIALS, withFaults } from './fixtures.ts';
import { type Ended, Workspace } from './workspace.ts';

/** A target that answers a request for 100 groups with 50,000. */

const SIZE = 50_000;
const workspace = new Workspace();
let ended: Ended;

before(async () => {
  const intercept = answer(
    (asked) => isPage(asked) && (query(asked, 'limit') ?? '100') === '100',
    (answered) => {
      const [group] = data(answered);
      for (let index = data(answered).length; group !== undefined && index < SIZE; index++)
        data(answered).push({ ...group, id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` });
      meta(answered).count = data(answered).length;
    },
  );
  const target = await withFaults([{ intercept }]);
  ended = await workspace.conformance({ BASE_URL: target.url, ...CREDENTIALS });
  await target.close();
});
after(() => workspace.remove());

describe('a page of 50,000 groups', () => {
  test('is reported as a violation of the limit', () => {
    assert.equal(ended.code, 1, ended.output);
    const { verdict, complete, evidence } = workspace.report();
    assert.deepEqual([verdict, complete], ['non-conformant', true]);
    const seen = evidence['list.limit-honoured']?.violations.map((violation) => violation.seen) ?? [];
    assert.ok(seen.includes('50000 groups with limit=100'), seen.join('\n'));
  });

  test('takes no more requests than a page that is slightly too long', () => {
    const { exchanges, evidence } = workspace.report();
    const huge = exchanges.filter(({ response }) => response.bytes > 10_000_000);
    assert.ok(huge.length > 0);
    for (const { response } of huge) assert.ok(response.body.length < 20_000);
    for (const { id } of huge)
      for (const { violations } of Object.values(evidence))
        assert.ok(violations.filter((violation) => violation.exchanges.at(-1) === id).length <= 3);
    assert.ok(workspace.read('reports/conformance.json').length < 10_000_000);
  });
});

import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import type { Report } from '../reporters/report.ts';
import { CREDENTIALS, lying } from './end-to-end-fixtures.ts';
import { allFaults } from './faults/index.ts';
import { Workspace } from './workspace.ts';

/** Shards of a run, made at the same time on machines of their own, and merged: the same as one run. */

const machines = Array.from({ length: 3 }, () => new Workspace());
const [first] = machines;
assert.ok(first);
after(() => {
  for (const machine of machines) machine.remove();
});

const faults = allFaults(await readContract('spec/account-groups.openapi.yaml'));
const targets: ReadonlyArray<readonly [colour: string, shards: number, faults: readonly string[], code: number]> = [
  ['red', 3, ['number-letter', 'request-id-number'], 1],
  ['green', 2, [], 0],
];

for (const [colour, shards, lies, code] of targets)
  describe(`a ${colour} run in ${shards} shards`, () => {
    let whole: Report;
    let merged: Report;

    test('ends as the whole run does', async () => {
      const target = await lying(faults.filter(({ id }) => lies.includes(id)));
      const env = { BASE_URL: target.url, WRITES: 'on', SETTLE_TIMEOUT: '2', ...CREDENTIALS };
      assert.equal((await first.conformance(env)).code, code);
      whole = first.report();
      copyFileSync(first.path('reports/conformance.json'), first.path('whole.json'));
      const ended = await Promise.all(
        machines
          .slice(0, shards)
          .map((machine, index) =>
            machine.conformance(
              { ...env, PLAYWRIGHT_BLOB_OUTPUT_FILE: first.path(`${colour}/${index + 1}.zip`) },
              `--shard=${index + 1}/${shards}`,
              '--add-reporter=blob',
            ),
          ),
      );
      await target.close();
      for (const shard of ended) assert.equal(shard.code, 1, shard.output);
      const merging = await first.merge(colour);
      assert.equal(merging.code, code, merging.output);
      merged = first.report();
      assert.equal(merged.run.parts, shards);
      assert.match(merging.output, new RegExp(`\\d+ requests by ${shards} shards in`));
    });

    test('has the same verdicts, counts, and violated requirements', async () => {
      const { code: changed, output } = await first.tool('compare', 'whole.json', 'reports/conformance.json');
      assert.equal(changed, 0, output);
      assert.match(output, /^no requirement has changed$/m);
      const same = ({ verdict, narrowed, counts, requirements, evidence }: Report) => ({
        verdict,
        narrowed,
        counts,
        requirements,
        violated: requirements.map(({ id }) => id).filter((id) => (evidence[id]?.violationCount ?? 0) > 0),
      });
      assert.deepEqual(same(merged), same(whole));
    });

    test('lists everything that each shard has left behind', () => {
      const { users, groups } = merged.run.footprint;
      assert.equal(new Set(users).size, users.length);
      assert.ok(users.length > whole.run.footprint.users.length && users.length <= shards);
      assert.equal(new Set(groups.map(({ id }) => id)).size, groups.length);
      assert.deepEqual(
        groups.filter(({ state }) => state === 'open'),
        [],
      );
    });

    test('is incomplete without one of them', async () => {
      rmSync(first.path(`${colour}/1.zip`));
      assert.equal((await first.merge(colour)).code, 1);
      const { verdict, narrowed } = first.report();
      assert.deepEqual([verdict, narrowed], [code === 0 ? 'incomplete' : 'non-conformant', true]);
    });
  });

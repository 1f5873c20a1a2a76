import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { allFaults } from '../proof/faults/index.ts';
import type { Report } from '../reporters/report.ts';
import { CREDENTIALS, withFaults } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** Shards of a run on different machines have the same outcome as one run, once they are merged. */

const first = new Workspace();
const machines = [first, new Workspace(), new Workspace()];
after(() => {
  for (const machine of machines) machine.remove();
});

const faults = allFaults(await readContract('spec/account-groups.openapi.yaml'));

/** Runs each shard in its own workspace; their blobs are for the first one to merge. */
async function sharded(colour: 'red' | 'green', shards: number, env: Readonly<Record<string, string>>) {
  for (const [index, machine] of machines.slice(0, shards).entries()) {
    const blob = { PLAYWRIGHT_BLOB_OUTPUT_FILE: first.path(`${colour}/${index + 1}.zip`) };
    const words = [`--shard=${index + 1}/${shards}`, '--add-reporter=blob'];
    const { code, output } = await machine.conformance({ ...env, ...blob }, ...words);
    assert.ok(code === 3 || (colour === 'red' && code === 1), output);
  }
}

const envOf = (url: string) => ({ BASE_URL: url, WRITES: 'on', SETTLE_TIMEOUT: '2', ...CREDENTIALS });

describe('a red run in 3 shards', () => {
  let whole: Report;
  let merged: Report;

  before(async () => {
    const broken = ['number-letter', 'request-id-number'];
    const target = await withFaults(faults.filter(({ id }) => broken.includes(id)));
    assert.equal((await first.conformance(envOf(target.url))).code, 1);
    whole = first.report();
    copyFileSync(first.path('reports/conformance.json'), first.path('whole.json'));
    await sharded('red', 3, envOf(target.url));
    await target.close();
    const { code, output } = await first.merge('red');
    assert.equal(code, 1, output);
    assert.match(output, /\d+ requests by 3 shards in/);
    merged = first.report();
    assert.equal(merged.run.parts, 3);
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

  test('lists the footprint of all shards', () => {
    const { prerequisites, groups } = merged.run.footprint;
    assert.equal(new Set(prerequisites.map(({ id }) => id)).size, prerequisites.length);
    const ofOneRun = whole.run.footprint.prerequisites.length;
    assert.ok(prerequisites.length > ofOneRun && prerequisites.length <= 3 * ofOneRun);
    assert.equal(new Set(groups.map(({ id }) => id)).size, groups.length);
    assert.deepEqual(
      groups.filter(({ state }) => state === 'open'),
      [],
    );
  });

  test('is still non-conformant without one of them', async () => {
    rmSync(first.path('red/1.zip'));
    assert.equal((await first.merge('red')).code, 1);
    const { verdict, narrowed } = first.report();
    assert.deepEqual([verdict, narrowed], ['non-conformant', true]);
  });
});

describe('a green run in 2 shards, merged where files of another run lie', () => {
  test('is conformant', async () => {
    const target = await withFaults([]);
    await sharded('green', 2, envOf(target.url));
    await target.close();
    first.write('allure-results/executor.json', '{"runId":"of another run"}');
    first.write('allure-results/old-result.json', '{}');
    first.write('allure-report/index.html', 'old');
    const { code, output } = await first.merge('green');
    assert.equal(code, 0, output);
    const { verdict, narrowed, counts, run } = first.report();
    assert.deepEqual([verdict, narrowed, run.parts, run.ended], ['conformant', false, 2, 'completed']);
    assert.equal(new Set(run.partIds).size, 2);
    assert.deepEqual(
      Object.keys(counts)
        .filter((word) => counts[word as keyof typeof counts] !== 0)
        .sort(),
      ['excluded', 'passed', 'untested'],
    );
  });

  test('has the auxiliary exchanges of each shard, with distinct ids', () => {
    const { exchanges, evidence } = first.report();
    const ids = new Set(exchanges.map(({ id }) => id));
    assert.equal(ids.size, exchanges.length);
    assert.deepEqual(new Set(exchanges.flatMap(({ id }) => /^auxiliary-\d\//.exec(id) ?? [])).size, 2);
    for (const { exchanges: behind } of Object.values(evidence)) assert.ok(behind.every((id) => ids.has(id)));
  });

  test('does not include files of another run in its evidence', async () => {
    const { subject } = JSON.parse(first.read('reports/evidence.intoto.json'));
    const names: string[] = subject.map(({ name }: { name: string }) => name);
    assert.deepEqual(
      names.filter((name) => /old-result|allure-report/.test(name)),
      [],
    );
    assert.equal((await first.tool('verify-evidence', '.')).code, 3);
  });

  test('is incomplete without one of them', async () => {
    rmSync(first.path('green/1.zip'));
    assert.equal((await first.merge('green')).code, 3);
    const { verdict, narrowed } = first.report();
    assert.deepEqual([verdict, narrowed], ['incomplete', true]);
  });
});

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { object } from '../harness/fixtures.ts';
import { allFaults } from '../proof/faults/index.ts';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { behindToken, CREDENTIALS, listening, withFaults } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** Runs of selected cases, and runs that stop at the first failure. */

const workspace = new Workspace();
after(() => workspace.remove());

const contract = await readContract('spec/account-groups.openapi.yaml');
const faults = allFaults(contract);
const fault = (id: string) => faults.filter((one) => one.id === id);
const PERMITTED = ['--grep', 'answers a permitted request'];

describe('a green selection', () => {
  test('of a run that is meant for the reference is incomplete, lists the cases that were not selected, and exits with 0 outside CI', async () => {
    const { code, output } = await workspace.conformance({ ...CREDENTIALS, BASE_URL: 'reference' }, ...PERMITTED);
    assert.equal(code, 0, output);
    assert.match(output, /against the embedded reference[\s\S]*^verdict: incomplete: \d+ of \d+ promises judged$/m);
    const { verdict, cases, requirements } = workspace.report();
    assert.equal(verdict, 'incomplete');
    assert.deepEqual(new Set(cases.map(({ state }) => state)), new Set(['asked', 'not-selected']));
    const reasons = requirements.filter(({ verdict }) => verdict === 'not-run').map(({ reason }) => reason);
    assert.ok(reasons.includes('not selected'));
    assert.ok(!reasons.includes('selected, but did not run'));
  });
  test('exits with 3 in CI', async () => {
    const { code, output } = await workspace.conformance({ CI: 'true' }, ...PERMITTED);
    assert.equal(code, 3, output);
    assert.equal(workspace.report().verdict, 'incomplete');
  });
  test('exits with 3 as a shard, with any reporter', async () => {
    for (const words of [['--shard=1/20'], ['--shard=1/20', '--reporter=line']]) {
      const { code, output } = await workspace.conformance({}, ...words);
      assert.equal(code, 3, output);
    }
  });
});

test('--last-failed runs only the failed cases, and is green once the target is fixed', async () => {
  let faults = fault('number-letter');
  const { fetch } = createReference();
  const clock = { now: () => Date.now(), contract };
  const target = await serveReference((request) =>
    faults.reduce((inner, { intercept }) => intercept(inner, clock), fetch)(request),
  );
  const env = { BASE_URL: target.url, ...CREDENTIALS };
  assert.equal((await workspace.conformance(env)).code, 1);
  const all = workspace.report().run.requests;
  faults = [];
  const { code, output } = await workspace.conformance(env, '--last-failed');
  await target.close();
  assert.equal(code, 0, output);
  assert.ok(workspace.report().run.requests < all / 2);
});

describe('-x', () => {
  test('sends no request after the first failure', async () => {
    let requests = 0;
    const count = behindToken((_, response) => response.writeHead(418).end());
    const target = await listening((request, response) => {
      requests++;
      count(request, response);
    });
    const { code, output } = await workspace.conformance({ BASE_URL: target.url, WRITES: 'on', ...CREDENTIALS }, '-x');
    await target.close();
    assert.equal(code, 1, output);
    assert.equal(workspace.report().requirements.length > 0, true);
    assert.ok(requests < 20, `${requests} requests`);
  });

  test('closes the groups created before the failure', async () => {
    const open = new Set<string>();
    const clock = { now: () => Date.now(), contract };
    const { fetch } = createReference();
    // The case of the idempotency key comes first, and creates a group for it.
    const replay = fault('replay-creates')[0] ?? assert.fail('the fault has another name');
    const intercepted = replay.intercept(fetch, clock);
    const target = await serveReference(async (request) => {
      const { method, url } = request;
      const response = await intercepted(request);
      if (method === 'POST' && url.endsWith('/account_groups') && response.ok)
        open.add(String(object(await response.clone().json()).id));
      if (method === 'DELETE' && response.ok) open.delete(url.split('/').at(-1) ?? '');
      return response;
    });
    const { code, output } = await workspace.conformance({ BASE_URL: target.url, WRITES: 'on', ...CREDENTIALS }, '-x');
    await target.close();
    assert.equal(code, 1, output);
    const { footprint } = workspace.report().run;
    assert.ok(footprint.groups.length > 0);
    assert.deepEqual([...open], []);
  });
});

test('a reporter of the runner sees failed cases, and no worker is restarted', async () => {
  const target = await withFaults(fault('number-letter'));
  const { code, output } = await workspace.conformance({ BASE_URL: target.url, ...CREDENTIALS }, '--reporter=list');
  await target.close();
  assert.equal(code, 1, output);
  assert.match(output, /^ +\d+\) /m);
  assert.match(output, /^ +\d+ failed$/m);
  assert.equal(output.match(/left behind by a worker/g)?.length, 1, output);
});

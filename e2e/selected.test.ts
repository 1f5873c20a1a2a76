import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { object } from '../harness/fixtures.ts';
import { allFaults } from '../proof/faults/index.ts';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { behindToken, CREDENTIALS, listening, withFaults } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** Runs of a part of the cases, and runs that end at the first red one. */

const workspace = new Workspace();
after(() => workspace.remove());

const contract = await readContract('spec/account-groups.openapi.yaml');
const faults = allFaults(contract);
const fault = (id: string) => faults.filter((one) => one.id === id);
const PERMITTED = ['--grep', 'answers a permitted request'];

describe('a green selection', () => {
  test('is incomplete, and ends with 0 for a person', async () => {
    const { code, output } = await workspace.conformance({}, ...PERMITTED);
    assert.equal(code, 0, output);
    assert.equal(workspace.report().verdict, 'incomplete');
  });
  test('ends with 3 for a pipeline', async () => {
    const { code, output } = await workspace.conformance({ CI: 'true' }, ...PERMITTED);
    assert.equal(code, 3, output);
    assert.equal(workspace.report().verdict, 'incomplete');
  });
  test('ends with 3 as a shard, whatever reports it', async () => {
    for (const words of [['--shard=1/20'], ['--shard=1/20', '--reporter=line']]) {
      const { code, output } = await workspace.conformance({}, ...words);
      assert.equal(code, 3, output);
    }
  });
});

test('what failed last is green once it is mended, and only that is asked', async () => {
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
  test('asks nothing more after the first red case', async () => {
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

  test('closes what was created by then', async () => {
    const open = new Set<string>();
    const clock = { now: () => Date.now(), contract };
    const { fetch } = createReference();
    // The case of the idempotency key comes first, and creates a group for it.
    const lie = fault('replay-creates')[0] ?? assert.fail('the fault has another name');
    const told = lie.intercept(fetch, clock);
    const target = await serveReference(async (request) => {
      const { method, url } = request;
      const response = await told(request);
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

test('a reporter of the runner is told of red cases, and no worker is thrown away for one', async () => {
  const target = await withFaults(fault('number-letter'));
  const { code, output } = await workspace.conformance({ BASE_URL: target.url, ...CREDENTIALS }, '--reporter=list');
  await target.close();
  assert.equal(code, 1, output);
  assert.match(output, /^ +\d+\) /m);
  assert.equal(output.match(/left behind by a worker/g)?.length, 1, output);
});

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { object } from '../harness/fixtures.ts';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { CREDENTIALS } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** Runs that end early still clean up what they created. */

const workspace = new Workspace();
after(() => workspace.remove());

/** A slow target that reports when a group is created, and records what is not cleaned up. */
async function slowTarget() {
  const open = new Set<string>();
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const { fetch } = createReference();
  const target = await serveReference(
    async (request) => {
      const { method, url } = request;
      const response = await fetch(request);
      if (method === 'POST' && /\/(account_groups|webhooks)$/.test(url) && response.ok) {
        open.add(String(object(await response.clone().json()).id));
        if (url.endsWith('/account_groups')) begin();
      }
      if (method === 'DELETE' && response.ok) open.delete(url.split('/').at(-1) ?? '');
      return response;
    },
    { latencyMs: 300 },
  );
  const env = { BASE_URL: target.url, WRITES: 'on', WEBHOOK_LISTEN: '127.0.0.1:0', ...CREDENTIALS };
  return { target, open, begun, env };
}

test('a run that is ended by SIGTERM is incomplete', async () => {
  const { target, open, begun, env } = await slowTarget();
  const { child, ended } = workspace.started(env);
  const early = await Promise.race([begun, ended]);
  assert.equal(early, undefined, 'nothing was created before the end');
  child.kill('SIGTERM');
  const { code, output } = await ended;
  await target.close();
  assert.equal(code, 130, output);
  assert.equal(workspace.report().verdict, 'incomplete');
  assert.deepEqual([...open], []);
});

test('a run that times out says so, and reports no violation', async () => {
  const { target, open, env } = await slowTarget();
  const { code, output } = await workspace.conformance({ ...env, RUN_TIMEOUT: '2' });
  await target.close();
  assert.equal(code, 1, output);
  const { verdict, complete, requirements } = workspace.report();
  assert.deepEqual([verdict, complete], ['inconclusive', true]);
  assert.deepEqual(
    requirements.filter((one) => one.verdict === 'failed'),
    [],
  );
  assert.ok(requirements.some(({ reason }) => reason?.includes('the run took longer than RUN_TIMEOUT')));
  assert.deepEqual([...open], []);
});

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { CREDENTIALS } from './end-to-end-fixtures.ts';
import { Workspace } from './workspace.ts';

const workspace = new Workspace();
after(() => workspace.remove());

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`${signal} in the middle: the report says incomplete, and what was created is cleared away`, async () => {
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
        const body = await response.clone().text();
        if (method === 'POST' && /\/(account_groups|webhooks)$/.test(url) && response.ok) {
          open.add((JSON.parse(body) as { id: string }).id);
          if (url.endsWith('/account_groups')) begin();
        }
        if (method === 'DELETE' && response.ok) open.delete(url.split('/').at(-1) ?? '');
        return response;
      },
      { latencyMs: 300 },
    );
    const env = { BASE_URL: target.url, WRITES: 'on', WEBHOOK_LISTEN: '127.0.0.1:0', ...CREDENTIALS };
    const { child, ended } = workspace.started(env);
    const early = await Promise.race([begun, ended]);
    assert.equal(early, undefined, 'nothing was created before the end');
    child.kill(signal);
    const { code, output } = await ended;
    await target.close();
    assert.equal(code, 130, output);
    assert.equal(workspace.report().verdict, 'incomplete');
    assert.deepEqual([...open], []);
  });

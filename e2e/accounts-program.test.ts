import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serveReference } from '../reference/serve.ts';
import { createAccountsTarget } from './accounts-target.ts';
import { CREDENTIALS } from './fixtures.ts';
import { Workspace } from './workspace.ts';

const DOCUMENT = fileURLToPath(new URL('accounts.openapi.yaml', import.meta.url));

describe('the whole program with CONTRACT', () => {
  const workspace = new Workspace();
  after(() => workspace.remove());

  test('reports on accounts', async () => {
    const target = createAccountsTarget();
    const served = await serveReference(target.fetch);
    const { code, output } = await workspace.conformance({
      CONTRACT: DOCUMENT,
      BASE_URL: served.url,
      WRITES: 'on',
      ...CREDENTIALS,
    });
    target.close();
    await served.close();
    assert.equal(code, 0, output);
    const report = workspace.report();
    assert.equal(report.verdict, 'conformant');
    assert.equal(report.contract.title, 'Accounts of the Upvest Investment API');
    assert.ok(report.run.footprint.prerequisites.some(({ what }) => what === 'account group'));
    assert.ok(report.run.footprint.groups.every(({ state }) => state === 'closed'));
  });
});

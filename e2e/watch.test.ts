import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readContract } from '../harness/contract/index.ts';
import { allFaults } from '../proof/faults/index.ts';
import { CREDENTIALS, withFaults } from './fixtures.ts';
import { Workspace } from './workspace.ts';

const workspace = new Workspace();
after(() => workspace.remove());

test('--watch repeats failed cases when the target restarts, and all cases once they pass', async () => {
  const faults = allFaults(await readContract('spec/account-groups.openapi.yaml'));
  const broken = await withFaults(faults.filter(({ id }) => id === 'number-letter'));
  const port = Number(new URL(broken.url).port);
  const { child, ended } = workspace.started({ BASE_URL: broken.url, ...CREDENTIALS }, '--watch');
  let output = '';
  const until = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(output) && resolve();
      child.stdout?.on('data', look);
      child.on('exit', () => reject(new Error(output)));
      look();
    });
  child.stdout?.on('data', (text) => {
    output += String(text);
  });

  await until(/verdict: non-conformant[\s\S]*watching: runs the failed cases when http\S+ restarts/);
  await broken.close();
  output = '';
  // --watch must notice that the target is unreachable, which takes a moment.
  await sleep(1000);
  const mended = await withFaults([], port);
  await until(/verdict: incomplete[\s\S]*verdict: conformant[\s\S]*watching: runs all cases/);
  child.kill('SIGTERM');
  const { code } = await ended;
  await mended.close();
  assert.equal(code, 130);
});

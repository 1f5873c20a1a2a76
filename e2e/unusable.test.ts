import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CREDENTIALS } from './fixtures.ts';
import { Workspace } from './workspace.ts';

const workspace = new Workspace();
after(() => workspace.remove());

test('a missing BASE_URL ends the run with exit code 2, without a report of conformance', async () => {
  const { code, output } = await workspace.conformance({ ...CREDENTIALS, BASE_URL: '' });
  assert.equal(code, 2, output);
  assert.match(
    output,
    /BASE_URL: is missing; accepted: the URL of the target that CLIENT_ID, CLIENT_SECRET belong to, or reference/,
  );
  assert.throws(() => workspace.report());
});

test('an unreachable target ends the run with exit code 2, a reason and a report', async () => {
  const { code, output } = await workspace.conformance({ BASE_URL: 'http://127.0.0.1:1', ...CREDENTIALS });
  assert.equal(code, 2, output);
  assert.match(output, /ECONNREFUSED/);
  assert.ok(!output.includes('    at '), output);
  const { verdict, complete } = workspace.report();
  assert.deepEqual([verdict, complete], ['inconclusive', true]);
});

for (const words of [['--shard=9/3'], ['--workers=x'], ['--frobnicate'], ['--grep', 'no such case'], ['--grep', '(']])
  test(`${words.join(' ')} ends the run with exit code 2 and a message`, async () => {
    const { code, output } = await workspace.conformance({}, ...words);
    assert.equal(code, 2, output);
    assert.match(output, /shard|Workers|unknown option|No tests found|regular expression/);
    assert.doesNotMatch(output, /^ +at /m);
    assert.ok(output.trim().split('\n').length <= 4, output);
  });

test('--list keeps the report of the last run', async () => {
  const before = workspace.read('reports/conformance.json');
  const { code, output } = await workspace.conformance({}, '--list');
  assert.equal(code, 0, output);
  assert.match(output, /Total: \d+ tests/);
  assert.equal(workspace.read('reports/conformance.json'), before);
});

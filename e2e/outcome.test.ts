import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FAILURE } from '../harness/run/outcome.ts';
import type { Served } from '../reference/serve.ts';
import { adopt, retime } from '../reporters/outcome.ts';
import { behindToken, CREDENTIALS, listening } from './fixtures.ts';
import { Workspace } from './workspace.ts';

type Outcome = Parameters<typeof adopt>[1];

describe('the outcome of a test', () => {
  const outcome = (status: Outcome['status'], ...types: string[]) => {
    const annotations = types.map((type) => ({ type, description: `the ${type}` }));
    const result: Outcome = { status, errors: [], annotations };
    const declared = { annotations: [...annotations] };
    adopt(declared, result);
    return { ...result, declared: declared.annotations };
  };

  test('is failed if the case annotated a failure, with its message as the only error', () => {
    const { status, errors, error } = outcome('passed', 'contract', FAILURE);
    assert.equal(status, 'failed');
    assert.deepEqual(errors, [{ message: 'the failure', stack: 'the failure' }]);
    assert.equal(error, errors[0]);
  });

  test('does not keep the annotation in addition to the error', () => {
    const { annotations, declared } = outcome('passed', 'contract', FAILURE);
    assert.deepEqual(
      [annotations, declared].map((all) => all.map(({ type }) => type)),
      [['contract'], ['contract']],
    );
  });

  test('is unchanged without an annotation', () => {
    for (const status of ['passed', 'skipped', 'timedOut'] as const)
      assert.deepEqual(outcome(status, 'contract').status, status);
  });

  test('is still timed out, whatever was annotated before', () =>
    assert.deepEqual(outcome('timedOut', FAILURE), {
      status: 'timedOut',
      errors: [],
      annotations: [],
      declared: [],
    }));
});

test('a result and its steps have the times of their requests', () => {
  const step = (category: string) => ({ category, startTime: new Date(9000), duration: 1 });
  const result = {
    startTime: new Date(9000),
    duration: 3,
    steps: ['hook', 'test.step', 'test.step', 'test.step'].map(step),
  };
  retime(result, [
    { startedAt: 1000, endedAt: 1400 },
    { startedAt: 1200, endedAt: 2000 },
  ]);
  assert.deepEqual(
    [result, ...result.steps].map(({ startTime, duration }) => [startTime.getTime(), duration]),
    [
      [1000, 1000],
      [2000, 0],
      [1000, 400],
      [1200, 800],
      [2000, 0],
    ],
  );
});

describe('a target at which everything fails', () => {
  const workspace = new Workspace();
  let target: Served;
  let env: Record<string, string>;
  before(async () => {
    target = await listening(behindToken((_, response) => response.end('{}')));
    env = { BASE_URL: target.url, ...CREDENTIALS };
  });
  after(async () => {
    await target.close();
    workspace.remove();
  });

  test('needs only one worker, however many tests fail', async () => {
    const file = workspace.path('results.json');
    const { code, output } = await workspace.conformance(
      { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
      '--add-reporter=json',
    );
    assert.equal(code, 1, output);
    const text = workspace.read('results.json');
    assert.ok((text.match(/"status": "unexpected"/g) ?? []).length > 10, output);
    assert.deepEqual([...new Set(text.match(/"workerIndex": \d+/g))], ['"workerIndex": 0']);
  });
});

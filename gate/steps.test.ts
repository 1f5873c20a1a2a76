import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { passesAll, type Step } from './steps.ts';

const says = (name: string, words: string, code = 0): Step => ({
  name,
  command: ['-e', `process.stdout.write(${JSON.stringify(words)}); process.exitCode = ${code}`],
});

async function ran(...stages: Step[][]) {
  const told: string[] = [];
  const passed = await passesAll(stages, (text) => void told.push(text));
  return { passed, told: told.sort().map((text) => text.replace(/\(\d+ s\)/, '(n s)')) };
}

describe('the steps of a gate', () => {
  test('that have passed are told in their last words', async () => {
    const { passed, told } = await ran([says('one', 'a\nb\nc\nd\n'), says('two', 'x')], [says('three', 'y')]);
    assert.equal(passed, true);
    assert.deepEqual(told, ['passed: one (n s)\n  b\n  c\n  d', 'passed: three (n s)\n  y', 'passed: two (n s)\n  x']);
  });

  test('are told in full where they have failed, and keep the next stage from beginning', async () => {
    const { passed, told } = await ran([says('one', 'a\nb\nc\nd\n', 3), says('two', 'x')], [says('three', 'y')]);
    assert.equal(passed, false);
    assert.deepEqual(told, ['FAILED: one (n s)\n  a\n  b\n  c\n  d', 'passed: two (n s)\n  x']);
  });

  test('that run tests are told by the tests that have failed', async () => {
    const { told } = await ran([says('unit', 'ok one\nnot ok two\n✖ failing tests:\nnot ok two\n', 1)]);
    assert.deepEqual(told, ['FAILED: unit (n s)\n  ✖ failing tests:\n  not ok two']);
  });

  test('that cannot be started have failed', async () => {
    const { passed } = await ran([{ name: 'none', command: ['/no/such/program.mjs'] }]);
    assert.equal(passed, false);
  });
});

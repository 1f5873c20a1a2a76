import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { passesAll, type Step } from './steps.ts';

const says = (name: string, words: string, code = 0): Step => ({
  name,
  command: ['-e', `process.stdout.write(${JSON.stringify(words)}); process.exitCode = ${code}`],
});

async function ran(...stages: Step[][]) {
  const printed: string[] = [];
  const passed = await passesAll(stages, (text) => void printed.push(text));
  return { passed, printed: printed.sort().map((text) => text.replace(/\(\d+ s\)/, '(n s)')) };
}

describe('the steps of a gate', () => {
  test('that passed print their last lines', async () => {
    const { passed, printed } = await ran([says('one', 'a\nb\nc\nd\n'), says('two', 'x')], [says('three', 'y')]);
    assert.equal(passed, true);
    assert.deepEqual(printed, [
      'passed: one (n s)\n  b\n  c\n  d',
      'passed: three (n s)\n  y',
      'passed: two (n s)\n  x',
    ]);
  });

  test('that failed print everything, and no further stage starts', async () => {
    const { passed, printed } = await ran([says('one', 'a\nb\nc\nd\n', 3), says('two', 'x')], [says('three', 'y')]);
    assert.equal(passed, false);
    assert.deepEqual(printed, ['FAILED: one (n s)\n  a\n  b\n  c\n  d', 'passed: two (n s)\n  x']);
  });

  test('that run tests print only the failed tests', async () => {
    const { printed } = await ran([says('unit', 'ok one\nnot ok two\n✖ failing tests:\nnot ok two\n', 1)]);
    assert.deepEqual(printed, ['FAILED: unit (n s)\n  ✖ failing tests:\n  not ok two']);
  });

  test('that cannot be started fail', async () => {
    const { passed } = await ran([{ name: 'none', command: ['/no/such/program.mjs'] }]);
    assert.equal(passed, false);
  });
});

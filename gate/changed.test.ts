import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirementsIn, type Tree, testsFor } from './changed.ts';

const tree: Tree = {
  files: ['a/one.ts', 'a/one.test.ts', 'a/two.ts', 'a/two.test.ts', 'e2e/whole.test.ts', 'spec/page.yaml'],
  imports: [
    { from: 'a/one.test.ts', to: 'a/one.ts' },
    { from: 'a/two.ts', to: 'a/one.ts' },
    { from: 'a/two.test.ts', to: 'a/two.ts' },
    { from: 'e2e/whole.test.ts', to: 'a/one.ts' },
  ],
  textOf: (file) => (file === 'a/two.test.ts' ? "read('spec/page.yaml')" : ''),
};

const cases: ReadonlyArray<readonly [what: string, changed: readonly string[], tests: readonly string[]]> = [
  ['nothing', [], []],
  ['a module, by the test that imports it', ['a/one.ts'], ['a/one.test.ts']],
  ['a test, by itself', ['a/two.test.ts'], ['a/two.test.ts']],
  ['a test of a whole program, by itself', ['e2e/whole.test.ts'], ['e2e/whole.test.ts']],
  ['a document, by the test that names it', ['spec/page.yaml'], ['a/two.test.ts']],
  ['a removed module', ['a/gone.ts'], []],
];
for (const [what, changed, tests] of cases)
  test(`${what}: ${tests.join(', ') || 'no test'}`, () => {
    assert.deepEqual(testsFor(changed, tree), tests);
  });

test('requirements are found by their whole ids', () => {
  const lines = "breaks: ['list.page-full'], // list.page\n- id: list.order.\nlist.page-fuller";
  assert.deepEqual(requirementsIn(lines, ['list.page-full', 'list.page', 'list.order', 'list.query']), [
    'list.page-full',
    'list.page',
    'list.order',
  ]);
});

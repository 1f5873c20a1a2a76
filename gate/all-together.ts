import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { testFiles } from './apart.ts';

/** Runs all tests that can share a process in this one; `unit.ts` starts it. */

let begin = () => {};
const loaded = new Promise<void>((resolve) => {
  begin = resolve;
});
// Otherwise hooks after all tests would run as soon as the tests of the first file have finished.
test('all test files are loaded before the first test starts', () => loaded);
for (const path of testFiles().together) await import(pathToFileURL(path).href);
begin();

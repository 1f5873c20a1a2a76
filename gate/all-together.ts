import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { testFiles } from './apart.ts';

/** Every test that needs no process of its own, in this one; `unit.ts` starts it. */

let begin = () => {};
const loaded = new Promise<void>((resolve) => {
  begin = resolve;
});
// Otherwise what is to be done after all tests would be done as soon as those of the first file are over.
test('every test file is loaded before the first test begins', () => loaded);
for (const path of testFiles().together) await import(pathToFileURL(path).href);
begin();

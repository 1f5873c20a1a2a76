import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { object, ROOT } from '../harness/fixtures.ts';

/** What `npm ci` would warn about: install scripts without a decision, and deprecated packages. */

const read = (name: string) => object(JSON.parse(readFileSync(join(ROOT, name), 'utf8')));
const { allowScripts } = read('package.json');
const packages = Object.entries(object(read('package-lock.json').packages)).map(([path, entry]) => ({
  name: path.split('node_modules/').at(-1) ?? '',
  entry: object(entry),
}));

test('no package has an install script that is neither allowed nor denied', () => {
  const scripted = packages.filter(({ entry }) => entry.hasInstallScript === true).map(({ name }) => name);
  assert.ok(scripted.includes('esbuild'));
  assert.deepEqual(
    scripted.filter((name) => !Object.hasOwn(object(allowScripts), name)),
    [],
  );
});

test('no package is deprecated', () => {
  const deprecated = packages.filter(({ entry }) => entry.deprecated !== undefined).map(({ name }) => name);
  assert.ok(packages.length > 100);
  assert.deepEqual(deprecated, []);
});

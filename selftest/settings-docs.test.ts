import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SETTING_NAMES } from '../harness/setting-names.ts';

const sorted = (names: Iterable<string>) => [...names].sort();

test('.env.example shows every setting, and no other', () => {
  const shown = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
  assert.deepEqual(sorted(shown), sorted(SETTING_NAMES));
});

test('README has a row for every setting, and for no other', () => {
  const table = readFileSync('README.md', 'utf8').split('| setting |')[1]?.split('\n\n')[0] ?? '';
  const shown = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) =>
    [...(cell ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name ?? ''),
  );
  assert.deepEqual(sorted(new Set(shown)), sorted(SETTING_NAMES));
});

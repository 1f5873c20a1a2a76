import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contract, ROOT } from '../harness/fixtures.ts';
import { readSettings } from '../harness/run/settings.ts';
import { foretell, remedy } from './foretold.ts';

/** The figures in the examples of the documentation: those of a run that only reads. `UPDATE_DOCS=1` writes them. */

const PAGES = ['README.md', 'docs/first-run.md', 'docs/auditors.md'];
const TOKENS_LIVE_MS = 1_800_000;

const outcome = readSettings({
  BASE_URL: 'https://sandbox.example.com',
  CLIENT_ID: '5f1c7f0e-6d1b-4a55-9a53-3f0f3a9c2b10',
  CLIENT_SECRET: 'none',
});
assert.ok('settings' in outcome);
const foretold = await foretell(contract, outcome.settings, TOKENS_LIVE_MS);

function withFigures(text: string): string {
  assert.ok(foretold !== undefined);
  const { judged, of, left } = foretold;
  return left.reduce(
    (told, { exclusion, promises }) =>
      told.replace(new RegExp(`\\d+(?= are left out; to test them, ${remedy(exclusion, undefined)})`), `${promises}`),
    text
      .replaceAll(/\d+ of \d+(?= promises)/g, `${judged} of ${of}`)
      .replaceAll(/\d+(?= promises\. The words)/g, `${judged}`),
  );
}

for (const page of PAGES)
  test(`${page} has the figures of today`, () => {
    const path = join(ROOT, page);
    const text = readFileSync(path, 'utf8');
    assert.match(text, /\d+ of \d+ promises/);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(path, withFigures(text));
    assert.equal(readFileSync(path, 'utf8'), withFigures(text), 'UPDATE_DOCS=1 npm run unit writes it');
  });

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contract, ROOT } from '../harness/fixtures.ts';
import { promisesPage } from './promises.ts';

const PATH = join(ROOT, 'docs/promises.md');
const page = promisesPage(contract);

test('docs/promises.md is in step with the contract, the cases and the faults', () => {
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PATH, page);
  const [found, wanted] = [readFileSync(PATH, 'utf8'), page].map((text) => text.split('\n'));
  const differing = wanted?.findIndex((line, index) => line !== found?.[index]) ?? 0;
  assert.ok(
    found?.length === wanted?.length && differing < 0,
    `UPDATE_DOCS=1 npm run unit writes it; the first difference is in line ${differing + 1}: ${wanted?.[differing]}`,
  );
});

test('every promise is on the page, once', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| (?:MUST|SHOULD) \|/gm)].map((match) => match[1]);
  assert.deepEqual(rows.toSorted(), [...contract.requirements.keys()].toSorted());
});

test('each line of the contents leads to a heading', () => {
  const anchors = [...page.matchAll(/^\| \[[^\]]+\]\(#([^)]+)\)/gm)].map((match) => match[1]);
  const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) =>
    match[1]
      ?.toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  assert.ok(anchors.length > 5);
  assert.deepEqual([...anchors, 'cases'], headings);
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { versionsOf } from '../harness/contract/versions.ts';
import { contract, DOCUMENT, ROOT } from '../harness/fixtures.ts';
import { promisesPage } from './promises.ts';

const PATH = join(ROOT, 'docs/promises.md');
const [, ...later] = await Promise.all(versionsOf(DOCUMENT).map((version) => readContract(DOCUMENT, version)));
const page = promisesPage([contract, ...later]);
const [own = '', ...versions] = page.split('\n## Cases\n')[0]?.split(/\n(?=## Version )/) ?? [];

test('docs/promises.md is in step with the contract, the cases and the faults', () => {
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PATH, page);
  const [found, wanted] = [readFileSync(PATH, 'utf8'), page].map((text) => text.split('\n'));
  const differing = wanted?.findIndex((line, index) => line !== found?.[index]) ?? 0;
  assert.ok(
    found?.length === wanted?.length && differing < 0,
    `UPDATE_DOCS=1 npm run unit writes it; the first difference is in line ${differing + 1}: ${wanted?.[differing]}`,
  );
});

/** The ids and levels of the rows. */
const rowsOf = (text: string) =>
  [...text.matchAll(/^\| `([^`]+)` \| ((?:MUST|SHOULD)[^|]*) \|/gm)].map(([, id = '', level = '']) => ({ id, level }));

test('every promise is on the page, once', () => {
  assert.deepEqual(
    rowsOf(own)
      .map(({ id }) => id)
      .toSorted(),
    [...contract.requirements.keys()].toSorted(),
  );
});

test('every promise that a later version makes is shown there with the version', () => {
  assert.equal(versions.length, later.length);
  for (const [index, version] of later.entries()) {
    const before = later[index - 1] ?? contract;
    const made = [...version.requirements.keys()].filter((id) => !before.requirements.has(id));
    const rows = rowsOf(versions[index] ?? '');
    for (const id of made) {
      const [found, ...more] = rows.filter((row) => row.id === id);
      assert.deepEqual(more, [], id);
      assert.match(found?.level ?? '', new RegExp(`^\\w+ since ${version.vendorVersion}`), id);
    }
  }
});

test('what a later version lifts is named there, and where it was promised', () => {
  assert.match(versions.find((text) => text.startsWith('## Version 1.150')) ?? '', /^Lifted: .*`list\.limit-zero`/m);
  assert.equal(rowsOf(own).find(({ id }) => id === 'list.limit-zero')?.level, 'MUST until 1.150');
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

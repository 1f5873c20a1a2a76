import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { isObject } from './document.ts';
import { readContract } from './index.ts';
import { historiesOf, historyText } from './promise-history.ts';
import { versionsOf } from './versions.ts';

/** Compares the requirements of every version with those promised before. */

const DOCUMENT = 'spec/account-groups.openapi.yaml';
const LOCK = 'spec/requirements.lock.json';
const CHANGELOG = 'spec/CHANGELOG.md';
const RENEW = 'UPDATE_LOCK=1 npx tsx --test harness/contract/lock.test.ts';

const contract = await readContract(DOCUMENT);
const contracts = await Promise.all(versionsOf(DOCUMENT).map((version) => readContract(DOCUMENT, version)));
const histories = historiesOf(contracts);

/** The levels of each promise by version, such as `MUST since 1.18`, by id. */
type Levels = Readonly<Record<string, string>>;

const sorted = (levels: Levels): Levels =>
  Object.fromEntries(Object.entries(levels).sort(([left], [right]) => (left < right ? -1 : 1)));

/** The differences between the lock and the contract. */
function differences(locked: Levels, current: Levels) {
  return {
    added: Object.keys(current).filter((id) => !(id in locked)),
    removed: Object.keys(locked).filter((id) => !(id in current)),
    relevelled: Object.keys(locked).filter((id) => id in current && current[id] !== locked[id]),
  };
}

/** The newest section of the changelog. Removals and changes have to be named there, in backticks. */
const newest = (changelog: string) => changelog.split(/^## /m)[1] ?? '';
const announcedIn = (changelog: string) => {
  const section = newest(changelog);
  return (id: string) => section.includes(`\`${id}\``);
};

/** The lock after an update. Unannounced removals and changes are not taken over, so that the test stays red. */
function renewed(locked: Levels, current: Levels, announced: (id: string) => boolean): Levels {
  const { removed, relevelled } = differences(locked, current);
  const kept = [...removed, ...relevelled].filter((id) => !announced(id)).map((id) => [id, locked[id] ?? ''] as const);
  return sorted({ ...current, ...Object.fromEntries(kept) });
}

function readLevels(path: string): Levels {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(isObject(value), `${path} is not an object`);
  return Object.fromEntries(Object.entries(value).map(([id, level]) => [id, String(level)]));
}

describe('the lock of requirement ids', () => {
  const current = sorted(Object.fromEntries([...histories].map(([id, spans]) => [id, historyText(spans)])));
  const changelog = readFileSync(CHANGELOG, 'utf8');
  const announced = announcedIn(changelog);
  if (process.env.UPDATE_LOCK === '1')
    writeFileSync(LOCK, `${JSON.stringify(renewed(readLevels(LOCK), current, announced), null, 2)}\n`);
  const locked = readLevels(LOCK);
  const { added, removed, relevelled } = differences(locked, current);

  test('holds every requirement of every version', () => {
    for (const { requirements, vendorVersion } of contracts)
      assert.deepEqual(
        [...requirements.keys()].filter((id) => !(id in locked)),
        [],
        vendorVersion,
      );
    assert.deepEqual(added, [], `new, and not in ${LOCK} yet; add them with ${RENEW}`);
  });

  const unannounced = `name the id in backticks in the newest section of ${CHANGELOG}, then ${RENEW}`;
  test('loses no requirement unannounced', () => {
    assert.deepEqual(removed, [], `gone from every version; ${unannounced}`);
  });
  test('changes no level in any version unannounced', () => {
    assert.deepEqual(relevelled, [], `of another level or other versions than in ${LOCK}; ${unannounced}`);
  });

  test('is sorted', () => {
    assert.deepEqual(Object.keys(locked), Object.keys(sorted(locked)));
  });

  test('the changelog starts with this version of the contract', () => {
    assert.equal(newest(changelog).split('\n')[0]?.split(' ')[0], contract.version);
  });

  describe('an update', () => {
    const before = { 'a.kept': 'MUST', 'a.second': 'MUST' };
    const cases: ReadonlyArray<readonly [what: string, current: Levels, words: string, after: Levels]> = [
      ['adds what is new', { ...before, 'a.new': 'SHOULD' }, '', { ...before, 'a.new': 'SHOULD' }],
      ['keeps what went without a word', { 'a.kept': 'MUST' }, '', before],
      ['keeps a level that changed without a word', { ...before, 'a.kept': 'SHOULD' }, '', before],
      ['drops what the changelog names', { 'a.kept': 'MUST' }, '`a.second` goes', { 'a.kept': 'MUST' }],
      [
        'takes a level that the changelog names',
        { ...before, 'a.kept': 'SHOULD' },
        '`a.kept`',
        { ...before, 'a.kept': 'SHOULD' },
      ],
      ['keeps what a version lifts without a word', { ...before, 'a.kept': 'MUST until 1.91' }, '', before],
      ['minds the whole id', { 'a.kept': 'MUST' }, '`a.second-conflict` goes', before],
      ['minds the newest section only', { 'a.kept': 'MUST' }, 'nothing\n\n## 0.9.0\n\n`a.second` goes', before],
    ];
    for (const [what, now, words, after] of cases)
      test(what, () =>
        assert.deepEqual(renewed(before, now, announcedIn(`# Changes\n\n## 1.0.0\n\n${words}\n`)), after),
      );
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Contract } from './index.ts';
import { readContract } from './index.ts';
import type { Level } from './operations.ts';
import { historiesOf, historyText, readHistory, spanAt } from './promise-history.ts';
import { SEED } from './versions.ts';

const base = await readContract('spec/account-groups.openapi.yaml');
const [any] = base.requirements.values();

/** A version with some promises, of which only the levels matter here. */
function version(vendorVersion: string, levels: Readonly<Record<string, Level>>): Contract {
  assert.ok(any);
  const requirements = new Map(Object.entries(levels).map(([id, level]) => [id, { ...any, id, level }]));
  return { ...base, vendorVersion, requirements };
}

const VERSIONS = [
  version(SEED, { 'a.always': 'MUST', 'a.lifted': 'MUST', 'a.again': 'SHOULD' }),
  version('1.9', { 'a.always': 'MUST', 'a.lifted': 'MUST', 'a.raised': 'SHOULD' }),
  version('1.18', { 'a.always': 'MUST', 'a.raised': 'MUST', 'a.again': 'SHOULD' }),
];
const HISTORIES = historiesOf(VERSIONS);

describe('the history of a promise', () => {
  const rows: ReadonlyArray<readonly [id: string, text: string]> = [
    ['a.always', 'MUST'],
    ['a.lifted', 'MUST until 1.18'],
    ['a.raised', 'SHOULD since 1.9 until 1.18, MUST since 1.18'],
    ['a.again', 'SHOULD until 1.9, SHOULD since 1.18'],
  ];
  for (const [id, text] of rows)
    test(`${id}: ${text}`, () => {
      const spans = HISTORIES.get(id) ?? [];
      assert.equal(historyText(spans), text);
      assert.deepEqual(readHistory(text), spans);
    });

  test('has every promise of any version', () => {
    assert.deepEqual([...HISTORIES.keys()].sort(), rows.map(([id]) => id).sort());
  });

  for (const text of ['', 'MAY', 'MUST since seed', 'MUST since 1.18 and more', 'MUST,SHOULD'])
    test(`cannot be read from ${JSON.stringify(text)}`, () => assert.throws(() => readHistory(text), TypeError));
});

describe('the span of a promise in a version', () => {
  const rows: ReadonlyArray<readonly [id: string, level: Level, version: string, span: string | undefined]> = [
    ['a.always', 'MUST', '1.18', 'MUST'],
    ['a.lifted', 'MUST', SEED, 'MUST until 1.18'],
    ['a.lifted', 'MUST', '1.18', undefined],
    ['a.raised', 'SHOULD', '1.9', 'SHOULD since 1.9 until 1.18'],
    ['a.raised', 'MUST', '1.18', 'MUST since 1.18'],
    ['a.raised', 'MUST', '1.9', undefined],
    ['a.again', 'SHOULD', '1.100', 'SHOULD since 1.18'],
    ['a.unknown', 'MUST', '1.18', undefined],
  ];
  for (const [id, level, at, text] of rows)
    test(`${level} ${id} in ${at}`, () => {
      const span = spanAt(HISTORIES, { id, level }, at);
      assert.equal(span && historyText([span]), text);
    });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contract, file } from '../harness/fixtures.ts';
import { allCases } from './cases/index.ts';
import { casesOf } from './own-cases.ts';

const written = (name: string, fields: string) =>
  file(name, `export default () => [{ id: 'own', area: 'listing', title: 't', writes: false, run() {}, ${fields} }];`);

describe("cases of a team's own", () => {
  test('come after those of the suite, and are marked', async () => {
    const cases = await casesOf(contract, [written('own.mjs', "covers: ['list.allowed']")]);
    assert.deepEqual(
      cases.slice(0, -1).map(({ id }) => id),
      allCases(contract).map(({ id }) => id),
    );
    const { id, own, known } = cases.at(-1) ?? {};
    assert.deepEqual([id, own, known?.has('list.allowed')], ['own', true, true]);
    assert.ok(cases.slice(0, -1).every((one) => one.own === undefined));
  });

  for (const [index, [what, fields, words]] of (
    [
      [
        'covers what is not promised',
        "covers: ['no.such']",
        /own-\d\.mjs: case own: the contract does not promise no\.such/,
      ],
      ['covers nothing', 'covers: []', /case own: it covers nothing/],
      ['is of no area', "covers: ['list.allowed'], area: 'x'", /case own: there is no area x/],
      ['has an id of the suite', "covers: ['list.allowed'], id: 'list.pages'", /case list\.pages: its id is taken/],
      [
        'says nothing about writing',
        "covers: ['list.allowed'], writes: undefined",
        /default export has to be a function/,
      ],
    ] as const
  ).entries())
    test(`one that ${what} is refused`, async () => {
      const path = written(`own-${index}.mjs`, fields);
      await assert.rejects(casesOf(contract, [path]), { name: 'UnusableCases', message: words });
    });

  test('in a module that cannot be loaded are refused', async () => {
    const path = file('broken.cjs', 'export default 1;');
    await assert.rejects(casesOf(contract, [path]), {
      name: 'UnusableCases',
      message: /broken\.cjs, which has to be an ES module/,
    });
  });
});

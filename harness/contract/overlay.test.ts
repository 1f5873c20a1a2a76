import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { select } from './json-path.ts';
import { applyOverlay, readOverlay } from './overlay.ts';

const DOCUMENT = {
  info: { title: 'Before', 'x-list': ['a', 'b'] },
  paths: {
    '/one': {
      get: {
        tags: ['x'],
        list: [
          { id: 'p', level: 1 },
          { id: "q's", level: 2 },
        ],
      },
    },
  },
};

describe('a JSONPath query', () => {
  const selected: ReadonlyArray<readonly [query: string, values: readonly unknown[]]> = [
    ['$', [DOCUMENT]],
    ['$.info.title', ['Before']],
    [`$['info']["title"]`.replaceAll('"', "'"), ['Before']],
    [`$.paths['/one'].get.tags[0]`, ['x']],
    [`$.info['x-list'][-1]`, ['b']],
    [`$.info['x-list'][*]`, ['a', 'b']],
    [`$.info['x-list'][?@ == 'b']`, ['b']],
    [`$.paths.*.get.list[?@.id == 'p'].level`, [1]],
    [`$.paths['/one'].get.list[?@['id'] == 'q\\'s'].level`, [2]],
    [`$.info['title', 'x-list']`, ['Before', ['a', 'b']]],
    ['$.nothing', []],
    ['$.info[0]', []],
    [`$.info['x-list'][7]`, []],
  ];
  for (const [query, values] of selected)
    test(`${query} selects ${values.length}`, () => {
      assert.deepEqual(
        select(DOCUMENT, query).map(({ value }) => value),
        values,
      );
    });

  for (const query of ['info', '$info', '$..title', '$.info[', '$.a-b', '$.list[?@.level > 1]'])
    test(`${query} is refused`, () => assert.throws(() => select(DOCUMENT, query), SyntaxError));
});

const overlay = (actions: readonly unknown[]) =>
  readOverlay('test.yaml', JSON.stringify({ overlay: '1.0.0', info: { title: 'T', version: '1' }, actions }));
const applied = (...actions: readonly unknown[]) => applyOverlay(DOCUMENT, overlay(actions));

describe('an overlay', () => {
  test('merges objects, replaces values, and appends to lists', () => {
    const update = { title: 'After', 'x-list': ['c'], more: { deep: true } };
    assert.deepEqual(applied({ target: '$', update: { info: update } }), {
      ...DOCUMENT,
      info: { title: 'After', 'x-list': ['a', 'b', 'c'], more: { deep: true } },
    });
  });

  test('appends one item to a selected list', () => {
    assert.deepEqual(select(applied({ target: `$.info['x-list']`, update: 'c' }), `$.info['x-list']`)[0]?.value, [
      'a',
      'b',
      'c',
    ]);
  });

  test('removes any number of members and items', () => {
    assert.deepEqual(
      select(applied({ target: `$.info['x-list'][*]`, remove: true }), `$.info['x-list']`)[0]?.value,
      [],
    );
    assert.deepEqual(applied({ target: '$.info.title', remove: true }), {
      ...DOCUMENT,
      info: { 'x-list': ['a', 'b'] },
    });
  });

  test('applies its actions in order', () => {
    const replaced = applied(
      { target: `$.info['x-list']`, remove: true },
      { target: '$.info', update: { 'x-list': ['z'] } },
    );
    assert.deepEqual(
      select(replaced, `$.info['x-list'][*]`).map(({ value }) => value),
      ['z'],
    );
  });

  test('does not change the original document', () => {
    const before = structuredClone(DOCUMENT);
    applied({ target: '$.paths.*.get.list[*]', update: { level: 9 } });
    assert.deepEqual(DOCUMENT, before);
  });

  const unusable: ReadonlyArray<readonly [what: string, action: unknown, message: RegExp]> = [
    ['that selects nothing', { target: '$.nowhere', remove: true }, /#\/actions\/0 {2}\$\.nowhere selects nothing/],
    ['that cannot be read', { target: '$..info', remove: true }, /cannot be read from \.\.info on/],
    ['that would remove the root', { target: '$', remove: true }, /cannot be removed/],
    ['that merges a text into an object', { target: '$.info', update: 'x' }, /is an object/],
    ['without a target', { remove: true }, /#\/actions\/0\/target {2}must be a string/],
    ['that neither changes nor removes', { target: '$' }, /needs either update or remove/],
    ['that does both', { target: '$', update: {}, remove: true }, /needs either update or remove/],
    ['with a misspelt member', { target: '$', update: {}, desciption: 'x' }, /desciption {2}is unknown/],
  ];
  for (const [what, action, message] of unusable)
    test(`refuses an action ${what}`, () => assert.throws(() => applied(action), message));

  test('refuses what is not an overlay', () => {
    assert.throws(() => readOverlay('test.yaml', '[]'), /is not an overlay/);
    assert.throws(() => readOverlay('test.yaml', 'overlay: 2.0.0'), /must be 1\.0\.0[\s\S]*title[\s\S]*actions/);
  });
});

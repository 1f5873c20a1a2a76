import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeOf, mutated, mutationsOf } from './mutations.ts';

const all = (text: string) => mutationsOf(text).map((mutation) => mutated(text, mutation));

describe('mutations', () => {
  test('change one operator at a time', () => {
    assert.deepEqual(all('if (a === b && !c) d();'), [
      'if (a !== b && !c) d();',
      'if (a === b || !c) d();',
      'if (a === b && c) d();',
    ]);
    assert.deepEqual(all('x = a <= b;'), ['x = a < b;']);
    assert.deepEqual(all('x = a > b;'), ['x = a >= b;']);
  });

  test('negate conditions, empty lists and remove findings', () => {
    assert.deepEqual(all('x = list.some(odd);'), ['x = list.every(odd);']);
    assert.deepEqual(all('x = list.filter(odd);'), ['x = list.slice(0, 0).filter(odd);']);
    assert.deepEqual(all('  api.report(f(a), b);\n'), ['  ;\n']);
    assert.deepEqual(all('return false;'), ['return true;']);
  });

  test('do not change strings, comments, patterns, types or arrows', () => {
    for (const text of [
      "x = 'a === b';",
      '// a === b',
      '/* a && b */',
      'x = /a && b/.exec(c);',
      'type A = B | true;',
      'x = (a: string | false) => a;',
      "import { a } from 'b';",
    ])
      assert.deepEqual(all(text), [], text);
  });

  test('know their lines', () => {
    assert.deepEqual(
      mutationsOf('a;\nb = c !== d;\n').map(({ line, from, to }) => [line, from, to]),
      [[2, '!==', '===']],
    );
    assert.equal(codeOf("a 'b' c").length, "a 'b' c".length);
  });
});

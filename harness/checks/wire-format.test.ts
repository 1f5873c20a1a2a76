import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeBody } from '../exchange.ts';
import { broken, exchange, judgedIn } from '../fixtures.ts';
import { repeatedName } from '../json-names.ts';
import { judgeWire } from './wire-format.ts';

const MARK = '\uFEFF';

describe('headers with a single value', () => {
  const repeated = (name: string, ...values: string[]) => {
    const made = exchange();
    const others = made.response.headers.filter(([key]) => key !== name);
    const headers = [...others, ...values.map((value) => [name, value] as const)];
    return broken(judgeWire({ ...made, response: { ...made.response, headers } }));
  };
  for (const [name, value] of [
    ['content-type', 'application/json'],
    ['upvest-request-id', '169ae4c7-ebd7-4041-94da-25369653eba7'],
    ['date', 'Thu, 01 Jan 2026 00:00:00 GMT'],
    ['location', '/a'],
    ['retry-after', '1'],
  ] as const)
    test(`${name} occurs once`, () => {
      assert.deepEqual(repeated(name, value), []);
      assert.deepEqual(repeated(name, value, value), ['headers.single']);
    });
  test('a list header may have several lines', () => {
    for (const name of ['set-cookie', 'vary', 'cache-control', 'via', 'www-authenticate'])
      assert.deepEqual(repeated(name, 'a', 'b'), [], name);
  });
  test('two values that a proxy joined are two', () => {
    assert.deepEqual(repeated('upvest-request-id', 'a, b'), ['headers.single']);
    assert.deepEqual(repeated('date', 'Thu, 01 Jan 2026 00:00:00 GMT'), []);
  });
});

describe('parameters of a content type', () => {
  const types: ReadonlyArray<readonly [type: string, kept: boolean]> = [
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['application/json;charset=UTF-8', true],
    ['application/json ; charset="utf-8" ;', true],
    ['application/problem+json; profile="https://a/b;c"; charset=utf-8', true],
    ['application/json; charset=iso-8859-1', false],
    ['application/json; charset="utf-16"', false],
    ['application/json; charset=', false],
    ['application/json; charset = utf-8', false],
    ['application/json; utf-8', false],
    ['application/json; charset=utf-8; Charset=utf-8', false],
  ];
  for (const [type, kept] of types)
    test(`${type}: ${kept ? 'kept' : 'broken'}`, () => {
      assert.deepEqual(
        broken(judgeWire(exchange({ headers: { 'content-type': type } }))),
        kept ? [] : ['content-type.parameters'],
      );
    });
  test('are not judged without a content type', () => {
    assert.deepEqual(judgedIn(judgeWire(exchange({ headers: { 'content-type': '' } }))), ['headers.single']);
  });
});

describe('bodies in JSON', () => {
  const judge = (text: string) => {
    const made = exchange();
    const { text: body, json } = decodeBody({ body: new TextEncoder().encode(text) });
    return broken(judgeWire({ ...made, response: { ...made.response, body, json } }));
  };
  test('a byte order mark is reported, and skipped by the parser', () => {
    const { json } = decodeBody({ body: new TextEncoder().encode(`${MARK}{"a":1}`) });
    assert.deepEqual(json?.value, { a: 1 });
    assert.deepEqual(judge(`${MARK}{"a":1}`), ['json.no-byte-order-mark']);
    assert.deepEqual(judge('{"a":1}'), []);
  });
  test('a byte order mark inside a string is a character', () => {
    assert.deepEqual(judge(`{"a":"${MARK}"}`), []);
  });
  test('a repeated name is reported', () => {
    assert.deepEqual(judge('{"a":1,"a":2}'), ['json.unique-names']);
  });

  const texts: ReadonlyArray<readonly [text: string, repeated: string | undefined]> = [
    ['{}', undefined],
    ['[]', undefined],
    ['"a"', undefined],
    ['{"a":{"a":{"a":1}}}', undefined],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":"a","b":"a"}', undefined],
    ['{"a":["a","a",{"a":"a"}],"b":1}', undefined],
    ['{"a":"\\"a\\":1,\\"a\\":2"}', undefined],
    ['{"a":"{","b":"}","c":":"}', undefined],
    ['{"a":1,"A":2}', undefined],
    ['{"":1,"":2}', ''],
    ['{"a":1,"b":{"c":1,"d":2,"c":3}}', 'c'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a\\\\":1,"a":2}', undefined],
    ['{ "a" : 1 , "b" : [ { "x" : 1 } ] , "a" : 2 }', 'a'],
    ['{"__proto__":1,"constructor":2}', undefined],
  ];
  for (const [text, repeated] of texts)
    test(`${text}: ${repeated === undefined ? 'each name once' : JSON.stringify(repeated)}`, () => {
      JSON.parse(text);
      assert.equal(repeatedName(text), repeated);
    });
  test('a long text costs neither stack nor much time', () => {
    const long = 'x'.repeat(900_000);
    assert.equal(repeatedName(JSON.stringify({ a: long, b: '"'.repeat(20_000) })), undefined);
    assert.equal(repeatedName(`{"a":"${long}","a":1}`), 'a');
    assert.equal(repeatedName(`{"a":"${long}${long}","a":1}`), undefined);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contract, group, object, present } from '../fixtures.ts';
import { isDateTime, isUuid } from './formats.ts';
import { brokenBy } from './keywords/broken.ts';
import { keywordsOf } from './keywords/places.ts';

const GROUP = '#/components/schemas/AccountGroup';
const META = '#/components/schemas/ListMeta';
const LIST = '#/components/schemas/AccountGroupList';
const PROBLEM = '#/components/schemas/Problem';
const META_VALUE = { offset: 0, limit: 100, count: 1, total_count: 1 };

function judge(schema: string, value: unknown) {
  return contract.schemas.judge(present(contract.doc.find(schema)), value);
}
const without = (value: object, member: string) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== member));

describe('schemas', () => {
  test('every example of the contract conforms to its schema', () => {
    for (const [name, value] of [
      ['AccountGroup', 'AccountGroup'],
      ['AccountGroupList', 'AccountGroupList'],
      ['CreateAccountGroup', 'CreateAccountGroup'],
      ['EventDelivery', 'EventDelivery'],
      ['Forbidden', 'Problem'],
    ]) {
      const example = contract.doc.find(`#/components/examples/${name}/value`)?.value;
      assert.deepEqual(judge(`#/components/schemas/${value}`, example).violations, [], name);
    }
  });

  const wrong: ReadonlyArray<
    readonly [what: string, schema: string, value: unknown, keywords: readonly string[], at: string]
  > = [
    ['a number for text', GROUP, group({ status: 5 }), [`${GROUP}/properties/status/type`], '/status'],
    ['null for text', GROUP, group({ created_at: null }), [`${GROUP}/properties/created_at/type`], '/created_at'],
    [
      'text for a whole number',
      META,
      { ...META_VALUE, count: '1' },
      ['#/components/schemas/ListMeta/properties/count/type'],
      '/count',
    ],
    ['a fraction', META, { ...META_VALUE, count: 1.5 }, [`${META}/properties/count/type`], '/count'],
    ['a list for an object', GROUP, [], [`${GROUP}/type`], ''],
    ['nothing for an object', GROUP, null, [`${GROUP}/type`], ''],
    ['a word of its own', GROUP, group({ status: 'OPEN' }), [`${GROUP}/properties/status/enum`], '/status'],
    ['another case', GROUP, group({ type: 'personal' }), [`${GROUP}/properties/type/enum`], '/type'],
    [
      'too short a number',
      GROUP,
      group({ securities_account_number: '12345678' }),
      [`${GROUP}/properties/securities_account_number/pattern`],
      '/securities_account_number',
    ],
    [
      'digits of another script',
      GROUP,
      group({ securities_account_number: '١٢٣٤٥٦٧٨٩' }),
      [`${GROUP}/properties/securities_account_number/pattern`],
      '/securities_account_number',
    ],
    [
      'a number and a line break',
      GROUP,
      group({ securities_account_number: '123456789\n' }),
      [`${GROUP}/properties/securities_account_number/pattern`],
      '/securities_account_number',
    ],
    ['no id', GROUP, without(group(), 'id'), [`${GROUP}/required/id`], ''],
    [
      'two members less',
      GROUP,
      without(without(group(), 'users'), 'type'),
      [`${GROUP}/required/users`, `${GROUP}/required/type`],
      '',
    ],
    ['a member more', GROUP, group({ tax_id: '1' }), [`${GROUP}/additionalProperties`], ''],
    [
      'a wrong item',
      GROUP,
      group({ users: [{ id: 'x', type: 'OWNER' }] }),
      ['#/components/schemas/AccountGroupUser/properties/id/format'],
      '/users/0/id',
    ],
    [
      'a wrong group in a page',
      LIST,
      { meta: META_VALUE, data: [group(), group({ id: 'x' })] },
      [`${GROUP}/properties/id/format`],
      '/data/1/id',
    ],
    [
      'an impossible day',
      GROUP,
      group({ updated_at: '2026-02-30T00:00:00Z' }),
      [`${GROUP}/properties/updated_at/format`],
      '/updated_at',
    ],
    [
      'a type that is no URI',
      PROBLEM,
      { type: 'not a uri', status: 400 },
      [`${PROBLEM}/properties/type/format`],
      '/type',
    ],
  ];
  for (const [what, schema, value, keywords, at] of wrong)
    test(`${what} violates ${keywords.join(', ')} and nothing else`, () => {
      const { violations, exercised } = judge(schema, value);
      assert.deepEqual(violations.map(({ pointer }) => pointer).sort(), [...keywords].sort());
      for (const violation of violations) {
        assert.equal(violation.at, at);
        assert.match(violation.message, /^body/);
        assert.ok(contract.byPointer.has(violation.pointer), `${violation.pointer} is no requirement`);
        assert.ok(exercised.has(violation.pointer), `${violation.pointer} is violated and was not exercised`);
      }
    });

  test('a wrong type silences the other keywords at its place only', () => {
    const value = { ...group({ securities_account_number: 1, status: 'OPEN' }) };
    assert.deepEqual(
      judge(GROUP, value)
        .violations.map(({ pointer }) => pointer)
        .sort(),
      [`${GROUP}/properties/securities_account_number/type`, `${GROUP}/properties/status/enum`],
    );
  });

  test('keywords that do not apply to a value are not exercised', () => {
    const items = `${GROUP}/properties/id/format`;
    const empty = judge(LIST, { meta: META_VALUE, data: [] }).exercised;
    assert.ok(!empty.has(items));
    assert.ok(empty.has(`${META}/required/count`) && empty.has(`${LIST}/properties/data/type`));
    assert.ok(!empty.has(`${META}/properties/order/enum`));
    assert.ok(judge(LIST, { meta: META_VALUE, data: [group()] }).exercised.has(items));
    const wrongType = judge(GROUP, group({ id: 1 })).exercised;
    assert.ok(!wrongType.has(items) && wrongType.has(`${GROUP}/properties/id/type`));
  });

  test('messages stay short for large values', () => {
    const [violation] = judge(GROUP, group({ status: 'X'.repeat(100_000) })).violations;
    assert.ok(present(violation).message.length < 300);
  });

  test('each invalid value that cases send violates exactly its keyword', () => {
    const schema = present(contract.doc.find('#/components/schemas/CreateAccountGroup'));
    const valid = object(contract.doc.find('#/components/examples/CreateAccountGroup/value')?.value);
    let made = 0;
    for (const keyword of keywordsOf(contract.doc, schema, 'body'))
      for (const body of brokenBy(keyword, valid)) {
        const pointers = contract.schemas.judge(schema, body).violations.map(({ pointer }) => pointer);
        assert.deepEqual(pointers, [keyword.pointer], JSON.stringify(body));
        made++;
      }
    assert.ok(made > 20);
  });
});

describe('formats', () => {
  const dates: ReadonlyArray<readonly [text: string, valid: boolean]> = [
    ['2026-01-31T23:59:59Z', true],
    ['2026-01-31t23:59:59z', true],
    ['2026-01-31T23:59:59.123456789Z', true],
    ['2026-01-31T00:00:00+05:30', true],
    ['2026-01-31T00:00:00-00:00', true],
    ['2016-12-31T23:59:60Z', true],
    ['2024-02-29T00:00:00Z', true],
    ['2000-02-29T00:00:00Z', true],
    ['2023-02-29T00:00:00Z', false],
    ['1900-02-29T00:00:00Z', false],
    ['2026-04-31T00:00:00Z', false],
    ['2026-00-10T00:00:00Z', false],
    ['2026-13-10T00:00:00Z', false],
    ['2026-01-00T00:00:00Z', false],
    ['2026-01-31 23:59:59Z', false],
    ['2026-01-31T23:59:59', false],
    ['2026-01-31T23:59:59+0200', false],
    ['2026-01-31T23:59:59+02', false],
    ['2026-01-31T23:59:59+24:00', false],
    ['2026-01-31T24:00:00Z', false],
    ['2026-01-31T23:60:00Z', false],
    ['2026-01-31T23:59:61Z', false],
    ['2026-01-31T23:59Z', false],
    ['2026-01-31T23:59:59.Z', false],
    ['2026-01-31T23:59:59,5Z', false],
    ['2026-01-31', false],
    ['2026-1-31T23:59:59Z', false],
    [' 2026-01-31T23:59:59Z', false],
    ['2026-01-31T23:59:59Z\n', false],
    ['1769904000', false],
    ['', false],
  ];
  for (const [text, valid] of dates)
    test(`${JSON.stringify(text)} is ${valid ? 'a' : 'no'} date-time`, () => {
      assert.equal(isDateTime(text), valid);
      assert.equal(judge(GROUP, group({ created_at: text })).violations.length === 0, valid);
    });

  const uuids: ReadonlyArray<readonly [text: string, valid: boolean]> = [
    ['413715f2-5401-4b97-8055-034a6b879f8c', true],
    ['413715F2-5401-4B97-8055-034A6B879F8C', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['urn:uuid:413715f2-5401-4b97-8055-034a6b879f8c', false],
    ['{413715f2-5401-4b97-8055-034a6b879f8c}', false],
    ['413715f254014b978055034a6b879f8c', false],
    ['413715f2-5401-4b97-8055-034a6b879f8', false],
    ['413715g2-5401-4b97-8055-034a6b879f8c', false],
    ['413715f2-5401-4b97-8055-034a6b879f8c\n', false],
    ['', false],
  ];
  for (const [text, valid] of uuids)
    test(`${JSON.stringify(text)} is ${valid ? 'a' : 'no'} uuid`, () => {
      assert.equal(isUuid(text), valid);
      assert.equal(judge(GROUP, group({ id: text })).violations.length === 0, valid);
    });
});

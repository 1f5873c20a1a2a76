import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isObject, isTextList, type JsonObject } from './document.ts';
import { readContract } from './index.ts';
import type { Operation } from './operations.ts';

/** Compares the document with what the vendor published, and it is based on. */

const contract = await readContract('spec/account-groups.openapi.yaml');

/** Written by hand from the page, which shows no paths, success codes or parameters. */
describe("the vendor's page that the document is based on", () => {
  const byName = (name: string): Operation => {
    const found = contract.operations.find((operation) => operation.name === name);
    assert.ok(found, `the contract has no operation ${name}`);
    return found;
  };
  const valueAt = (pointer: string): JsonObject => {
    const value = contract.doc.find(pointer)?.value;
    assert.ok(isObject(value), `there is nothing at ${pointer}`);
    return value;
  };

  const READ = ['accounts:read', 'accounts:admin'];
  const WRITE = ['accounts:admin'];
  const OPERATIONS = {
    retrieve: {
      scopes: READ,
      shows: 'AccountGroup',
      errors: ['401', '403', '404', '406', '429', '500', '503'],
    },
    close: { scopes: WRITE, shows: undefined, errors: ['401', '403', '404', '406', '429', '500', '503'] },
    list: { scopes: READ, shows: 'AccountGroupList', errors: ['400', '401', '403', '406', '429', '500', '503'] },
    create: {
      scopes: WRITE,
      shows: 'AccountGroup',
      errors: ['400', '401', '403', '404', '406', '429', '500', '503'],
    },
  };

  test('shows these operations and no others', () => {
    // The page does not show the list of a user.
    const shown = contract.operations.filter(({ isPrimary }) => isPrimary).map(({ name }) => name);
    assert.deepEqual(shown.sort(), Object.keys(OPERATIONS).sort());
    assert.equal(contract.webhooks.length, 1);
  });

  for (const [name, { scopes, shows, errors }] of Object.entries(OPERATIONS))
    describe(name, () => {
      test('names its scopes', () => {
        assert.deepEqual([...new Set(byName(name).security.flat())].sort(), [...scopes].sort());
      });

      test(`succeeds with ${shows ?? 'nothing'}`, () => {
        const bodies = [...byName(name).responses.values()]
          .filter(({ status }) => status.startsWith('2'))
          .map(({ body }) => body && `${body.mediaType} ${body.schema.pointer}`);
        assert.deepEqual(bodies, [shows && `application/json #/components/schemas/${shows}`]);
      });

      for (const status of errors)
        test(`fails with ${status} as a problem`, () => {
          const body = byName(name).responses.get(status)?.body;
          assert.equal(body?.mediaType, 'application/problem+json');
          assert.equal(body.schema.pointer, '#/components/schemas/Problem');
        });

      test('sends upvest-request-id, a UUID, with every answer', () => {
        for (const { pointer, headers } of byName(name).responses.values()) {
          const header = headers.find((candidate) => candidate.name === 'upvest-request-id');
          const schema = header?.schema.value;
          assert.ok(isObject(schema), pointer);
          assert.deepEqual([schema.type, schema.format], ['string', 'uuid'], pointer);
        }
      });
    });

  /**
   * Members with what the page says about them; for those that only occur in an example, it does not say whether they
   * are required.
   */
  type Member = { readonly required?: boolean } & Readonly<Record<string, unknown>>;
  const id = { type: 'string', format: 'uuid' };
  const time = { type: 'string', format: 'date-time' };
  const text = { type: 'string' };
  const number = { type: 'integer' };
  const MEMBERS: Readonly<Record<string, Readonly<Record<string, Member>>>> = {
    AccountGroup: {
      id: { ...id, required: true },
      created_at: { ...time, required: true },
      updated_at: { ...time, required: true },
      users: { type: 'array', required: true },
      status: { ...text, enum: ['PENDING_APPROVAL', 'ACTIVE', 'CLOSING', 'CLOSED', 'LOCKED'], required: true },
      type: { ...text, enum: ['PERSONAL', 'LEGAL_ENTITY'], required: true },
      securities_account_number: { ...text, pattern: '^[0-9]{9}$', required: true },
    },
    AccountGroupUser: { id: text, type: text },
    AccountGroupList: { meta: { type: 'object', required: true }, data: { type: 'array', required: true } },
    ListMeta: { count: number, limit: number, offset: number, order: text, sort: text, total_count: number },
    Problem: {
      type: { ...text, required: true },
      status: { ...number, required: true },
      title: { ...text, required: false },
      detail: { ...text, required: false },
      instance: { ...text, required: false },
      request_id: { ...text, required: false },
    },
    CreateAccountGroup: { type: text, user_id: text },
    AccountGroupEvent: { created_at: text, id: text, object: { type: 'object' }, type: text, webhook_id: text },
  };
  for (const [component, members] of Object.entries(MEMBERS))
    for (const [member, { required, ...keywords }] of Object.entries(members))
      test(`${component} has ${member}`, () => {
        const owner = valueAt(`#/components/schemas/${component}`);
        const schema = valueAt(`#/components/schemas/${component}/properties/${member}`);
        assert.deepEqual(
          Object.fromEntries(Object.keys(keywords).map((keyword) => [keyword, schema[keyword]])),
          keywords,
        );
        if (required !== undefined)
          assert.equal(isTextList(owner.required) && owner.required.includes(member), required, 'required');
      });

  test('items of users and of data are described', () => {
    for (const [pointer, component] of [
      ['AccountGroup/properties/users/items', 'AccountGroupUser'],
      ['AccountGroupList/properties/data/items', 'AccountGroup'],
    ])
      assert.equal(
        contract.doc.find(`#/components/schemas/${pointer}`)?.pointer,
        `#/components/schemas/${String(component)}`,
      );
  });

  const group = {
    created_at: '2020-08-24T14:15:22Z',
    id: '9d95820d-4333-46b6-98de-04ab7512e76f',
    securities_account_number: '123456789',
    status: 'ACTIVE',
    type: 'PERSONAL',
    updated_at: '2020-08-24T14:15:22Z',
    users: [{ id: '413715f2-5401-4b97-8055-034a6b879f8c', type: 'OWNER' }],
  };
  const EXAMPLES: ReadonlyArray<readonly [component: string, what: string, value: unknown]> = [
    ['AccountGroup', 'a group', group],
    [
      'AccountGroupList',
      'a page sorted by id',
      { data: [group], meta: { count: 1, limit: 100, offset: 0, order: 'ASC', sort: 'id', total_count: 1 } },
    ],
    ['CreateAccountGroup', 'a request', { type: 'PERSONAL', user_id: '413715f2-5401-4b97-8055-034a6b879f8c' }],
    [
      'AccountGroupEvent',
      'an event',
      {
        created_at: '2021-07-21T14:10:00.00Z',
        id: '72da9e41-9926-419f-976e-4c8069a04249',
        object: group,
        type: 'ACCOUNT_GROUP.CREATED',
        webhook_id: '9df39835-be87-4243-9018-f2500b39cee6',
      },
    ],
    ...(
      [
        [400, 'bad_request'],
        [401, 'unauthorized'],
        [403, 'forbidden'],
        [404, 'not_found'],
        [406, 'not_acceptable'],
        [429, 'too_many_requests'],
        [500, 'internal_server_error'],
        [503, 'method_not_allowed'],
      ] as const
    ).map(([status, type]) => ['Problem', `a problem ${status}`, { status, type }] as const),
  ];
  for (const [component, what, value] of EXAMPLES)
    test(`its example of ${what} is legal`, () => {
      const schema = contract.doc.find(`#/components/schemas/${component}`);
      assert.ok(schema);
      assert.deepEqual(contract.schemas.judge(schema, value).violations, []);
    });
});

/** What the page omits: paths, success codes and parameters. */
test("the paths, success codes and parameters of the vendor's 1.9.0 document are documented", () => {
  const ALL = ['upvest-client-id', 'upvest-api-version'];
  const shown = contract.operations.map(({ name, method, path, responses, parameters }) => [
    name,
    method,
    path,
    [...responses.keys()].filter((status) => status.startsWith('2')),
    parameters.map((parameter) => parameter.name).sort(),
  ]);
  assert.deepEqual(shown, [
    ['list', 'GET', '/account_groups', ['200'], [...ALL, 'sort', 'order', 'offset', 'limit'].sort()],
    ['create', 'POST', '/account_groups', ['200'], [...ALL, 'idempotency-key'].sort()],
    ['retrieve', 'GET', '/account_groups/{account_group_id}', ['200'], [...ALL, 'account_group_id'].sort()],
    ['close', 'DELETE', '/account_groups/{account_group_id}', ['202'], [...ALL, 'account_group_id'].sort()],
    [
      'user-list',
      'GET',
      '/users/{user_id}/account_groups',
      ['200'],
      [...ALL, 'user_id', 'sort', 'order', 'offset', 'limit'].sort(),
    ],
    // The vendor's Java signer omits the client id.
    ['token', 'POST', '/auth/token', ['200'], ['upvest-api-version']],
  ]);
});

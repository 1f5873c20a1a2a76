import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { isObject, isTextList, type JsonObject, type Node } from './document.ts';
import { readContract } from './index.ts';
import type { Operation } from './operations.ts';
import { historiesOf, historyText } from './promise-history.ts';
import { versionsOf } from './versions.ts';

/** Compares the document with earlier promises, with itself, and with the vendor's page that it is based on. */

const DOCUMENT = 'spec/account-groups.openapi.yaml';
const LOCK = 'spec/requirements.lock.json';
const CHANGELOG = 'spec/CHANGELOG.md';
const LOG = 'spec/curation-log.md';
const RENEW = 'UPDATE_LOCK=1 npx tsx --test harness/contract/lock.test.ts';

const contract = await readContract(DOCUMENT);
const requirements = [...contract.requirements.values()];
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

describe('every requirement', () => {
  const offenders = (isFine: (requirement: (typeof requirements)[number]) => boolean) =>
    requirements.filter((requirement) => !isFine(requirement)).map(({ id }) => id);

  test('has a slug for an id', () => {
    assert.deepEqual(
      offenders(({ id }) => /^[a-z0-9_-]+(\.[A-Za-z0-9_-]+(\[\])?)+$/.test(id)),
      [],
    );
  });

  test('has a statement: one line, under 200 characters, ending with a period', () => {
    assert.deepEqual(
      offenders(({ statement }) => statement === statement.trim() && /^.{10,198}\.$/.test(statement)),
      [],
    );
  });

  test('accepts nothing but status codes or classes', () => {
    assert.deepEqual(
      offenders(({ accepts }) => accepts === undefined || accepts.length > 0),
      [],
    );
    assert.deepEqual(
      offenders(({ accepts = [] }) => accepts.every((status) => /^[1-5](\d\d|XX)$/.test(status))),
      [],
    );
  });
});

test('every x-source of the document is one of the known origins', () => {
  const unknown: string[] = [];
  const visit = (pointer: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (key !== 'x-source') visit(`${pointer}/${key}`, child);
      else if (!/^(seed|upstream-1\.9\.0|curation|RFC \d+( §\d+(\.\d+)*)?)$/.test(String(child)))
        unknown.push(`${pointer}: ${String(child)}`);
    }
  };
  visit('#', contract.doc.root);
  assert.deepEqual(unknown, []);
});

describe('every named example conforms to its schema', () => {
  const accepted = (schema: Node, value: unknown) =>
    assert.ok(
      contract.schemas.accepts(schema, value),
      contract.schemas
        .judge(schema, value)
        .violations.map(({ pointer, message }) => `${pointer}: ${message}`)
        .join('\n'),
    );
  const seen = new Set<string>();
  const used = new Set<string>();
  const visit = (node: Node): void => {
    if (seen.has(node.pointer) || typeof node.value !== 'object' || node.value === null) return;
    seen.add(node.pointer);
    const schema = contract.doc.child(node, 'schema');
    for (const [name, example] of contract.doc.children(contract.doc.child(node, 'examples'))) {
      used.add(example.pointer);
      if (schema !== undefined && isObject(example.value)) {
        const { value } = example.value;
        test(`${node.pointer} ${name}`, () => accepted(schema, value));
      }
    }
    if (schema !== undefined && isObject(node.value) && 'example' in node.value) {
      const { example } = node.value;
      test(`${node.pointer} example`, () => accepted(schema, example));
    }
    for (const [key, child] of contract.doc.children(node)) if (key !== 'examples') visit(child);
  };
  for (const root of ['#/paths', '#/webhooks', '#/components']) {
    const node = contract.doc.find(root);
    if (node !== undefined) visit(node);
  }

  test('every example is in use', () => {
    const all = contract.doc.children(contract.doc.find('#/components/examples')).map(([, { pointer }]) => pointer);
    assert.ok(all.length > 0);
    assert.deepEqual(
      all.filter((pointer) => !used.has(pointer)),
      [],
    );
  });

  test('every body has an example', () => {
    const bodies = [...contract.operations, ...contract.webhooks].flatMap(({ requestBody, responses }) =>
      [requestBody, ...[...responses.values()].map(({ body }) => body)].filter((body) => body !== undefined),
    );
    assert.deepEqual(
      bodies
        .map(({ pointer }) => pointer)
        .filter((pointer) => contract.doc.children(contract.doc.find(`${pointer}/examples`)).length === 0),
      [],
    );
  });
});

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

test('every requirement in the curation log exists in some version', () => {
  const ids = new Set(histories.keys());
  const prefixes = new Set([...ids].map((id) => id.split('.')[0]));
  const named = [...readFileSync(LOG, 'utf8').matchAll(/`([a-z0-9-]+\.[\w.[\]*-]+)`/g)]
    .map(([, id]) => id ?? '')
    .filter((id) => prefixes.has(id.split('.')[0]));
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter((id) =>
      id.endsWith('.*') ? ![...ids].some((known) => known.startsWith(id.slice(0, -1))) : !ids.has(id),
    ),
    [],
  );
});

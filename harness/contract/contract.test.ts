import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { contract, DOCUMENT, file, refusal, variant } from '../fixtures.ts';
import { loadContract } from './index.ts';

const PATH = '#/paths/~1account_groups';
const LIST = `${PATH}/get`;
/** The place of a promise that only the list of all items makes. */
const RETRIEVABLE = 17;
const GROUP = '#/components/schemas/AccountGroup';
const EVENT = '#/webhooks/accountGroupEvent/post';
const EVENT_TYPE = '#/components/schemas/AccountGroupEvent/properties/type';
const PROBLEM = { schema: { $ref: '#/components/schemas/Problem' } };
const REFUSAL = {
  description: 'A refusal.',
  headers: { 'upvest-request-id': { $ref: '#/components/headers/RequestId' } },
  content: { 'application/problem+json': PROBLEM },
};
const NO_HEADERS = { description: 'A refusal.', content: { 'application/problem+json': PROBLEM } };

describe('a usable contract', () => {
  test('is loaded with the path and hash of its document', async () => {
    const loaded = await loadContract(DOCUMENT);
    assert.deepEqual(loaded.operations.map(({ name }) => name).sort(), [
      'close',
      'create',
      'list',
      'retrieve',
      'token',
      'user-list',
    ]);
    assert.equal(loaded.hash, createHash('sha256').update(readFileSync(DOCUMENT)).digest('hex'));
    assert.deepEqual([...loaded.requirements.keys()], [...contract.requirements.keys()]);
    for (const [id, { pointer, statement, source }] of loaded.requirements)
      assert.ok(id !== '' && pointer.startsWith('#/') && /\.$/.test(statement) && source !== '', id);
  });

  test('may be JSON', async () => {
    assert.deepEqual([...(await loadContract(variant({}))).requirements.keys()], [...contract.requirements.keys()]);
  });

  test('says which status may follow another, over any number of steps', () => {
    const moves: ReadonlyArray<readonly [from: string, to: string, legal: boolean]> = [
      ['PENDING_APPROVAL', 'CLOSED', true],
      ['LOCKED', 'ACTIVE', true],
      ['ACTIVE', 'ACTIVE', true],
      ['CLOSED', 'ACTIVE', false],
      ['CLOSING', 'LOCKED', false],
      ['ACTIVE', 'PENDING_APPROVAL', false],
      ['CLOSED', 'A_WORD_OF_ITS_OWN', true],
      ['A_WORD_OF_ITS_OWN', 'ACTIVE', true],
    ];
    for (const [from, to, legal] of moves)
      assert.equal(contract.resource.life.mayBecome(from, to), legal, `${from} to ${to}`);
  });
});

describe('an unusable document is refused', () => {
  const unreadable: ReadonlyArray<readonly [name: string, text: string]> = [
    ['broken.yaml', 'openapi: 3.1.0\n  info: [unclosed'],
    ['twice.yaml', 'openapi: 3.1.0\nopenapi: 3.1.0\n'],
    ['empty.yaml', ''],
    ['broken.json', '{"openapi": "3.1.0",'],
    ['other.yaml', 'hello: world\n'],
    ['incomplete.yaml', 'openapi: 3.1.0\ninfo: { title: No version }\npaths: {}\n'],
  ];
  for (const [name, text] of unreadable)
    test(name, async () => {
      const path = file(name, text);
      const { message, problems } = await refusal(path);
      assert.ok(message.startsWith(`${path} is not a usable contract:\n`), message);
      assert.ok(problems.length > 0 && problems.every(({ pointer }) => pointer.startsWith('#')));
    });

  test('a missing file', async () => {
    assert.match(
      (await refusal('no/such/contract.yaml')).message,
      /^no\/such\/contract\.yaml is not usable|ENOENT|open/,
    );
  });

  test('an unresolvable reference', async () => {
    const path = variant({ [`${GROUP}/properties/users/items`]: { $ref: '#/components/schemas/Nobody' } });
    assert.match((await refusal(path)).message, /Nobody/);
  });

  const rules: ReadonlyArray<
    readonly [rule: string, edits: Readonly<Record<string, unknown>>, pointer: string, says: RegExp]
  > = [
    [
      'an error response that is not problem+json',
      { [`${LIST}/responses/418`]: { ...REFUSAL, content: { 'application/json': PROBLEM } } },
      `${LIST}/responses/418`,
      /must be application\/problem\+json/,
    ],
    [
      'an error response without a body',
      { [`${LIST}/responses/418`]: { ...REFUSAL, content: {} } },
      `${LIST}/responses/418`,
      /must be application\/problem\+json/,
    ],
    [
      'an error response with a schema of its own',
      {
        [`${LIST}/responses/418`]: {
          ...REFUSAL,
          content: { 'application/problem+json': { schema: { type: 'object' } } },
        },
      },
      `${LIST}/responses/418`,
      /Problem schema/,
    ],
    [
      'a response without upvest-request-id',
      { [`${LIST}/responses/418`]: NO_HEADERS },
      `${LIST}/responses/418`,
      /upvest-request-id/,
    ],
    [
      'a response whose upvest-request-id is optional',
      {
        [`${LIST}/responses/418`]: {
          ...NO_HEADERS,
          headers: { 'upvest-request-id': { schema: { type: 'string', format: 'uuid' } } },
        },
      },
      `${LIST}/responses/418`,
      /upvest-request-id/,
    ],
    [
      'a class of statuses',
      { [`${LIST}/responses/4XX`]: REFUSAL },
      `${LIST}/responses/4XX`,
      /must be a single status code/,
    ],
    [
      'a default response',
      { [`${LIST}/responses/default`]: REFUSAL },
      `${LIST}/responses/default`,
      /must be a single status code/,
    ],
    [
      'an operation without a success response',
      { [`${LIST}/responses`]: { '418': REFUSAL } },
      `${LIST}/responses`,
      /no success response/,
    ],
    ['an operation without security', { [`${LIST}/security`]: undefined }, `${LIST}/security`, /no security/],
    ['an operation with empty security', { [`${LIST}/security`]: [] }, `${LIST}/security`, /no security/],
    [
      'a type of its own',
      { [`${GROUP}/properties/users/type`]: 'list' },
      `${GROUP}/properties/users/type`,
      /"list" is not a JSON Schema type/,
    ],
    [
      'a pattern that is none, inside an item',
      { '#/components/schemas/AccountGroupUser/properties/type/pattern': '(' },
      '#/components/schemas/AccountGroupUser/properties/type/pattern',
      /not a regular expression/,
    ],
    [
      'two operations with one name',
      { [`${PATH}/post/x-name`]: 'list' },
      `${PATH}/post/operationId`,
      /another operation is named list too/,
    ],
    [
      'a status without moves',
      { [`${GROUP}/properties/status/enum`]: ['PENDING_APPROVAL', 'ACTIVE', 'CLOSING', 'CLOSED', 'LOCKED', 'LOST'] },
      `${GROUP}/properties/status/x-transitions/LOST`,
      /is missing/,
    ],
    ...['x-initial', 'x-open', 'x-final'].map(
      (list) =>
        [
          `a word in ${list} that is no status`,
          { [`${GROUP}/properties/status/${list}`]: ['GONE'] },
          `${GROUP}/properties/status`,
          /GONE is not a status/,
        ] as const,
    ),
    [
      'no moves at all',
      { [`${GROUP}/properties/status/x-transitions`]: undefined },
      `${GROUP}/properties/status/x-transitions`,
      /is missing/,
    ],
    [
      'an event without a step',
      { [`${EVENT_TYPE}/x-announces/LOCKED`]: undefined },
      `${EVENT_TYPE}/x-announces`,
      /ACCOUNT_GROUP\.LOCKED announces no step/,
    ],
    [
      'an event for an unknown status',
      { [`${EVENT_TYPE}/x-announces/GONE`]: 'ACCOUNT_GROUP.CLOSED' },
      `${EVENT_TYPE}/x-announces/GONE`,
      /GONE is not a status/,
    ],
    [
      'an announcement by no event',
      { [`${EVENT_TYPE}/x-announces/LOCKED`]: 'ACCOUNT_GROUP.BARRED' },
      `${EVENT_TYPE}/x-announces/LOCKED`,
      /ACCOUNT_GROUP\.BARRED is not an event type/,
    ],
    [
      'an event that nothing promises',
      { [`${EVENT}/x-requirements/2/id`]: 'event.born' },
      '#/webhooks',
      /no requirement event\.created for ACCOUNT_GROUP\.CREATED/,
    ],
    [
      'one requirement id twice',
      { [`${LIST}/x-requirements/${RETRIEVABLE}/id`]: 'list.allowed' },
      `${LIST}/x-requirements/${RETRIEVABLE}`,
      /list\.allowed is already at/,
    ],
    ['an area of its own', { [`${LIST}/x-requirements/0/area`]: 'magic' }, `${LIST}/x-requirements/0`, /area must be/],
    ['a level of its own', { [`${LIST}/x-requirements/0/level`]: 'MAY' }, `${LIST}/x-requirements/0`, /level MUST/],
    [
      'a requirement without a source',
      { [`${LIST}/x-requirements/0/x-source`]: undefined },
      `${LIST}/x-requirements/0/x-source`,
      /must be a string/,
    ],
  ];
  for (const [rule, edits, pointer, says] of rules)
    test(rule, async () => {
      const { message } = await refusal(variant(edits));
      const lines = message.split('\n').filter((text) => text.startsWith(`  ${pointer}  `));
      assert.match(lines.join('\n'), says, message);
    });

  test('all problems are reported at once', async () => {
    const { problems } = await refusal(
      variant({
        [`${LIST}/security`]: [],
        [`${GROUP}/properties/id/pattern`]: '[',
        [`${GROUP}/properties/id/type`]: 'text',
      }),
    );
    assert.deepEqual([...new Set(problems.map(({ pointer }) => pointer))].sort(), [
      `${GROUP}/properties/id/pattern`,
      `${GROUP}/properties/id/type`,
      `${LIST}/security`,
    ]);
  });
});

describe('the limits of a contract', () => {
  test('are empty for our own document', () => {
    assert.deepEqual(contract.limits, []);
  });

  test('name what is not tested, with the consequence', async () => {
    const number = `${GROUP}/properties/securities_account_number`;
    const { limits, requirements } = await loadContract(
      variant({
        [`${number}/format`]: 'iban',
        [`${number}/minlength`]: 9,
        [`${number}/not`]: { const: '000000000' },
        [`${GROUP}/properties/users/additionalItems`]: false,
      }),
    );
    assert.deepEqual(
      limits.map(({ pointer, message }) => `${pointer}: ${message}`).sort(),
      [
        `${number}/format: the format iban is not judged`,
        `${number}/minlength: the keyword minlength is unknown and not judged`,
        `${number}/not: not is judged wherever it occurs, but no request or fault is derived to violate it`,
        `${GROUP}/properties/users/additionalItems: the keyword additionalItems is unknown and not judged`,
      ].sort(),
    );
    assert.ok(requirements.has('account-group.securities_account_number.not'));
    assert.ok(!requirements.has('account-group.securities_account_number.format'));
  });
});

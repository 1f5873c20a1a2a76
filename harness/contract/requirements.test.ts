import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contract, object, present, variant } from '../fixtures.ts';
import { loadContract } from './index.ts';

const PATH = '#/paths/~1account_groups';
const LIST = `${PATH}/get`;
const GROUP = '#/components/schemas/AccountGroup';
const REFUSAL = {
  description: 'A refusal.',
  headers: { 'upvest-request-id': { $ref: '#/components/headers/RequestId' } },
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

describe('requirements follow from the document', () => {
  const changes: ReadonlyArray<
    readonly [change: string, edits: Readonly<Record<string, unknown>>, ids: readonly string[]]
  > = [
    ['a status', { [`${LIST}/responses/418`]: REFUSAL }, ['list.418.media-type', 'list.418.upvest-request-id']],
    [
      'a status without a body',
      { [`${PATH}/post/responses/204`]: { ...REFUSAL, content: {} } },
      ['create.204.empty-body', 'create.204.upvest-request-id'],
    ],
    [
      'a required member of a group',
      {
        [`${GROUP}/required/7`]: 'label',
        [`${GROUP}/properties/label`]: { type: 'string', pattern: '^x' },
      },
      ['account-group.label.required', 'account-group.label.type', 'account-group.label.pattern'],
    ],
    [
      'a member of the request',
      {
        '#/components/schemas/CreateAccountGroup/required/2': 'label',
        '#/components/schemas/CreateAccountGroup/properties/label': { type: 'string', enum: ['a'] },
      },
      ['create.body.label.required', 'create.body.label.type', 'create.body.label.enum'],
    ],
    [
      'a scope',
      { [`${LIST}/security/2`]: { 'oauth-client-credentials': ['users:read'] } },
      ['list', 'retrieve', 'create', 'close', 'user-list'].map((name) => `${name}.caller.users-read`),
    ],
    [
      'a query parameter with a default',
      {
        [`${LIST}/parameters/4`]: {
          name: 'page',
          in: 'query',
          required: false,
          schema: { type: 'integer', minimum: 0, default: 0 },
        },
      },
      ['list.query.page.type', 'list.query.page.minimum', 'list.query.page.default', 'list.query.page.served'],
    ],
    [
      'a required header of the request',
      {
        [`${LIST}/parameters/4`]: {
          name: 'x-who',
          in: 'header',
          required: true,
          schema: { type: 'string', pattern: '^x' },
        },
      },
      ['list.header.x-who.required', 'list.header.x-who.pattern', 'list.header.x-who.served'],
    ],
    [
      'a promise in words',
      {
        [`${LIST}/x-requirements/17/id`]: 'list.retrievable-after-all',
      },
      ['list.retrievable-after-all'],
    ],
  ];
  for (const [change, edits, ids] of changes)
    test(`${change} more`, async () => {
      const changed = await loadContract(variant(edits));
      const added = [...changed.requirements.keys()].filter((id) => !contract.requirements.has(id));
      assert.deepEqual(added.sort(), [...ids].sort());
      for (const id of added)
        assert.ok(changed.doc.find(present(changed.requirements.get(id)).pointer.replace(/\/required\/\w+$/, '')), id);
    });

  test('another enum value changes the statement of the promise, not its id', async () => {
    const changed = await loadContract(variant({ [`${GROUP}/properties/type/enum`]: ['PERSONAL', 'JOINT'] }));
    assert.deepEqual([...changed.requirements.keys()], [...contract.requirements.keys()]);
    assert.match(present(changed.requirements.get('account-group.type.enum')).statement, /PERSONAL, JOINT/);
    assert.equal(changed.requirements.get('account-group.type.enum')?.additive, true);
  });

  test('the accepted statuses for a permitted caller come from the document', async () => {
    const path = `${PATH}/post/responses`;
    const created = object(contract.doc.find(`${path}/200`)?.value);
    const changed = await loadContract(variant({ [`${path}/201`]: created, [`${path}/200`]: undefined }));
    assert.deepEqual(changed.requirements.get('create.caller.all-scopes')?.accepts, ['201']);
  });
});

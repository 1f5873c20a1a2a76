import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { isObject, type Node } from '../harness/contract/nodes.ts';

/** The document against what was promised before, and against itself. */

const LOCK = 'spec/requirements.lock.json';
const contract = await readContract('spec/account-groups.openapi.yaml');
const requirements = [...contract.requirements.values()];

describe('the lock of requirement ids', () => {
  const current = Object.fromEntries(
    requirements.map(({ id, level }) => [id, level] as const).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  if (process.env.UPDATE_LOCK === '1') writeFileSync(LOCK, `${JSON.stringify(current, null, 2)}\n`);
  const locked = JSON.parse(readFileSync(LOCK, 'utf8')) as Record<string, string>;
  const changelog = readFileSync('spec/CHANGELOG.md', 'utf8');

  test('holds every requirement (UPDATE_LOCK=1 npm run unit adds new ones)', () => {
    assert.deepEqual(
      Object.keys(current).filter((id) => !(id in locked)),
      [],
    );
  });

  test('loses none, and changes no level, without a line in spec/CHANGELOG.md', () => {
    const changed = Object.entries(locked).filter(([id, level]) => current[id] !== level && !changelog.includes(id));
    assert.deepEqual(changed, []);
  });
});

describe('every requirement', () => {
  for (const { id, statement, source, accepts } of requirements)
    test(id, () => {
      assert.match(id, /^[a-z0-9_-]+(\.[\w[\]-]+)+$/i);
      assert.match(statement, /^.{10,199}\.$/);
      assert.match(source, /^(seed|upstream-1\.9\.0|curation|RFC \d+( §[\d.]+)?)$/);
      for (const status of accepts ?? []) assert.match(status, /^[1-5](\d\d|XX)$/);
    });
});

describe('every named example keeps the schema that it stands by', () => {
  const check = (pointer: string, content: Node) => {
    const schema = contract.doc.child(content, 'schema');
    const examples = contract.doc.children(contract.doc.child(content, 'examples'));
    test(pointer, () => {
      assert.ok(schema && examples.length > 0);
      for (const [, example] of examples) {
        assert.ok(isObject(example.value));
        assert.deepEqual(contract.schemas.judge(schema, example.value.value).violations, []);
      }
    });
  };
  const visit = (node: Node, seen = new Set<string>()): void => {
    if (seen.has(node.pointer)) return;
    seen.add(node.pointer);
    for (const [key, child] of contract.doc.children(node)) {
      if (key === 'content') for (const [, content] of contract.doc.children(child)) check(content.pointer, content);
      else if (isObject(child.value) || Array.isArray(child.value)) visit(child, seen);
    }
  };
  for (const root of ['#/paths', '#/webhooks', '#/components/responses']) {
    const node = contract.doc.find(root);
    if (node !== undefined) visit(node);
  }
});

describe('the page that the project started from', () => {
  const PAGE = {
    retrieve: ['401', '403', '404', '406', '429', '500', '503'],
    close: ['401', '403', '404', '406', '429', '500', '503'],
    list: ['400', '401', '403', '406', '429', '500', '503'],
    create: ['400', '401', '403', '404', '406', '429', '500', '503'],
  };
  for (const [name, statuses] of Object.entries(PAGE))
    test(`the errors of ${name} are documented`, () => {
      const operation = contract.operations.find((candidate) => candidate.name === name);
      assert.deepEqual(
        statuses.filter((status) => !operation?.responses.has(status)),
        [],
      );
    });

  const MEMBERS = {
    AccountGroup: ['id', 'created_at', 'updated_at', 'users', 'status', 'type', 'securities_account_number'],
    Problem: ['type', 'status', 'title', 'detail', 'instance', 'request_id'],
    AccountGroupList: ['meta', 'data'],
    ListMeta: ['count', 'limit', 'offset', 'order', 'sort', 'total_count'],
    AccountGroupUser: ['id', 'type'],
    CreateAccountGroup: ['type', 'user_id'],
    AccountGroupEvent: ['created_at', 'id', 'object', 'type', 'webhook_id'],
  };
  for (const [component, members] of Object.entries(MEMBERS))
    test(`the members of ${component} are documented`, () => {
      const known = contract.doc
        .children(contract.doc.find(`#/components/schemas/${component}/properties`))
        .map(([name]) => name);
      assert.deepEqual(
        members.filter((member) => !known.includes(member)),
        [],
      );
    });

  test('statuses, types and the account number are as on the page', () => {
    const group = (member: string) =>
      contract.doc.find(`#/components/schemas/AccountGroup/properties/${member}`)?.value;
    assert.deepEqual((group('status') as { enum: string[] }).enum, [
      'PENDING_APPROVAL',
      'ACTIVE',
      'CLOSING',
      'CLOSED',
      'LOCKED',
    ]);
    assert.deepEqual((group('type') as { enum: string[] }).enum, ['PERSONAL', 'LEGAL_ENTITY']);
    assert.equal((group('securities_account_number') as { pattern: string }).pattern, '^[0-9]{9}$');
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HeaderFields, NOBODY, objects, open, type RequestParts, text, UUID_V4 } from './fixtures.ts';

describe('creation', () => {
  test('returns the complete group', async () => {
    const { clock, post, user } = await open();
    const user_id = await user();
    const at = new Date(clock.now).toISOString();
    for (const type of ['PERSONAL', 'LEGAL_ENTITY']) {
      const { status, headers, json } = await post('/account_groups', { user_id: user_id.toUpperCase(), type });
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'application/json');
      const { id, securities_account_number, ...rest } = json;
      assert.match(text(id), UUID_V4);
      assert.match(text(securities_account_number), /^[0-9]{9}$/);
      const users = [{ id: user_id, type: 'OWNER' }];
      assert.deepEqual(rest, { created_at: at, updated_at: at, users, status: 'PENDING_APPROVAL', type });
    }
  });

  const body = { user_id: NOBODY, type: 'PERSONAL' };
  for (const [name, status, sent, headers] of [
    ['unknown user', 404, body],
    ['no user_id', 400, { type: 'PERSONAL' }],
    ['user_id not a UUID', 400, { ...body, user_id: 'x' }],
    ['user_id with a line feed', 400, { ...body, user_id: `${NOBODY}\n` }],
    ['user_id not a string', 400, { ...body, user_id: 1 }],
    ['no type', 400, { user_id: NOBODY }],
    ['unknown type', 400, { ...body, type: 'JOINT' }],
    ['type in lower case', 400, { ...body, type: 'personal' }],
    ['type null', 400, { ...body, type: null }],
    ['extra member', 400, { ...body, status: 'ACTIVE' }],
    ['__proto__', 400, `{"user_id":"${NOBODY}","type":"PERSONAL","__proto__":{"a":1}}`],
    ['members from __proto__', 400, `{"__proto__":{"user_id":"${NOBODY}","type":"PERSONAL"}}`],
    ['constructor', 400, `{"user_id":"${NOBODY}","type":"PERSONAL","constructor":{}}`],
    ['array', 400, [body]],
    ['null', 400, 'null'],
    ['text', 400, '"x"'],
    ['empty', 400, ''],
    ['broken JSON', 400, '{"user_id":'],
    ['deep JSON', 400, '['.repeat(60_000) + ']'.repeat(5_000)],
    ['deep valid JSON', 400, `{"type":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['invalid UTF-8', 400, Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ['64 KiB', 404, JSON.stringify(body).padEnd(65_536)],
    ['more than 64 KiB', 400, JSON.stringify(body).padEnd(65_537)],
    ['charset', 400, body, { 'content-type': 'application/json; charset=utf-8' }],
    ['other content type', 400, body, { 'content-type': 'text/plain' }],
    ['no content type', 400, body, { 'content-type': undefined }],
    ['no key', 400, body, { 'idempotency-key': undefined }],
    ['empty key', 400, body, { 'idempotency-key': '' }],
    ['key of version 7', 400, body, { 'idempotency-key': '0197f0c4-7b1a-7c3d-8e4f-5a6b7c8d9e0f' }],
    ['key too long', 400, body, { 'idempotency-key': `${NOBODY}0` }],
  ] as [string, number, NonNullable<RequestParts['body']>, HeaderFields?][]) {
    test(`${name}: ${status}`, async () => {
      const { post, seeds } = await open();
      const answer = await post('/account_groups', sent, headers);
      assert.equal(answer.status, status);
      if (name === 'no key') assert.equal(answer.json.type, 'missing_idempotency_key');
      assert.equal((await seeds()).length, 7);
    });
  }

  test('the owner of a seed group can create further groups', async () => {
    const { post, seeds } = await open();
    const owner = objects((await seeds())[0]?.users)[0]?.id;
    assert.equal((await post('/account_groups', { user_id: owner, type: 'PERSONAL' })).status, 200);
  });
});

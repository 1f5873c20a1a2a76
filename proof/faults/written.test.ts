import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract } from '../../harness/fixtures.ts';
import { isJson, problem } from './fault.ts';
import { writtenWrongly } from './written.ts';

test('a repeated instance appears in two problems, and in no other answer', async () => {
  const fault = writtenWrongly.find(({ id }) => id === 'problem-instance-repeated');
  const { body, headers } = problem(404);
  const refusal = () => new Response(JSON.stringify(body), { status: 404, headers });
  const page = () => Response.json({ data: [] });
  const accepted = () => new Response(null, { status: 202 });
  const answers = [...Array.from({ length: 7 }, () => refusal), page, accepted, refusal, page, refusal];
  const honest = async () => answers.shift()?.() ?? new Response();
  const fetch = fault?.intercept(honest, { now: () => 0, contract });
  assert.ok(fetch);
  const instances: unknown[] = [];
  while (answers.length > 0) {
    const text = await (await fetch(new Request('http://a.test/account_groups'))).text();
    const answer: unknown = text === '' ? {} : JSON.parse(text);
    instances.push(isJson(answer) ? answer.instance : undefined);
  }
  assert.deepEqual([instances[7], instances[8], instances[10]], [undefined, undefined, undefined]);
  assert.equal(instances[6], instances[9]);
  assert.equal(new Set(instances.filter((one) => one !== undefined)).size, 8);
});

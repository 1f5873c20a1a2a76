import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VirtualClock } from '../../proof/memory.ts';
import { judgeExchange } from '../checks/every-exchange.ts';
import { condensed } from '../checks/finding.ts';
import { pageOf } from '../checks/group.ts';
import { History } from '../checks/history.ts';
import { mostItems } from '../checks/page.ts';
import { decodeBody, recorded } from '../exchange.ts';
import { broken, caseOf, contract, exchange, group, object } from '../fixtures.ts';
import { openSession } from './open-session.ts';

/** A target decides how much it sends; the work that this causes has to be bounded. */

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const idAt = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** A page with this many groups, as it is recorded. */
function page(size: number, query: Record<string, string>, changes: (index: number) => object = () => ({})) {
  const data = Array.from({ length: size }, (_, index) => group({ id: idAt(index), ...changes(index) }));
  const { json } = decodeBody({ body: bytes({ meta: { count: size }, data }) }, mostItems(contract, query));
  const made = exchange({ operation: 'list' });
  return { ...made, request: { ...made.request, query }, response: { ...made.response, json } };
}

describe('a page', () => {
  const bounds: ReadonlyArray<readonly [query: Record<string, string>, most: number]> = [
    [{ limit: '100' }, 120],
    [{ limit: '0' }, 20],
    [{ limit: '1000' }, 1020],
    [{}, 120],
    [{ limit: '-1' }, 1020],
    [{ limit: '50000' }, 1020],
    [{ limit: 'all' }, 1020],
  ];
  for (const [query, most] of bounds)
    test(`requested with ${JSON.stringify(query)} is read up to ${most} groups`, () =>
      assert.equal(mostItems(contract, query), most));

  test('that is far too long is counted in full and judged in part', () => {
    const huge = page(50_000, { limit: '100' }, () => ({ updated_at: '2020-01-01T00:00:00+02:00' }));
    assert.deepEqual([pageOf(huge)?.size, pageOf(huge)?.data.length], [50_000, 120]);
    const findings = [...judgeExchange(contract, huge), ...new History(contract, 0).observe(huge)];
    assert.ok(broken(findings).includes('list.limit-honoured'));
    assert.ok(!broken(findings).includes('list.count-equals-length'));
    assert.ok(findings.length < 120 * 15);
    assert.deepEqual(broken(condensed(findings)), broken(findings));
    const requirements = new Set(findings.map(({ requirement }) => requirement));
    assert.ok(condensed(findings).length <= 4 * requirements.size);
  });
});

describe('a body', () => {
  const read = (body: unknown, most?: number) => decodeBody({ body: bytes(body) }, most).json;

  test('is read in full if it is not too large', () => {
    const body = { meta: { count: 1 }, data: [{ users: [1, 2, 3], __proto__: null }], text: 'x'.repeat(100_000) };
    assert.deepEqual(read(body)?.value, JSON.parse(JSON.stringify(body)));
    assert.deepEqual(read('{"__proto__": {"a": 1}}')?.value, JSON.parse('{"__proto__": {"a": 1}}'));
    for (const value of [null, 1, 'text', [1, [2]]]) assert.deepEqual(read(JSON.stringify(value))?.value, value);
  });

  test('keeps a limited number of items and members at every level', () => {
    const many = Array.from({ length: 5000 }, (_, index) => index);
    const members = Object.fromEntries(many.map((index) => [`m${index}`, index]));
    const { value, omitted } = read({ data: many, inside: { many, members } }, 3000) ?? {};
    const { data, inside } = object(value);
    assert.deepEqual([...(omitted ?? [])], [['data', 2000]]);
    assert.deepEqual(data, many.slice(0, 3000));
    assert.deepEqual(object(inside).many, many.slice(0, 1000));
    assert.equal(Object.keys(object(object(inside).members)).length, 200);
    assert.equal(Object.keys(object(read(members)?.value)).length, 200);
    assert.deepEqual(read(many)?.value, many.slice(0, 1000));
  });

  test('does not count as JSON if it is nested too deep', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    assert.ok(read(nested(64)) !== undefined);
    for (const depth of [65, 200_000]) assert.equal(read(nested(depth)), undefined);
    assert.equal(read(`{"data":${nested(64)}}`), undefined);
  });

  test('is recorded up to a limit, and never with half of a secret', () => {
    assert.equal(recorded('short'), 'short');
    assert.match(recorded('x'.repeat(20_000)), /^x{16384}\.\.\. \(20000 characters in all\)$/);
    const secret = 'S'.repeat(1000);
    const redact = (text: string) => text.replaceAll(secret, '$S');
    const long = `${secret.repeat(3)}${'y'.repeat(100_000)}`;
    assert.match(recorded(long, redact), /^(\$S){3}y{16378}\.\.\. \(103000 characters in all\)$/);
    for (let head = 60_000; head < 70_000; head += 500)
      assert.doesNotMatch(recorded(`${'y'.repeat(head)}${secret.repeat(1000)}`, redact), /SS/);
    assert.doesNotMatch(recorded(secret.repeat(1000), redact), /SS/);
    assert.equal(recorded(`${secret}!`, redact), '$S!');
  });
});

test('a session stops after too many bytes, except for its clean-up', async () => {
  const clock = new VirtualClock();
  const huge = bytes(`{"meta":{},"data":[]}${' '.repeat(16 * 1024 * 1024 - 100)}`);
  let asked = 0;
  const { session, client } = openSession(
    contract,
    { baseUrl: 'http://t', tokenUrl: 'http://t/token', clientId: 'me', clientSecret: 'hush', signing: undefined },
    { writes: false, userIds: [], seed: 1, settleMs: 1000, deliveriesSigned: false },
    {
      clock,
      send: async ({ url }) => {
        const token = bytes({ access_token: 'token', token_type: 'bearer', expires_in: 3600 });
        const body = url.pathname === '/token' ? token : huge;
        if (body === huge) asked++;
        return { status: 200, headers: [['content-type', 'application/json']] as const, body };
      },
    },
  );
  const test = caseOf('list.huge', ['list.allowed'], async (api) => {
    for (;;) await api.ask({ operation: 'list', expects: ['list.allowed'] });
  });
  const { error, findings, exchanges } = await session.result(test);
  assert.match(error ?? '', /TransportError: the answers of the target exceed 268435456 bytes/);
  const lists = exchanges.filter(({ operation }) => operation === 'list');
  assert.deepEqual([asked, lists.length, findings['list.allowed']?.exchanges.length], [17, 17, 17]);
  const caller = { title: 'who clears away', credential: { kind: 'none' } } as const;
  assert.equal((await client.ask({ operation: 'list', caller })).response.status, 200);
});

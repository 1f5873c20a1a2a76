import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { broken, contract, exchange, group, judgedIn, present, type Sketch } from '../fixtures.ts';
import { judgeExchange } from './every-exchange.ts';

const ID = randomUUID();
const good = (status: number) => ({ status, type: 'some_kind', title: 'Some kind', request_id: ID });

/** What a malformed documented refusal violates. `*` stands for operation and status. */
const MISTAKES: ReadonlyArray<
  readonly [what: string, change: (status: number) => Sketch, requirements: readonly string[]]
> = [
  ['kept', (status) => ({ body: good(status) }), []],
  ['kept with a charset', () => ({ headers: { 'content-type': 'application/problem+json; charset=utf-8' } }), []],
  ['as plain JSON', () => ({ headers: { 'content-type': 'application/json' } }), ['*.media-type']],
  ['without a media type', () => ({ headers: { 'content-type': '' } }), ['*.media-type']],
  ['as HTML', () => ({ headers: { 'content-type': 'text/html' }, body: '<h1>Oops</h1>' }), ['*.media-type']],
  ['empty', () => ({ body: undefined }), ['*.media-type']],
  ['cut short', () => ({ body: '{"type": "x", "stat' }), ['*.media-type']],
  ['without a request id', () => ({ headers: { 'upvest-request-id': '' } }), ['*.upvest-request-id']],
  [
    'with a request id of its own form',
    (status) => ({ headers: { 'upvest-request-id': 'abc' }, body: { ...good(status), request_id: 'abc' } }),
    ['upvest-request-id.format'],
  ],
  ['without a type', (status) => ({ body: { status } }), ['problem.type.required']],
  ['without a status', () => ({ body: { type: 'x' } }), ['problem.status.required']],
  ['with the status as text', (status) => ({ body: { type: 'x', status: String(status) } }), ['problem.status.type']],
  ['with another status', () => ({ body: { type: 'x', status: 418 } }), ['problem.status-equals-http']],
  [
    'with a member of its own',
    (status) => ({ body: { ...good(status), trace: 'x' } }),
    ['problem.additionalProperties'],
  ],
  ['as a list', () => ({ body: [] }), ['problem.type']],
  [
    'with another request id',
    (status) => ({ body: { ...good(status), request_id: 'x' } }),
    ['problem.request-id-equals-header'],
  ],
];

describe('statuses that no case can provoke are judged whenever they occur', () => {
  for (const operation of contract.operations)
    for (const response of [...operation.responses.values()].filter(({ provocable }) => !provocable))
      test(`${operation.name} ${response.status}`, () => {
        for (const [what, change, requirements] of MISTAKES) {
          const status = Number(response.status);
          const sketch = { operation: operation.name, status, body: good(status), ...change(status) };
          const findings = judgeExchange(
            contract,
            exchange({ ...sketch, headers: { 'upvest-request-id': ID, ...sketch.headers } }),
          );
          const prefix = `${operation.name}.${response.status}`;
          const failing = response.status === '500' ? [`${operation.name}.no-server-error`] : [];
          assert.deepEqual(
            broken(findings),
            [...requirements.map((id) => id.replace('*', prefix)), ...failing].sort(),
            what,
          );
          for (const id of judgedIn(findings)) assert.ok(contract.requirements.has(id), `${id} is no requirement`);
          for (const id of [
            `${prefix}.media-type`,
            `${prefix}.upvest-request-id`,
            `${operation.name}.status-documented`,
          ])
            assert.ok(judgedIn(findings).includes(id), `${what}: ${id} is not judged`);
        }
      });

  test('every operation has at least 429, 500, 503 and 504', () => {
    for (const { name, responses } of contract.operations)
      for (const status of ['429', '500', '503', '504'])
        assert.equal(responses.get(status)?.provocable, false, `${name} ${status}`);
  });
});

describe('answers', () => {
  const one = group();
  const answers: ReadonlyArray<
    readonly [what: string, sketch: Sketch, expects: readonly string[], requirements: readonly string[]]
  > = [
    ['a group', { body: one }, [], []],
    ['a group as HTML', { headers: { 'content-type': 'text/html' }, body: one }, [], ['retrieve.200.media-type']],
    ['an empty success', { body: '' }, [], ['retrieve.200.media-type']],
    ['another group', { url: `http://t/${randomUUID()}`, body: one }, [], ['retrieve.the-asked-group']],
    ['the asked group', { url: `http://t/${String(one.id).toUpperCase()}`, body: one }, [], []],
    ['an accepted closing', { operation: 'close', status: 202 }, [], []],
    ['a closing with a body', { operation: 'close', status: 202, body: {} }, [], ['close.202.empty-body']],
    ['a status of its own', { status: 201, body: one }, [], ['retrieve.status-documented']],
    ['a redirect', { status: 307 }, [], ['retrieve.status-documented']],
    ['a refusal that is expected', { status: 400, body: good(400) }, ['retrieve.path.account_group_id.format'], []],
    ['a refusal that nobody expects', { status: 400, body: good(400) }, [], ['retrieve.status-documented']],
    [
      'a server error where refusals of any kind are accepted',
      { operation: 'list', status: 502, body: good(502) },
      ['list.unknown-query'],
      ['list.status-documented', 'list.no-server-error'],
    ],
    ['an answer 501', { status: 501, body: good(501) }, [], ['retrieve.status-documented', 'retrieve.no-server-error']],
    ['an answer 504', { status: 504, body: good(504) }, [], []],
    [
      'an undocumented refusal without anything',
      { operation: 'list', status: 418, headers: { 'content-type': 'text/html', 'upvest-request-id': '' }, body: 'no' },
      ['list.unknown-query'],
      ['undocumented-refusal.media-type', 'undocumented-refusal.upvest-request-id'],
    ],
    [
      'a router that refuses an undeclared method in text',
      {
        operation: undefined,
        status: 404,
        headers: { 'content-type': 'text/plain', 'upvest-request-id': '' },
        body: 'no',
      },
      [],
      ['undeclared-method.media-type', 'undeclared-method.upvest-request-id'],
    ],
    [
      'a router that refuses an undeclared method in JSON of its own',
      { operation: undefined, status: 404, headers: { 'content-type': 'application/json' }, body: { status: 'no' } },
      [],
      ['undeclared-method.media-type'],
    ],
    [
      'a problem that refuses an undeclared method, and is none',
      { operation: undefined, status: 404, body: { status: 400 } },
      [],
      ['problem.status-equals-http', 'problem.type.required'],
    ],
    ['HEAD refused', { operation: undefined, method: 'HEAD', status: 405, headers: { 'content-type': '' } }, [], []],
    ['405 without Allow', { operation: undefined, status: 405, body: good(405) }, [], ['undeclared-method.allow']],
    ['405 with Allow', { operation: undefined, status: 405, headers: { allow: 'PUT' }, body: good(405) }, [], []],
    [
      '405 that allows the method',
      { operation: undefined, status: 405, headers: { allow: 'GET, PUT' }, body: good(405) },
      [],
      ['undeclared-method.allow'],
    ],
    ['401 without a challenge', { status: 401, body: good(401) }, [], ['unauthorized.www-authenticate']],
    ['401', { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: good(401) }, [], []],
  ];
  for (const [what, sketch, expects, requirements] of answers)
    test(`${what}: ${requirements.length === 0 ? 'kept' : requirements.join(', ')}`, () => {
      const made = exchange({ ...sketch, headers: { 'upvest-request-id': ID, ...sketch.headers } });
      assert.deepEqual(broken(judgeExchange(contract, made, expects)), [...requirements].sort());
    });

  test('a server error is never legitimate, even if a promise accepts it', () => {
    const id = 'list.unknown-query';
    const lax = { ...present(contract.requirements.get(id)), accepts: ['5XX'] };
    const findings = judgeExchange(
      { ...contract, requirements: new Map([...contract.requirements, [id, lax]]) },
      exchange({ operation: 'list', status: 502, body: { type: 'x', status: 502 } }),
      [id],
    );
    assert.deepEqual(broken(findings), ['list.no-server-error', 'list.status-documented']);
  });

  test('at most three violations of one keyword are reported', () => {
    const data = Array.from({ length: 20 }, () => group({ status: 'X' }));
    const meta = { offset: 0, limit: 100, count: 20, total_count: 20 };
    const finding = judgeExchange(contract, exchange({ operation: 'list', body: { meta, data } })).find(
      ({ requirement }) => requirement === 'account-group.status.enum',
    );
    assert.equal(finding?.violations.length, 3);
  });
});

describe('problem.no-internals', () => {
  const told = (detail: unknown) =>
    broken(judgeExchange(contract, exchange({ status: 404, body: { ...good(404), request_id: undefined, detail } })));
  const traces = [
    'at Object.<anonymous> (/srv/app/index.js:10:5)',
    'x\n    at async handle (file:///srv/app/routes.mjs:3:1)',
    'at /srv/app/dist/main.js:10:5',
    'at com.example.Groups.find(Groups.java:42)',
    'java.lang.NullPointerException: null',
    'org.postgresql.util.PSQLException: ERROR',
    'Traceback (most recent call last):',
    'File "/srv/app/main.py", line 3, in find',
    'goroutine 17 [running]:',
    'panic: runtime error: index out of range',
    'internal/groups/store.go:88: no rows',
    'failed in /usr/src/app/group.rb:12',
    'SELECT id FROM account_groups WHERE id = $1',
    'select *\nfrom groups\nwhere 1',
    'INSERT INTO groups (id) VALUES (1)',
    'DELETE FROM groups WHERE id = 1',
    'UPDATE groups SET status = 1',
    'pq: duplicate key value violates unique constraint',
    'SQLSTATE[23000]',
    'ORA-00942: table or view does not exist',
  ];
  for (const text of traces)
    test(`shows ${JSON.stringify(text)}`, () => {
      assert.deepEqual(told(text), ['problem.no-internals']);
    });

  const harmless = [
    "(root): field 'first_name' was not filled",
    '/account_groups/413715f2-5401-4b97-8055-034a6b879f8c was not found',
    'the user of POST /account_groups does not exist',
    'at least one member is missing',
    'limit must be at most 1000',
    'see https://docs.example.com/errors/not_found.html',
    'see https://docs.example.com:8443/errors',
    'users[0].id: not a UUID',
    'an update of the group is under way',
    'a selection from the list is needed',
    'ValidationError: type is missing',
    'Error at body.user_id',
  ];
  for (const text of harmless)
    test(`is kept by ${JSON.stringify(text)}`, () => {
      assert.deepEqual(told(text), []);
    });

  test('searches everything, including bodies that are not JSON', () => {
    const hidden = { ...good(404), request_id: undefined, title: 'panic: x' };
    assert.deepEqual(broken(judgeExchange(contract, exchange({ status: 404, body: hidden }))), [
      'problem.no-internals',
    ]);
    const page = exchange({ status: 500, body: '<pre>Traceback (most recent call last)</pre>' });
    assert.ok(broken(judgeExchange(contract, page)).includes('problem.no-internals'));
  });

  test('finds a match deep inside a long text, and searches texts in pieces and up to a limit', (context) => {
    const far = `${'x'.repeat(50_000)} panic: y`;
    const told = judgeExchange(contract, exchange({ status: 404, body: { ...good(404), detail: far } }));
    assert.ok(broken(told).includes('problem.no-internals'));
    const { exec } = RegExp.prototype;
    const looks: number[] = [];
    context.mock.method(RegExp.prototype, 'exec', function (this: RegExp, text: string) {
      looks.push(text.length);
      return exec.call(this, text);
    });
    for (const piece of ['x', 'a.', 'SELECT ', 'a/', ' at x'])
      judgeExchange(contract, exchange({ status: 404, body: { ...good(404), detail: piece.repeat(100_000) } }));
    // The time of some patterns grows with the square of the length.
    assert.ok(Math.max(...looks) <= 2000, `${Math.max(...looks)} characters at once`);
    const all = looks.reduce((sum, length) => sum + length, 0);
    assert.ok(all < 5 * 20 * 150_000, `${all} characters in all`);
  });

  test('quotes what was seen', () => {
    const made = exchange({ status: 404, body: { ...good(404), detail: 'x panic: y' } });
    const finding = judgeExchange(contract, made).find(({ requirement }) => requirement === 'problem.no-internals');
    assert.match(present(finding?.violations[0]), /"panic: " in "x panic: y"/);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { VirtualClock } from '../../proof/memory.ts';
import { Blocked } from '../case.ts';
import type { Client } from '../client/client.ts';
import type { Redactor } from '../client/redactor.ts';
import { type Send, TransportError } from '../client/wire.ts';
import { excerpt } from '../contract/schemas.ts';
import type { Delivery, Listen, ReceivedRequest } from '../delivery.ts';
import { caseOf, contract, group, object, present } from '../fixtures.ts';
import { Footprint } from './footprint.ts';
import { openSession } from './open-session.ts';
import type { Session } from './session.ts';
import { type Registrations, Subscription } from './subscription.ts';

/** The subscription of a run to a scripted target, and the deliveries to it. */

const ID = '9df39835-be87-4243-9018-f2500b39cee6';
const SECRET = 'hush-4711-äöü/+"';
const TOKEN = `token-${'t'.repeat(40)}`;

const RECIPE = object(contract.doc.find('#/x-prerequisites/webhook')?.value);

type Answer = number | readonly [status: number, body: unknown] | 'no answer';
/** Answers by method and path without ids. */
type Answers = Readonly<Record<string, Answer>>;

const HONEST: Answers = {
  'POST /auth/token': [200, { access_token: TOKEN, token_type: 'Bearer', expires_in: 3600, scope: 'webhooks:admin' }],
  'POST /webhooks': [201, { id: ID, enabled: false }],
  'PATCH /webhooks/': [200, { id: ID, enabled: true }],
  'DELETE /webhooks/': 204,
};

/** The requests about the trial registration. */
const TRIAL = ['POST /webhooks', 'PATCH /webhooks/', 'DELETE /webhooks/'];

interface SetUp {
  readonly clock: VirtualClock;
  readonly client: Client;
  readonly session: Session;
  readonly redactor: Redactor;
  readonly footprint: Footprint;
  /** The requests to the target, without those for tokens. */
  readonly asked: Array<{ readonly what: string; readonly body: unknown }>;
  readonly seen: Delivery[];
  readonly open: (observe?: (delivery: Delivery) => void) => Promise<Subscription>;
  readonly registrations: () => Registrations;
  readonly isListening: () => boolean;
  readonly hear: (request: ReceivedRequest) => number;
}

/** A target with these answers, and a client that may subscribe to it. */
function setUp(answers: Answers = {}, listen?: Listen): SetUp {
  const clock = new VirtualClock();
  const asked: SetUp['asked'] = [];
  const seen: Delivery[] = [];
  let heard: ((request: ReceivedRequest) => number) | undefined;
  const send: Send = ({ method, url, body }) =>
    clock.during(
      (async () => {
        const what = `${method} ${url.pathname.replace(/[0-9a-f-]{36}.*$/, '')}`;
        if (url.pathname !== '/auth/token')
          asked.push({ what, body: body && JSON.parse(Buffer.from(body).toString()) });
        // Other scopes are refused unless a test is about them.
        const isStranger = what === 'POST /auth/token' && !String(Buffer.from(body ?? [])).includes('webhooks');
        const answer = answers[isStranger ? 'stranger' : what] ?? (isStranger ? 401 : (HONEST[what] ?? 500));
        if (answer === 'no answer') throw new TransportError(`${what}: no answer in time`);
        const [status, content] = typeof answer === 'number' ? [answer, undefined] : answer;
        const text = content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content);
        return { status, headers: [['content-type', 'application/json']] as const, body: Buffer.from(text) };
      })(),
    );
  const usual: Listen = async (hear) => {
    heard = hear;
    return {
      url: 'https://suite.test',
      close: async () => {
        heard = undefined;
      },
    };
  };
  const { session, client, redactor } = openSession(
    contract,
    {
      baseUrl: 'http://t.test',
      tokenUrl: 'http://t.test/auth/token',
      clientId: ID,
      clientSecret: SECRET,
      signing: undefined,
    },
    { writes: true, userIds: [], seed: 1, settleMs: 1000, deliveriesSigned: false },
    { send, clock, listen: listen ?? usual },
  );
  const footprint = new Footprint();
  let registrations: Registrations | undefined;
  return {
    clock,
    client,
    session,
    redactor,
    footprint,
    asked,
    seen,
    isListening: () => heard !== undefined,
    hear: (request) => present(heard)(request),
    registrations: () => present(registrations),
    open: (observe = (delivery) => void seen.push(delivery)) =>
      Subscription.open({
        contract,
        ask: (spec) => client.ask(spec),
        scopes: ['accounts:read'],
        attempted: (all) => {
          registrations = all;
        },
        clock,
        redactor,
        footprint,
        listen: listen ?? usual,
        prefix: 'x',
        observe,
      }),
  };
}

const whatOf = ({ asked }: SetUp) => asked.map(({ what }) => what);
const event = (changes: object = {}) => ({ id: ID, type: 'ACCOUNT_GROUP.CREATED', object: group(), ...changes });

function post(subscription: Subscription, body: unknown, changes: Partial<ReceivedRequest> = {}): ReceivedRequest {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const headers = [['content-type', 'application/json']] as const;
  return { method: 'POST', path: subscription.url.pathname, headers, body: bytes, ...changes };
}

describe('a registration', () => {
  test('has an unguessable URL, is enabled, and is removed at the end', async () => {
    const one = setUp();
    const subscription = await one.open();
    assert.match(subscription.url.href, /^https:\/\/suite\.test\/[0-9a-f-]{36}$/);
    assert.deepEqual(whatOf(one).slice(0, TRIAL.length), TRIAL);
    assert.deepEqual(one.asked.slice(TRIAL.length), [
      {
        what: 'POST /webhooks',
        body: { ...object(RECIPE.body), url: subscription.url.href },
      },
      { what: 'PATCH /webhooks/', body: RECIPE.enabled },
    ]);
    assert.deepEqual(one.footprint.toJSON().webhooks, [{ id: ID, state: 'registered' }]);
    await subscription.close();
    assert.equal(whatOf(one).at(-1), 'DELETE /webhooks/');
    assert.deepEqual(one.footprint.toJSON().webhooks, [{ id: ID, state: 'removed' }]);
    assert.equal(one.isListening(), false);
  });

  test('has a different URL in every run', async () => {
    assert.notEqual((await setUp().open()).url.href, (await setUp().open()).url.href);
  });

  test('that is enabled from the start is enabled again, so that enabling is judged', async () => {
    const enabled = { id: ID, enabled: true };
    const one = setUp({ 'POST /webhooks': [201, enabled], 'PATCH /webhooks/': [200, enabled] });
    await one.open();
    assert.deepEqual(whatOf(one), [...TRIAL, 'POST /webhooks', 'PATCH /webhooks/']);
  });

  for (const answer of [400, [200, { id: ID, enabled: true }]] as const)
    test(`that does not say whether it is enabled is enabled if possible (${String(answer)})`, async () => {
      const one = setUp({ 'POST /webhooks': [201, { id: ID }], 'PATCH /webhooks/': answer });
      await one.open();
      assert.deepEqual(whatOf(one), [...TRIAL, 'POST /webhooks', 'PATCH /webhooks/']);
      assert.equal(one.registrations().trial.calls.enabled === undefined, answer === 400);
    });

  test('that is refused for a URL without TLS names the setting', async () => {
    const listen: Listen = async () => ({ url: 'http://127.0.0.1:4000', close: async () => undefined });
    const one = setUp({ 'POST /webhooks': [400, { status: 400, type: 'invalid_request' }] }, listen);
    await assert.rejects(one.open(), /no webhook could be registered: .* set WEBHOOK_URL to an https URL/);
  });

  test('by a caller without the scope is attempted, and removed if it is not refused', async () => {
    const token = [200, { access_token: `${TOKEN}-stranger`, token_type: 'bearer', expires_in: 3600 }] as const;
    const one = setUp({ stranger: token });
    await one.open();
    const { stranger } = one.registrations();
    assert.deepEqual([stranger.calls.registered?.response.status, stranger.isRemoved], [201, true]);
    assert.equal(whatOf(one).filter((what) => what === 'DELETE /webhooks/').length, 2);
  });

  const refusals: ReadonlyArray<readonly [what: string, answer: Answer]> = [
    ['refused', [403, { status: 403, type: 'forbidden' }]],
    ['redirected', 307],
    ['answered with nothing', 201],
    ['answered with something else', [200, '<html>']],
    ['answered without an id', [201, { enabled: false }]],
    ['answered with an id that is none', [201, { id: 7 }]],
    ['answered with a list', [201, [{ id: ID }]]],
  ];
  for (const [what, answer] of refusals)
    test(`that is ${what} blocks, and the listener is closed`, async () => {
      const one = setUp({ 'POST /webhooks': answer });
      await assert.rejects(one.open(), (error) => {
        assert.ok(error instanceof Blocked, String(error));
        assert.match(error.message, /no webhook could be registered: POST \/webhooks -> \d{3}/);
        return true;
      });
      assert.equal(one.isListening(), false);
      assert.deepEqual([whatOf(one), one.footprint.toJSON().webhooks], [['POST /webhooks', 'GET /webhooks'], []]);
    });

  test('without an answer is not a refusal, and the listener is closed', async () => {
    const one = setUp({ 'POST /webhooks': 'no answer' });
    await assert.rejects(one.open(), { name: 'TransportError' });
    assert.equal(one.isListening(), false);
  });

  for (const answer of ['no answer', 500] as const)
    test(`that was made behind an error (${String(answer)}) is found and removed`, async () => {
      const url = () => object(one.asked[0]?.body).url;
      const others = { id: SECRET, url: 'https://suite.test/of-another-run' };
      const one = setUp({
        'POST /webhooks': answer,
        get 'GET /webhooks'(): Answers[string] {
          return [200, { meta: {}, data: [others, { id: ID, url: url() }] }];
        },
      });
      await assert.rejects(one.open());
      assert.deepEqual(whatOf(one), ['POST /webhooks', 'GET /webhooks', 'DELETE /webhooks/']);
      assert.deepEqual(one.footprint.toJSON().webhooks, [{ id: ID, state: 'removed' }]);
    });

  test('whose answer has no id is found and used', async () => {
    const url = () => object(one.asked.findLast(({ what }) => what === 'POST /webhooks')?.body).url;
    const one = setUp({
      'POST /webhooks': [201, { enabled: false }],
      get 'GET /webhooks'(): Answers[string] {
        return [200, { meta: {}, data: [{ id: ID, url: url() }] }];
      },
    });
    await one.open();
    const found = ['POST /webhooks', 'GET /webhooks', 'PATCH /webhooks/'];
    assert.deepEqual(whatOf(one), [...found, 'DELETE /webhooks/', ...found]);
  });

  for (const answer of [[409, {}], 'no answer'] as const)
    test(`that cannot be enabled (${String(answer)}) is removed again`, async () => {
      const one = setUp({ 'PATCH /webhooks/': answer });
      await assert.rejects(one.open(), answer === 'no answer' ? TransportError : Blocked);
      assert.deepEqual(whatOf(one), ['POST /webhooks', 'PATCH /webhooks/', 'DELETE /webhooks/']);
      assert.deepEqual(one.footprint.toJSON().webhooks, [{ id: ID, state: 'removed' }]);
      assert.equal(one.isListening(), false);
    });

  for (const answer of [403, 500, 503, 'no answer'] as const)
    test(`that cannot be removed (${answer}) stays in the footprint, and the listener is closed`, async () => {
      const one = setUp({ 'DELETE /webhooks/': answer });
      await (await one.open()).close();
      assert.deepEqual(one.footprint.toJSON().webhooks, [{ id: ID, state: 'registered' }]);
      assert.equal(one.isListening(), false);
    });

  test('is not attempted if the address cannot be bound', async () => {
    const one = setUp({}, () => Promise.reject(new Error('listen EADDRINUSE: 127.0.0.1:1')));
    await assert.rejects(one.open(), /cannot listen for deliveries: listen EADDRINUSE: 127\.0\.0\.1:1/);
    assert.deepEqual(one.asked, []);
  });

  test('is removed at the end of a session, even if its groups cannot be closed', async () => {
    for (const answer of [500, 'no answer'] as const) {
      const one = setUp({ 'DELETE /account_groups/': answer });
      await one.session.result(caseOf('listens', [], async (api) => void (await api.deliveries())));
      one.session.footprint.created(ID);
      await one.session.close();
      assert.equal(whatOf(one).at(-1), 'DELETE /webhooks/');
      const { groups, webhooks } = one.session.footprint.toJSON();
      assert.deepEqual([groups, webhooks], [[{ id: ID, state: 'open' }], [{ id: ID, state: 'removed' }]]);
      assert.equal(one.isListening(), false);
    }
  });

  test('that was refused does not keep a session from ending', async () => {
    const one = setUp({ 'POST /webhooks': 403 });
    const result = await one.session.result(
      caseOf('listens', ['event.created'], async (api) => void (await api.deliveries())),
    );
    assert.match(present(result.blocked['event.created']), /no webhook could be registered/);
    await one.session.close();
  });
});

describe('a delivery', () => {
  test('to the removed registration is kept apart, and acknowledged', async () => {
    const one = setUp();
    const subscription = await one.open();
    const { pathname } = one.registrations().trial.url;
    assert.equal(one.hear(post(subscription, { payload: [event()] }, { path: pathname })), 204);
    assert.deepEqual([subscription.deliveries.length, one.seen.length], [0, 0]);
    const [late] = subscription.late;
    assert.deepEqual([late?.events.length, late?.exchange.id, late?.exchange.response.status], [1, 'xr1', 204]);
  });

  test('wakes those who wait, and is kept in order', async () => {
    const one = setUp();
    const subscription = await one.open();
    const waiting = subscription.until((all) => all.length === 2, 1000);
    assert.equal(one.hear(post(subscription, { payload: [] })), 204);
    assert.equal(
      one.hear(post(subscription, { payload: [event()] }, { path: `${subscription.url.pathname}?x=1` })),
      503,
    );
    assert.equal(await waiting, true);
    assert.equal(await subscription.until((all) => all.length === 2, 0), true, 'at once');
    assert.equal(await subscription.until((all) => all.length === 3, 1000), false, 'never');
    const [first, second] = subscription.deliveries.map(({ exchange }) => exchange);
    assert.deepEqual([first?.id, second?.id], ['xd1', 'xd2']);
    assert.deepEqual([first?.response.status, second?.response.status], [204, 503]);
    assert.deepEqual(
      one.seen.map(({ exchange }) => exchange.id),
      ['xd1', 'xd2'],
    );
  });

  test('is refused once, the first time that it has events', async () => {
    const one = setUp();
    const subscription = await one.open();
    const bodies = ['', 'x', { payload: [] }, { payload: [event()] }, { payload: [event()] }, event(), { payload: [] }];
    assert.deepEqual(
      bodies.map((body) => one.hear(post(subscription, body))),
      [204, 204, 204, 503, 204, 204, 204],
    );
  });

  test('to another path, or by another method, is not recorded', async () => {
    const one = setUp();
    const subscription = await one.open();
    const { pathname } = subscription.url;
    const strange = [
      '',
      '/',
      '*',
      '//',
      '///',
      'http://[',
      'http://',
      '/x',
      `${pathname}/x`,
      `/?${pathname}`,
      pathname.slice(0, -1),
      `/%00${pathname.slice(1)}`,
    ];
    for (const path of strange) assert.equal(one.hear(post(subscription, { payload: [event()] }, { path })), 404, path);
    for (const method of ['GET', 'PUT', 'OPTIONS', 'post', ''])
      assert.equal(one.hear(post(subscription, { payload: [event()] }, { method })), 404, method);
    assert.deepEqual([subscription.deliveries.length, one.seen.length], [0, 0]);
  });

  test('through a proxy that adds to the path is accepted', async () => {
    const one = setUp();
    const subscription = await one.open();
    assert.equal(one.hear(post(subscription, {}, { path: `/tunnel${subscription.url.pathname}` })), 204);
    assert.equal(one.hear(post(subscription, {}, { path: `http://[x${subscription.url.pathname}` })), 204);
  });

  test('is recorded without secrets, however they are echoed', async () => {
    const one = setUp();
    const subscription = await one.open();
    const echoes = [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET).slice(1, -1), TOKEN];
    const headers = echoes.map((echo) => ['x-echo', `a${echo}b`] as const);
    one.hear(post(subscription, { payload: [event({ echoes, type: SECRET })] }, { headers }));
    one.hear(post(subscription, `not JSON: ${echoes.join(' ')}`, { headers }));
    const written = JSON.stringify(subscription.deliveries.map(({ exchange }) => exchange));
    for (const echo of echoes) assert.ok(!written.includes(JSON.stringify(echo).slice(1, -1)), echo);
    assert.match(written, /\$CLIENT_SECRET/);
  });

  test('is recorded without the beginning of a secret, wherever it is cut', () => {
    const { redactor } = setUp();
    for (const secret of [SECRET, `jwt-${'eyJ'.repeat(300)}`]) {
      redactor.add(secret, 'IT');
      const written = JSON.stringify(secret).slice(1, -1);
      for (let length = 0; length < 130; length++) {
        const clean = redactor.redact(`status is ${excerpt(`${'x'.repeat(length)}${secret}`)}, and that is wrong`);
        assert.ok(!clean.includes(written.slice(0, 5)), clean);
        assert.match(clean, /^status is ".*, and that is wrong$/);
      }
    }
    assert.equal(redactor.redact('hush and jwt... and so on...'), 'hush and jwt... and so on...');
  });

  test('may have any content', async () => {
    const one = setUp();
    const subscription = await one.open();
    const headers = [
      ['content-type', '\u0000\u00ff'],
      ['__proto__', 'x'],
      ['', ''],
      ['x', 'y'.repeat(60_000)],
    ] as const;
    const bodies = [
      new Uint8Array(),
      Uint8Array.from({ length: 256 }, (_, index) => index),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('\ufeff{"payload": []}'),
      '['.repeat(500_000),
      `${'{"payload":['.repeat(10_000)}${']}'.repeat(10_000)}`,
      '{"__proto__": {"payload": [{"object": 1}]}, "payload": null}',
      '{"payload": [{"object": {"id": {"id": 1}}}, null, [], 7]}',
      '"payload"',
      'null',
    ];
    for (const body of bodies) one.hear(post(subscription, body, { headers }));
    assert.equal(subscription.deliveries.length, bodies.length);
    for (const { exchange } of subscription.deliveries)
      assert.ok(object(JSON.parse(JSON.stringify(exchange))) && (exchange.request.body ?? '').length < 20_000);
  });

  test('beyond the limits is refused, and reading the deliveries throws', async () => {
    const floods = [
      { body: Buffer.alloc(4 * 1024 * 1024, 'x') },
      { body: new Uint8Array(), headers: [['x', 'y'.repeat(60_000)]] as const },
    ];
    for (const flood of floods) {
      const one = setUp();
      const subscription = await one.open();
      const waiting = assert.rejects(
        subscription.until(() => false, 1e9),
        /delivered more than \d+ bytes/,
      );
      let count = 0;
      while (one.hear(post(subscription, '', flood)) === 204) assert.ok(++count < 2000, 'nothing is turned away');
      await waiting;
      assert.throws(() => subscription.deliveries, TransportError);
      await subscription.close();
    }
  });

  test('that cannot be judged makes reading the deliveries throw', async () => {
    const one = setUp();
    const subscription = await one.open(() => {
      throw new TypeError('a bug in a check');
    });
    const waiting = assert.rejects(
      subscription.until(() => false, 1e9),
      /a bug in a check/,
    );
    assert.equal(one.hear(post(subscription, { payload: [event()] })), 503);
    await waiting;
    assert.throws(() => subscription.deliveries, /a bug in a check/);
  });
});

describe('the keys that verify deliveries', () => {
  test('are requested once', async () => {
    const one = setUp({ 'GET /auth/verify_keys': [200, { keys: [] }] });
    const subscription = await one.open();
    const [first, second] = await Promise.all([subscription.keys(), subscription.keys()]);
    assert.equal(first, second);
    assert.equal(whatOf(one).filter((what) => what.startsWith('GET')).length, 1);
  });

  for (const answer of [403, [200, {}], [200, '<html>'], [200, []], [404, { keys: [] }]] as const)
    test(`are blocked by ${JSON.stringify(answer)}`, async () => {
      const subscription = await setUp({ 'GET /auth/verify_keys': answer }).open();
      await assert.rejects(subscription.keys(), (error) => {
        assert.ok(error instanceof Blocked, String(error));
        assert.match(error.message, /does not publish the keys .*: GET \/auth\/verify_keys -> \d{3}/);
        return true;
      });
    });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { AnyEvent, Delivery } from '../delivery.ts';
import { sightings } from '../delivery.ts';
import { decodeBody, type Exchange } from '../exchange.ts';
import { broken, contract, exchange, group, judgedIn } from '../fixtures.ts';
import { eventsIn, judgeDelivery, judgeTogether } from './delivery.ts';

const WEBHOOK = '9df39835-be87-4243-9018-f2500b39cee6';
const NOW = Date.UTC(2026, 0, 1);

type Json = Record<string, unknown>;

/** A conforming event. */
const event = (changes: Json = {}): Json => ({
  id: randomUUID(),
  created_at: '2025-12-31T23:59:00Z',
  type: 'ACCOUNT_GROUP.CREATED',
  object: group(),
  webhook_id: WEBHOOK,
  ...changes,
});

const typed = (step: string, changes: Json = {}) => event({ type: `ACCOUNT_GROUP.${step}`, ...changes });

/** A body as it arrives; a string is sent verbatim. */
function delivery(body: unknown, contentType: string | undefined = 'application/json'): Delivery {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { json } = decodeBody({ body: Buffer.from(text) });
  const usual = exchange({ operation: undefined, method: 'POST', sent: text, endedAt: NOW });
  const headers: Exchange['request']['headers'] = contentType === undefined ? [] : [['content-type', contentType]];
  const received: Exchange = { ...usual, received: true, request: { ...usual.request, headers } };
  return { exchange: received, json, events: eventsIn(json?.value) };
}

const judge = (body: unknown, contentType?: string) => judgeDelivery(contract, delivery(body, contentType), WEBHOOK);
const wrongIn = (body: unknown) => broken(judge(body));
const wrongWith = (changes: Json) => wrongIn({ payload: [event(changes)] });
const together = (...bodies: AnyEvent[][]) =>
  judgeTogether(contract, sightings(bodies.map((payload) => delivery({ payload }))));

describe('the events in a body', () => {
  const one = event();
  const bodies: ReadonlyArray<readonly [what: string, body: unknown, events: readonly unknown[]]> = [
    ['an envelope', { payload: [one, one] }, [one, one]],
    ['an envelope with members of its own', { payload: [one], id: 1, object: {} }, [one]],
    ['an empty envelope', { payload: [] }, []],
    ['an envelope with junk between events', { payload: [1, null, one, [one], 'x'] }, [one]],
    ['an event without an envelope', one, [one]],
    ['an event of which little is left', { object: 1 }, [{ object: 1 }]],
    ['an envelope around one event', { payload: one }, []],
    ['an object', {}, []],
    ['a list of events', [one], []],
    ['a word', 'payload', []],
    ['null', null, []],
    ['nothing', undefined, []],
  ];
  for (const [what, body, events] of bodies) test(what, () => assert.deepEqual(eventsIn(body), events));

  test('are found in a body without a prototype', () => {
    assert.deepEqual(eventsIn(JSON.parse('{"__proto__": {"payload": [{"object": {}}]}}')), []);
  });
});

describe('a delivery', () => {
  const kept: ReadonlyArray<readonly [what: string, body: unknown]> = [
    ['as it should be', { payload: [event()] }],
    ['without events', { payload: [] }],
    ['with ids in upper case', { payload: [event({ webhook_id: WEBHOOK.toUpperCase() })] }],
    ['with fractions and an offset of zero', { payload: [event({ created_at: '2025-12-31T23:59:00.00+00:00' })] }],
    ['of a moment ago, by another clock', { payload: [event({ created_at: '2026-01-01T00:04:59Z' })] }],
    [
      'whose event is less than a second older than its group',
      {
        payload: [
          event({
            created_at: '2025-06-01T00:00:00Z',
            object: group({ created_at: '2025-06-01T00:00:00.9Z', updated_at: '2025-06-01T00:00:01Z' }),
          }),
        ],
      },
    ],
    ['about a group that has gone on since', { payload: [typed('CREATED', { object: group({ status: 'CLOSED' }) })] }],
    ['about a lock that is gone', { payload: [typed('LOCKED', { object: group({ status: 'ACTIVE' }) })] }],
    ['of events of one instant', { payload: [event(), event()] }],
    ['of one instant in two spellings', { payload: [event(), event({ created_at: '2025-12-31T23:59:00.000Z' })] }],
  ];
  for (const [what, body] of kept) test(`${what} is kept`, () => assert.deepEqual(wrongIn(body), []));

  test('that conforms was judged by every check', () => {
    const seen = judgedIn(judge({ payload: [event(), event()] }));
    for (const id of [
      'event.media-type',
      'event.order',
      'event.webhook-id',
      'event.created-at-utc',
      'event.not-in-the-future',
      'event.not-before-its-group',
    ])
      assert.ok(seen.includes(id), id);
    for (const id of seen) assert.ok(contract.requirements.has(id), `${id} is no requirement`);
  });

  const later = '2025-12-31T23:59:01Z';
  const wrong: ReadonlyArray<readonly [what: string, body: unknown, requirements: readonly string[]]> = [
    ['out of order', { payload: [event({ created_at: later }), event()] }, ['event.order']],
    [
      'out of order around an event without a time',
      { payload: [event({ created_at: later }), event({ created_at: 'now' }), event()] },
      ['account-group-event.created_at.format', 'event.order'],
    ],
    ['for another webhook', { payload: [event({ webhook_id: randomUUID() })] }, ['event.webhook-id']],
    ['with a local time', { payload: [event({ created_at: '2026-01-01T01:59:00+02:00' })] }, ['event.created-at-utc']],
    ['from the future', { payload: [event({ created_at: '2026-01-01T00:05:01Z' })] }, ['event.not-in-the-future']],
    [
      'older than its group',
      { payload: [event({ created_at: '2025-05-31T23:59:59Z' })] },
      ['event.not-before-its-group'],
    ],
    [
      'with a status before the step',
      { payload: [typed('CLOSED', { object: group({ status: 'CLOSING' }) })] },
      ['event.object-not-behind'],
    ],
    [
      'of an activation that is still to come',
      { payload: [typed('ACTIVATED', { object: group({ status: 'PENDING_APPROVAL' }) })] },
      ['event.object-not-behind'],
    ],
    [
      'with a group of its own making',
      { payload: [event({ object: group({ x: 1 }) })] },
      ['account-group.additionalProperties'],
    ],
    ['with a type of its own', { payload: [typed('OPENED')] }, ['account-group-event.type.enum']],
    ['with a member of its own', { payload: [event({ x: 1 })] }, ['account-group-event.additionalProperties']],
    ['without an envelope', event(), ['event.enveloped']],
    ['with members of something else', { events: [event()] }, ['event-delivery.payload.required']],
    ['with an envelope around one event', { payload: event() }, ['event-delivery.payload.type']],
    ['of junk', { payload: [1] }, ['account-group-event.type']],
  ];
  for (const [what, body, requirements] of wrong)
    test(`${what} breaks ${requirements.join(', ')}`, () => assert.deepEqual(wrongIn(body), requirements));

  test('that is not JSON only violates the media type', () => {
    for (const body of ['', '{"payload": [', '<p>', '['.repeat(100_000), '\u0000'])
      assert.deepEqual(wrongIn(body), ['event.media-type'], body.slice(0, 20));
  });

  test('has the media type of JSON, with or without parameters', () => {
    const body = { payload: [event()] };
    for (const type of ['application/json', 'Application/JSON ; charset=utf-8'])
      assert.deepEqual(broken(judge(body, type)), [], type);
    for (const type of ['text/plain', 'application/json+x', '', 'application/problem+json'])
      assert.deepEqual(broken(judge(body, type)), ['event.media-type'], type);
    const bare = delivery(body);
    const without = { ...bare, exchange: { ...bare.exchange, request: { ...bare.exchange.request, headers: [] } } };
    assert.deepEqual(broken(judgeDelivery(contract, without, WEBHOOK)), ['event.media-type']);
  });

  test('without its envelope is still judged as an event', () => {
    const { id: _, ...bare } = event({ webhook_id: randomUUID() });
    assert.deepEqual(wrongIn(bare), ['account-group-event.id.required', 'event.enveloped', 'event.webhook-id']);
  });

  test('is not compared with a registration that is not known yet', () => {
    const judged = judgeDelivery(contract, delivery({ payload: [event({ webhook_id: randomUUID() })] }), undefined);
    assert.ok(!judgedIn(judged).includes('event.webhook-id'));
  });

  test('with members of wrong types is left to the schema', () => {
    for (const junk of [null, 1, true, [], {}, '', 'x', [[]], { id: 1 }])
      for (const member of ['id', 'created_at', 'type', 'object', 'webhook_id']) {
        const ids = wrongWith({ [member]: junk });
        assert.ok(ids.length > 0, `${member} ${JSON.stringify(junk)}`);
        for (const id of ids)
          assert.match(id, /^account-group(-event|-user)?\./, `${member} ${JSON.stringify(junk)} breaks ${id}`);
      }
  });

  test('with many wrong events reports each keyword three times, including the last event', () => {
    const payload = Array.from({ length: 2_000 }, (_, index) => event(index === 1_234 ? { webhook_id: 1 } : { x: 1 }));
    const judged = judge({ other: payload, payload });
    const told = (id: string) =>
      judged.filter(({ requirement }) => requirement === id).flatMap(({ violations }) => violations);
    assert.equal(told('account-group-event.additionalProperties').length, 3);
    assert.deepEqual(told('account-group-event.webhook_id.type'), [
      'body/payload/1234/webhook_id is 1, and must be string',
    ]);
    assert.deepEqual(told('event-delivery.payload.required'), []);
  });

  test('of maximum size that is wrong throughout is judged in linear time', () => {
    const body = `{"payload": [${'{},'.repeat(60_000)}{}]}`;
    assert.ok(wrongIn(body).includes('account-group-event.object.required'));
  });

  test('is quoted in a line or two at most', () => {
    const long = 'x'.repeat(100_000);
    const stamp = `2099-01-01T00:00:00.${'1'.repeat(100_000)}+02:00`;
    const judged = judge({
      payload: [event({ created_at: stamp }), event({ type: long, webhook_id: long, object: group({ status: long }) })],
    });
    for (const { requirement, violations } of judged)
      for (const seen of violations) assert.ok(seen.length < 500, `${requirement}: ${seen.length}`);
  });
});

describe('deliveries together', () => {
  const it = group();
  const created = typed('CREATED', { object: it });

  test('may repeat an event', () => {
    assert.deepEqual(broken(together([created], [created, typed('CLOSED', { object: it })], [created])), []);
  });

  test('may repeat an event with its id in another case', () => {
    assert.deepEqual(broken(together([created], [{ ...created, id: String(created.id).toUpperCase() }])), []);
  });

  test('may not announce one step twice, in whatever case the group id is written', () => {
    const shouted = { ...it, id: String(it.id).toUpperCase() };
    const judged = together([created], [typed('CREATED', { object: shouted })]);
    assert.deepEqual(broken(judged), ['event.once']);
    const [told] = judged.filter(({ violations }) => violations.length > 0);
    assert.equal(told?.exchanges.length, 2);
    assert.match(told?.violations[0] ?? '', /^ACCOUNT_GROUP\.CREATED of one group as \S+ and \S+$/);
  });

  test('may announce the same step for different groups', () => {
    assert.deepEqual(broken(together([created, event(), event()])), []);
  });

  test('may use an id only once', () => {
    const judged = together([created], [typed('CLOSED', { object: it, id: String(created.id).toUpperCase() })]);
    assert.deepEqual(broken(judged), ['event.id-unique']);
  });

  test('may lock and reopen a group equally often', () => {
    const step = (word: string) => typed(word, { object: it });
    assert.deepEqual(broken(together([step('ACTIVATED'), step('LOCKED'), step('ACTIVATED')])), []);
    assert.deepEqual(broken(together(['ACTIVATED', 'LOCKED', 'ACTIVATED', 'LOCKED', 'ACTIVATED'].map(step))), []);
    assert.deepEqual(broken(together([step('ACTIVATED'), step('ACTIVATED')])), ['event.once']);
    assert.deepEqual(broken(together(['ACTIVATED', 'ACTIVATED', 'LOCKED', 'ACTIVATED'].map(step))), ['event.once']);
    const twice = { ...step('LOCKED'), id: created.id };
    assert.deepEqual(
      broken(
        together([step('ACTIVATED'), twice, { ...twice, id: String(created.id).toUpperCase() }, step('ACTIVATED')]),
      ),
      [],
      'one lock, told twice',
    );
  });

  test('may close a group only once, whatever happens in between', () => {
    const step = (word: string) => typed(word, { object: it });
    assert.deepEqual(broken(together(['CLOSED', 'LOCKED', 'CLOSED'].map(step))), ['event.once']);
    assert.deepEqual(broken(together(['CREATED', 'LOCKED', 'CREATED'].map(step))), ['event.once']);
  });

  test('may repeat an unknown type, which is not a step', () => {
    assert.deepEqual(broken(together([typed('UPDATED', { object: it })], [typed('UPDATED', { object: it })])), []);
  });

  test('without id, type or group are left to the schema', () => {
    for (const changes of [{ id: undefined }, { id: 7 }, { type: undefined }, { type: {} }, { object: undefined }])
      assert.deepEqual(broken(together([event({ object: it, ...changes }), event({ object: it })])), []);
    for (const object of [null, 1, [], {}, { id: 1 }])
      assert.deepEqual(broken(together([event({ object }), event({ object })])), []);
  });

  test('may use names that every object inherits', () => {
    const odd = { object: { ...it, id: '__proto__' }, type: 'constructor' };
    assert.deepEqual(broken(together([event(odd), event(odd), event({ ...odd, id: 'toString' })])), []);
  });

  test('with thousands of events for one group give one short message per step', () => {
    const payload = ['ACTIVATED', 'LOCKED', 'CLOSED'].flatMap((word) =>
      Array.from({ length: 3_000 }, () => typed(word, { object: it })),
    );
    const other = Array.from({ length: 3_000 }, (_, index) =>
      typed(`T${index}`, { object: it, id: created.id, created_at: 'x'.repeat(1000) }),
    );
    const judged = together(payload, other);
    assert.deepEqual(broken(judged), ['event.id-unique', 'event.once']);
    assert.equal(judged.filter(({ requirement }) => requirement === 'event.once').length, 3);
    for (const { violations } of judged) for (const seen of violations) assert.ok(seen.length < 1000, seen);
  });
});

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { createReference, REFERENCE_DEFAULTS, type Reference, type ReferenceOptions } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOBODY = '00000000-0000-4000-8000-000000000000';
const BASE = 'http://reference.test';
const { clientId, clientSecret } = REFERENCE_DEFAULTS;
const ALL_SCOPES = 'accounts:read accounts:admin users:read users:admin webhooks:read webhooks:admin';
const PERSON = {
  first_name: 'Ada',
  last_name: 'Muster',
  birth_date: '1980-02-29',
  nationalities: ['DE'],
  address: { address_line1: 'Ringstr. 5', postcode: '10115', city: 'Berlin', country: 'DE' },
};
const FORM = { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials', scope: ALL_SCOPES };

type Json = Record<string, unknown>;
type Headers = Record<string, string | undefined>;
interface Ask {
  readonly method?: string;
  readonly headers?: Headers;
  readonly body?: string | Uint8Array | object;
}
interface Answer {
  readonly status: number;
  readonly headers: globalThis.Headers;
  readonly text: string;
  readonly json: Json;
}

const object = (value: unknown): Json => {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  return Object.fromEntries(Object.entries(value));
};
const objects = (value: unknown): Json[] => {
  assert.ok(Array.isArray(value));
  return value.map(object);
};
const text = (value: unknown): string => {
  assert.ok(typeof value === 'string');
  return value;
};

/** Sends, and holds every answer to what all answers promise. */
async function send(reference: Reference, path: string, { method = 'GET', headers = {}, body }: Ask = {}) {
  const pairs = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const raw =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const init = { method, headers: pairs, ...(raw !== undefined && { body: Buffer.from(raw) }) };
  const response = await reference.fetch(new Request(BASE + path, init));
  const content = await response.text();
  const requestId = response.headers.get('upvest-request-id') ?? '';
  assert.match(requestId, UUID_V4);
  const answer: Answer = {
    status: response.status,
    headers: response.headers,
    text: content,
    json: content === '' ? {} : object(JSON.parse(content)),
  };
  if (response.status >= 400 && method !== 'HEAD') {
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    assert.deepEqual(Object.keys(answer.json).sort(), ['detail', 'request_id', 'status', 'title', 'type']);
    assert.equal(answer.json.status, response.status);
    assert.equal(answer.json.request_id, requestId);
    assert.doesNotMatch(content, /\\n| at |\.ts\b|node:/);
  }
  return answer;
}

const token = (reference: Reference, form: Headers | string | [string, string][], headers: Headers = {}) =>
  send(reference, '/auth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(JSON.parse(JSON.stringify(form))).toString(),
  });

/** A reference on a clock of its own, and somebody with a token. */
async function open(options: ReferenceOptions = {}, scope = ALL_SCOPES) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const reference = createReference({ now: () => clock.now, ...options });
  const bearer = async (wanted: string) =>
    `Bearer ${text((await token(reference, { ...FORM, scope: wanted })).json.access_token)}`;
  const headers = { 'upvest-client-id': clientId, authorization: await bearer(scope) };
  const ask = (path: string, extra: Ask = {}) =>
    send(reference, path, { ...extra, headers: { ...headers, ...extra.headers } });
  const post = (path: string, body: NonNullable<Ask['body']>, extra: Headers = {}) =>
    ask(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...extra },
    });
  const user = async () => text((await post('/users', PERSON)).json.id);
  const group = async () =>
    (await post('/account_groups', { user_id: await user(), type: 'PERSONAL' })).json as Readonly<Json>;
  const close = (id: unknown) => ask(`/account_groups/${id}`, { method: 'DELETE' });
  const seeds = async () => objects((await ask('/account_groups')).json.data);
  return { clock, reference, bearer, headers, ask, post, user, group, close, seeds };
}

describe('tokens', () => {
  test('are issued for known credentials', async () => {
    const reference = createReference();
    for (const contentType of [
      'application/x-www-form-urlencoded',
      'Application/X-WWW-Form-Urlencoded; charset=UTF-8',
    ]) {
      const { status, headers, json } = await token(
        reference,
        { ...FORM, scope: 'accounts:read users:admin' },
        { 'content-type': contentType },
      );
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'application/json');
      assert.equal(headers.get('cache-control'), 'no-store');
      const { access_token, ...rest } = json;
      assert.match(text(access_token), /^[\w-]{40,}$/);
      assert.deepEqual(rest, { expires_in: 1800, token_type: 'bearer', scope: 'accounts:read users:admin' });
    }
  });

  const without = (name: string) => Object.fromEntries(Object.entries(FORM).filter(([field]) => field !== name));
  const twice = (name: keyof typeof FORM): [string, string][] => [...Object.entries(FORM), [name, FORM[name]]];
  for (const [name, form, status, headers] of [
    ['wrong secret', { ...FORM, client_secret: 'x' }, 401],
    ['unknown client', { ...FORM, client_id: NOBODY }, 401],
    ['unknown scope', { ...FORM, scope: 'accounts:read orders:admin' }, 401],
    ['comma between scopes', { ...FORM, scope: 'accounts:read,accounts:admin' }, 401],
    ['inherited property as scope', { ...FORM, scope: 'constructor' }, 401],
    ...['client_id', 'client_secret', 'grant_type', 'scope'].map((field) => [`no ${field}`, without(field), 400]),
    ...(['client_id', 'client_secret', 'grant_type', 'scope'] as const).map((f) => [`two of ${f}`, twice(f), 400]),
    ['client_id no uuid', { ...FORM, client_id: 'me' }, 400],
    ['another grant', { ...FORM, grant_type: 'password' }, 400],
    ['empty scope', { ...FORM, scope: '' }, 400],
    ['long secret', { ...FORM, client_secret: 'x'.repeat(1001) }, 400],
    ['unknown field', { ...FORM, audience: 'x' }, 400],
    ['empty body', '', 400],
    ['JSON body', FORM, 400, { 'content-type': 'application/json' }],
    ['no content type', FORM, 400, { 'content-type': undefined }],
    ['no JSON wanted', FORM, 406, { accept: 'text/html' }],
  ] as [string, Headers | string | [string, string][], number, Headers?][]) {
    test(`${name}: ${status}`, async () => {
      assert.equal((await token(createReference(), form, headers)).status, status);
    });
  }

  test('expire', async () => {
    const { clock, ask } = await open({ tokenLifetimeSeconds: 2 });
    clock.now += 1999;
    assert.equal((await ask('/account_groups')).status, 200);
    clock.now += 1;
    assert.equal((await ask('/account_groups')).status, 401);
  });
});

describe('admission', () => {
  const RESOURCES = [
    ['GET', '/account_groups'],
    ['POST', '/account_groups'],
    ['GET', `/account_groups/${NOBODY}`],
    ['DELETE', `/account_groups/${NOBODY}`],
    ['POST', '/users'],
  ] as const;

  // Each request is wrong in its own step and in every later one, so that the order of the steps shows.
  test('looks at things in order', async () => {
    const { reference, bearer, headers } = await open();
    const other = await bearer('webhooks:read');
    const worst = { accept: 'text/html', 'upvest-api-version': '2' };
    const bad = { ...worst, accept: 'application/json' };
    for (const [method, path] of RESOURCES) {
      const ask = (extra: Headers) => send(reference, path, { method, headers: extra });
      assert.equal((await ask(worst)).status, 406);
      assert.equal((await ask(bad)).json.type, 'missing_client_id');
      assert.equal((await ask({ ...bad, 'upvest-client-id': 'me' })).status, 400);
      const foreign = { ...bad, 'upvest-client-id': NOBODY };
      assert.equal((await ask(foreign)).status, 401);
      assert.match(text((await ask({ ...foreign, authorization: other })).json.detail), /another client/);
      const scopeless = await ask({ ...bad, ...headers, authorization: other });
      assert.match(text(scopeless.json.detail), /scope/);
      assert.equal(scopeless.status, 403);
      assert.equal((await ask({ ...bad, ...headers })).status, 400);
      const { authorization } = headers;
      assert.equal((await ask({ authorization })).status, 400);
    }
    const nonsense = await send(reference, `/account_groups/nonsense`, { headers });
    assert.equal(nonsense.status, 404);
    assert.equal((await send(reference, '/account_groups/nonsense')).status, 400);
  });

  for (const [name, authorization] of [
    ['missing', undefined],
    ['empty', ''],
    ['without token', 'Bearer'],
    ['unknown', 'Bearer nobody-knows-me'],
    ['other scheme', 'Basic YTpi'],
    ['malformed', 'Bearer a b'],
  ] as const) {
    test(`authorization ${name}: 401 with a challenge`, async () => {
      const { ask } = await open();
      const { status, headers } = await ask('/account_groups', { headers: { authorization } });
      assert.equal(status, 401);
      assert.equal(headers.get('www-authenticate'), 'Bearer');
    });
  }

  for (const [scope, ...statuses] of [
    ['accounts:read', 200, 403, 404, 403, 403],
    ['accounts:admin', 200, 400, 404, 404, 403],
    ['users:admin', 403, 403, 403, 403, 400],
    ['users:read webhooks:admin', 403, 403, 403, 403, 403],
  ] as const) {
    test(`scope ${scope}`, async () => {
      const { ask } = await open({}, scope);
      const seen = await Promise.all(RESOURCES.map(async ([method, path]) => (await ask(path, { method })).status));
      assert.deepEqual(seen, statuses);
    });
  }

  for (const [accept, status] of [
    [undefined, 200],
    ['*/*', 200],
    ['application/*', 200],
    ['application/json', 200],
    ['APPLICATION/JSON;q=0.1', 200],
    ['text/html, application/json;q=0.5', 200],
    ['application/json;q=0, */*;q=0', 406],
    ['application/json;q=0, */*', 406],
    ['application/*;q=0, */*', 406],
    ['application/*;q=0, application/json', 200],
    ['*/*;q=0.000', 406],
    ['application/json;q=2', 406],
    ['application/xml', 406],
    ['application/problem+json', 406],
    ['application/jsonx', 406],
    ['text/x;a="application/json, */*"', 406],
    ['', 406],
  ] as const) {
    test(`accept ${accept ?? 'absent'}: ${status}`, async () => {
      const { ask } = await open();
      assert.equal((await ask('/account_groups', { headers: { accept } })).status, status);
    });
  }

  test('api version and client id are read leniently where it is harmless', async () => {
    const { ask } = await open();
    assert.equal((await ask('/account_groups', { headers: { 'upvest-api-version': '1' } })).status, 200);
    assert.equal(
      (await ask('/account_groups', { headers: { 'upvest-client-id': clientId.toUpperCase() } })).status,
      200,
    );
    for (const version of ['', '0', '2', '1.0', '"1"']) {
      assert.equal((await ask('/account_groups', { headers: { 'upvest-api-version': version } })).status, 400);
    }
  });

  for (const [path, allow] of [
    ['/auth/token', 'POST'],
    ['/users', 'POST'],
    ['/account_groups', 'GET, HEAD, POST'],
    [`/account_groups/${NOBODY}`, 'GET, HEAD, DELETE'],
  ] as const) {
    test(`methods of ${path}`, async () => {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const { status, headers } = await send(createReference(), path, { method, headers: { accept: 'text/html' } });
        assert.equal(status, allow.split(', ').includes(method) ? 406 : 405, method);
        assert.equal(headers.get('allow'), status === 405 ? allow : null);
      }
    });
  }

  for (const path of ['/', '/nope', '/account_groups/', '/account_group', `/account_groups/${NOBODY}/x`, '/users/x']) {
    test(`${path}: 404`, async () => assert.equal((await send(createReference(), path)).status, 404));
  }
});

describe('listing', () => {
  for (const [query, offset, limit, order] of [
    ['', 0, 100, 'ASC'],
    ['?sort=created_at', 0, 100, 'ASC'],
    ['?order=DESC&unknown=1&unknown=2', 0, 100, 'DESC'],
    ['?offset=2&limit=3', 2, 3, 'ASC'],
    ['?offset=5&limit=1000&order=DESC', 5, 1000, 'DESC'],
    ['?offset=7', 7, 100, 'ASC'],
    ['?offset=2147483647', 2147483647, 100, 'ASC'],
    ['?limit=0', 0, 0, 'ASC'],
  ] as const) {
    test(`part ${query || 'by default'}`, async () => {
      const { ask, seeds } = await open();
      const all = await seeds();
      if (order === 'DESC') all.reverse();
      const expected = all.slice(offset, offset + limit);
      const { status, headers, json } = await ask(`/account_groups${query}`);
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'application/json');
      assert.deepEqual(json, {
        meta: { offset, limit, count: expected.length, total_count: 7, sort: 'created_at', order },
        data: expected,
      });
    });
  }

  const numbers = ['', '-1', '%2B1', '+1', '1.0', '1e1', 'abc', '0x1', '%201', '1%20', 'NaN', '%D9%A1'];
  for (const query of [
    ...numbers.flatMap((value) => [`offset=${value}`, `limit=${value}`]),
    'limit=1001',
    'limit=1&limit=1',
    'offset=2147483648',
    'offset=0&offset=0',
    ...['', 'id', 'updated_at', 'CREATED_AT', 'created_at%20'].map((value) => `sort=${value}`),
    'sort=created_at&sort=created_at',
    ...['', 'asc', 'DESC%20', 'UP'].map((value) => `order=${value}`),
    'order=ASC&order=DESC',
  ]) {
    test(`${query}: 400`, async () => {
      const { ask } = await open();
      assert.equal((await ask(`/account_groups?${query}`)).status, 400);
    });
  }

  test('seeds show every status and type, an owner and a number each, and two created at once', async () => {
    const { clock, seeds } = await open();
    const groups = await seeds();
    clock.now += 1_000_000;
    assert.deepEqual(await seeds(), groups);
    const distinct = (member: string) => new Set(groups.map((group) => JSON.stringify(group[member]))).size;
    assert.deepEqual(
      ['id', 'status', 'type', 'users', 'securities_account_number', 'created_at'].map(distinct),
      [7, 5, 2, 7, 7, 6],
    );
    const created = groups.map((group) => text(group.created_at));
    assert.deepEqual(created, created.toSorted());
    for (const group of groups) {
      assert.match(text(group.id), UUID_V4);
      assert.match(text(group.securities_account_number), /^[0-9]{9}$/);
      assert.ok(text(group.updated_at) >= text(group.created_at));
    }
    assert.deepEqual(await (await open({ seeds: false })).seeds(), []);
  });

  test('sorts by creation even where the clock stands before the seeds', async () => {
    const { clock, group, seeds } = await open();
    clock.now = Date.UTC(2020, 0, 1);
    const { id } = await group();
    assert.equal((await seeds())[0]?.id, id);
  });

  test('keeps the order of insertion among groups of the same instant', async () => {
    const { group, seeds } = await open({ seeds: false });
    const ids = [await group(), await group(), await group()].map(({ id }) => id);
    assert.deepEqual(
      (await seeds()).map(({ id }) => id),
      ids,
    );
  });
});

describe('creation', () => {
  test('answers with the whole group', async () => {
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
    ['user_id no uuid', 400, { ...body, user_id: 'x' }],
    ['user_id with line end', 400, { ...body, user_id: `${NOBODY}\n` }],
    ['user_id no text', 400, { ...body, user_id: 1 }],
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
  ] as [string, number, NonNullable<Ask['body']>, Headers?][]) {
    test(`${name}: ${status}`, async () => {
      const { post, seeds } = await open();
      const answer = await post('/account_groups', sent, headers);
      assert.equal(answer.status, status);
      if (name === 'no key') assert.equal(answer.json.type, 'missing_idempotency_key');
      assert.equal((await seeds()).length, 7);
    });
  }

  test('seed owners may own further groups', async () => {
    const { post, seeds } = await open();
    const owner = objects((await seeds())[0]?.users)[0]?.id;
    assert.equal((await post('/account_groups', { user_id: owner, type: 'PERSONAL' })).status, 200);
  });
});

describe('users', () => {
  test('are created', async () => {
    const { clock, post } = await open();
    const at = new Date(clock.now).toISOString();
    const { status, json } = await post('/users', PERSON);
    const { id, ...rest } = json;
    assert.equal(status, 200);
    assert.match(text(id), UUID_V4);
    const kept = { ...PERSON, postal_address: PERSON.address, status: 'ACTIVE' };
    assert.deepEqual(rest, { created_at: at, updated_at: at, ...kept });
  });

  const consent = { consent_document_id: NOBODY, confirmed_at: '2020-08-24T14:15:22Z' };
  const tied = {
    ...PERSON,
    email: 'ada@example.com',
    birth_city: 'Bonn',
    birth_country: 'DE',
    fatca: { status: false, confirmed_at: '2020-08-24T14:15:22Z' },
    terms_and_conditions: consent,
    data_privacy_and_sharing_agreement: consent,
  };
  for (const [name, status, body, headers] of [
    ['optional members', 200, { ...PERSON, salutation: '', title: 'DR', postal_address: null }],
    ['vendor licence', 200, tied],
    ['vendor licence, a consent missing', 400, { ...tied, terms_and_conditions: undefined }],
    ...Object.keys(PERSON).map((member) => [`no ${member}`, 400, { ...PERSON, [member]: undefined }]),
    ...['address_line1', 'postcode', 'city', 'country'].map((member) => [
      `no address.${member}`,
      400,
      { ...PERSON, address: { ...PERSON.address, [member]: undefined } },
    ]),
    ['short name', 400, { ...PERSON, first_name: 'A' }],
    ['no such date', 400, { ...PERSON, birth_date: '1981-02-29' }],
    ['no nationality', 400, { ...PERSON, nationalities: [] }],
    ['own id', 400, { ...PERSON, id: NOBODY }],
    ['__proto__', 400, JSON.stringify(PERSON).replace('{', '{"__proto__":{},')],
    ['no key', 400, PERSON, { 'idempotency-key': undefined }],
  ] as [string, number, object | string, Headers?][]) {
    test(`${name}: ${status}`, async () => {
      const { post } = await open();
      assert.equal((await post('/users', body, headers)).status, status);
    });
  }
});

describe('idempotency', () => {
  const KEY = 'ccb07f42-4104-44ad-8e1f-c660bb7b269c';

  test('repeats the first answer, byte by byte, under a fresh request id', async () => {
    const { clock, post, user, seeds } = await open();
    const user_id = await user();
    const first = await post('/account_groups', { user_id, type: 'PERSONAL' }, { 'idempotency-key': KEY });
    clock.now += 1000;
    for (const key of [KEY, KEY.toUpperCase(), KEY.replaceAll('-', ''), KEY.replace('-', '')]) {
      const again = await post('/account_groups', { type: 'PERSONAL', user_id }, { 'idempotency-key': key });
      assert.equal(again.status, 200);
      assert.equal(again.text, first.text);
      assert.notEqual(again.headers.get('upvest-request-id'), first.headers.get('upvest-request-id'));
    }
    assert.equal((await seeds()).length, 8);
    const other = await post('/account_groups', { user_id, type: 'LEGAL_ENTITY' }, { 'idempotency-key': KEY });
    assert.deepEqual([other.status, other.json.type], [400, 'invalid_request']);
    assert.equal((await post('/users', PERSON, { 'idempotency-key': KEY })).status, 400);
    assert.equal((await seeds()).length, 8);
  });

  test('creates once under concurrent requests', async () => {
    const { post, user, seeds } = await open();
    const body = { user_id: await user(), type: 'PERSONAL' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post('/account_groups', body, { 'idempotency-key': KEY })),
    );
    assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
    assert.equal((await seeds()).length, 8);
  });

  test('leaves the key free after a failure', async () => {
    const { post, user } = await open();
    const headers = { 'idempotency-key': KEY };
    assert.equal((await post('/account_groups', { user_id: NOBODY, type: 'PERSONAL' }, headers)).status, 404);
    assert.equal((await post('/account_groups', { user_id: NOBODY }, headers)).status, 400);
    assert.equal((await post('/account_groups', { user_id: await user(), type: 'PERSONAL' }, headers)).status, 200);
  });

  test('covers users, whatever the order of members', async () => {
    const { post } = await open();
    const headers = { 'idempotency-key': KEY };
    const first = await post('/users', PERSON, headers);
    const turned = Object.fromEntries(Object.entries(PERSON).reverse());
    assert.equal((await post('/users', turned, headers)).text, first.text);
    assert.equal((await post('/users', { ...PERSON, first_name: 'Eva' }, headers)).status, 400);
  });
});

describe('life cycle', () => {
  test('runs from approval to closed, with updated_at moving each time', async () => {
    const { clock, ask, group, close, seeds } = await open();
    const { id, created_at } = await group();
    const read = async () => {
      const { json } = await ask(`/account_groups/${id}`);
      assert.equal(json.created_at, created_at);
      assert.deepEqual((await seeds()).at(-1), json);
      return [json.status, Date.parse(text(json.updated_at)) - Date.parse(text(created_at))];
    };
    assert.deepEqual(await read(), ['PENDING_APPROVAL', 0]);
    assert.equal((await close(id)).status, 409);
    clock.now += 29;
    assert.deepEqual(await read(), ['PENDING_APPROVAL', 0]);
    clock.now += 1;
    assert.deepEqual(await read(), ['ACTIVE', 30]);
    clock.now += 5;
    const closed = await close(String(id).toUpperCase());
    assert.deepEqual([closed.status, closed.text, closed.headers.get('content-type')], [202, '', null]);
    assert.deepEqual(await read(), ['CLOSING', 35]);
    assert.equal((await close(id)).status, 409);
    clock.now += 30;
    assert.deepEqual(await read(), ['CLOSED', 65]);
    assert.equal((await close(id)).status, 409);
  });

  test('moves updated_at even without any delay', async () => {
    const { clock, ask, group, close } = await open({ activationMs: 0, closingMs: 0 });
    const { id } = await group();
    const seen: Json[] = [];
    const read = async () => seen.push((await ask(`/account_groups/${id}`)).json);
    await read();
    clock.now += 1.5;
    await read();
    await close(id);
    await read();
    clock.now += 2;
    await read();
    assert.deepEqual(
      seen.map(({ status }) => status),
      ['PENDING_APPROVAL', 'ACTIVE', 'CLOSING', 'CLOSED'],
    );
    assert.equal(new Set(seen.map(({ updated_at }) => updated_at)).size, 4);
  });

  test('only ACTIVE seeds can be closed', async () => {
    const { close, seeds } = await open();
    for (const { id, status } of await seeds()) assert.equal((await close(id)).status, status === 'ACTIVE' ? 202 : 409);
  });

  test('ids: HEAD, upper case, unknown, malformed', async () => {
    const { ask, seeds, close } = await open();
    const group = (await seeds())[0];
    const id = text(group?.id);
    assert.deepEqual((await ask(`/account_groups/${id.toUpperCase()}`)).json, group);
    for (const path of ['/account_groups', `/account_groups/${id}`]) {
      const head = await ask(path, { method: 'HEAD' });
      assert.deepEqual([head.status, head.text, head.headers.get('content-type')], [200, '', 'application/json']);
    }
    for (const wrong of [NOBODY, 'x', id.replaceAll('-', ''), `${id}x`, '%zz', '%2e%2e', `{${id}}`]) {
      assert.equal((await ask(`/account_groups/${wrong}`)).status, 404);
      assert.equal((await close(wrong)).status, 404);
    }
  });
});

test('references share nothing', async () => {
  const [one, two] = [await open(), await open()];
  assert.equal((await two.ask('/account_groups', { headers: one.headers })).status, 401);
  await one.group();
  assert.equal((await two.seeds()).length, 7);
});

describe('over HTTP', () => {
  const headers = { 'upvest-client-id': clientId };
  const served = async (work: (url: string, reference: Reference) => Promise<void>, options = {}) => {
    const reference = createReference({ activationMs: 0 });
    const { url, close } = await serveReference(reference.fetch, options);
    try {
      await work(url, reference);
    } finally {
      await close();
      await close();
    }
    await assert.rejects(fetch(url));
  };

  test('keeps the promises of the answers', () =>
    served(async (url) => {
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const issued = await fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(FORM) });
      const authorization = `Bearer ${text(object(await issued.json()).access_token)}`;
      const ask = (path: string, init: RequestInit = {}) =>
        fetch(url + path, { ...init, headers: { ...headers, authorization, ...init.headers } });
      const list = await ask('/account_groups?limit=1000');
      assert.equal(list.headers.get('content-type'), 'application/json');
      const active = objects(object(await list.json()).data).find(({ status }) => status === 'ACTIVE');
      const closed = await ask(`/account_groups/${active?.id}`, { method: 'DELETE' });
      assert.deepEqual([closed.status, closed.headers.get('content-type')], [202, null]);
      assert.equal(await closed.text(), '');
      const head = await ask(`/account_groups/${active?.id}`, { method: 'HEAD' });
      assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'application/json']);
      const large = await ask('/account_groups', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': NOBODY },
        body: ' '.repeat(1_000_000),
      });
      assert.equal(large.status, 400);
      await large.text();
      for (const answer of [issued, list, closed, head, large, await ask('/nope')]) {
        assert.match(answer.headers.get('upvest-request-id') ?? '', UUID_V4);
      }
    }));

  const raw = (url: string, message: string) =>
    new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end(message));
      socket.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      socket.on('end', () => resolve(received)).on('error', reject);
    });

  for (const [name, message, status] of [
    ['TRACE', 'TRACE /account_groups HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 405],
    ['an unusable host', 'GET /account_groups HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', 400],
    ['a doubled slash', 'GET //account_groups HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 404],
  ] as const) {
    test(`${name}: ${status} as a problem`, () =>
      served(async (url) => {
        const answer = await raw(url, message);
        assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
        assert.match(answer, /\r\nupvest-request-id: [0-9a-f-]{36}\r\n/);
        assert.match(answer, /\r\ncontent-type: application\/problem\+json\r\n/);
      }));
  }

  test('waits as long as told, and closes promptly with connections and requests open', async () => {
    await served(
      async (url) => {
        const before = performance.now();
        await (await fetch(url)).text();
        assert.ok(performance.now() - before >= 40);
      },
      { latencyMs: 40 },
    );
    const { url, close } = await serveReference(createReference().fetch, { latencyMs: 300 });
    const pending = assert.rejects(fetch(url));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = performance.now();
    await close();
    await pending;
    assert.ok(performance.now() - before < 200);
  });

  test('a taken port is an error', () =>
    served((url) => assert.rejects(serveReference(createReference().fetch, { port: Number(new URL(url).port) }))));
});

import assert from 'node:assert/strict';
import { createReference, REFERENCE_DEFAULTS, type Reference, type ReferenceOptions } from './app.ts';

/** Requests to a reference in memory, for its unit tests. */

export const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const NOBODY = '00000000-0000-4000-8000-000000000000';
const BASE = 'http://reference.test';
export const { clientId } = REFERENCE_DEFAULTS;
const ALL_SCOPES = 'accounts:read accounts:admin users:read users:admin webhooks:read webhooks:admin';
export const PERSON = {
  first_name: 'Ada',
  last_name: 'Muster',
  birth_date: '1980-02-29',
  nationalities: ['DE'],
  address: { address_line1: 'Ringstr. 5', postcode: '10115', city: 'Berlin', country: 'DE' },
};
export const FORM = {
  client_id: clientId,
  client_secret: REFERENCE_DEFAULTS.clientSecret,
  grant_type: 'client_credentials',
  scope: ALL_SCOPES,
};

export type Json = Record<string, unknown>;
export type HeaderFields = Record<string, string | undefined>;
export interface RequestParts {
  readonly method?: string;
  readonly headers?: HeaderFields;
  readonly body?: string | Uint8Array | object;
}
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

export const object = (value: unknown): Json => {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  return Object.fromEntries(Object.entries(value));
};
export const objects = (value: unknown): Json[] => {
  assert.ok(Array.isArray(value));
  return value.map(object);
};
export const text = (value: unknown): string => {
  assert.ok(typeof value === 'string');
  return value;
};

/** Sends a request, and asserts what holds for every response: request id and problem details. */
export async function send(
  reference: Reference,
  path: string,
  { method = 'GET', headers = {}, body }: RequestParts = {},
) {
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

/** Requests an access token. */
export const token = (
  reference: Reference,
  form: HeaderFields | string | [string, string][],
  headers: HeaderFields = {},
) =>
  send(reference, '/auth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(JSON.parse(JSON.stringify(form))).toString(),
  });

/** A reference with its own clock, and functions that call it with a token. */
export async function open(options: ReferenceOptions = {}, scope = ALL_SCOPES) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const reference = createReference({ now: () => clock.now, ...options });
  const bearer = async (scopes: string) =>
    `Bearer ${text((await token(reference, { ...FORM, scope: scopes })).json.access_token)}`;
  const headers = { 'upvest-client-id': clientId, authorization: await bearer(scope) };
  const ask = (path: string, extra: RequestParts = {}) =>
    send(reference, path, { ...extra, headers: { ...headers, ...extra.headers } });
  const post = (path: string, body: NonNullable<RequestParts['body']>, extra: HeaderFields = {}) =>
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

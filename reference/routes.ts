import { Hono } from 'hono';
import { type Ask, admit, type Bindings, checkAccept, readPathId } from './admission.ts';
import { json } from './answers.ts';
import { readForm, readJsonObject } from './bodies.ts';
import { Problem, problemResponse } from './problems.ts';
import { readPerson } from './users.ts';
import {
  checkApiVersion,
  readClosingRequest,
  readGroupRequest,
  readIdempotencyKey,
  readPageRequest,
  readTokenRequest,
} from './validation.ts';
import { webhookRoutes } from './webhook-routes.ts';

const READERS = ['accounts:read', 'accounts:admin'];
const WRITERS = ['accounts:admin'];
const REGISTRARS = ['users:admin'];

/** The routes are the same for every reference; what differs comes in with each request. */
export const routes = new Hono<{ Bindings: Bindings }>();

routes.post('/auth/token', async ({ env, req }) => {
  checkAccept(req.header('accept'));
  checkApiVersion(req.header('upvest-api-version'));
  const answer = env.realm.tokenIssuer.issue(readTokenRequest(await readForm(req.raw)));
  return json(JSON.stringify(answer), { headers: { 'cache-control': 'no-store' } });
});

routes.post('/users', async (ask) => {
  admit(ask, REGISTRARS);
  const key = readIdempotencyKey(ask.req.header('idempotency-key'));
  const person = readPerson(await readJsonObject(ask.req.raw));
  const { records, register } = ask.env.realm;
  return json(records.once(key, `user ${JSON.stringify(person)}`, () => JSON.stringify(register(person))));
});

routes.get('/account_groups', (ask) => {
  admit(ask, READERS);
  return page(ask, undefined);
});

routes.get('/users/:id/account_groups', (ask) => {
  admit(ask, READERS);
  return page(ask, ask.env.realm.store.user(readPathId(ask, 'user')));
});

routes.get('/businesses/:id/account_groups', (ask) => {
  admit(ask, READERS);
  const { edition, store } = ask.env.realm;
  if (!edition.businesses) throw new Problem('not_found', 'No resource has this address.');
  return page(ask, store.business(readPathId(ask, 'business')));
});

routes.post('/account_groups', async (ask) => {
  admit(ask, WRITERS);
  const key = readIdempotencyKey(ask.req.header('idempotency-key'));
  const { edition, records, store } = ask.env.realm;
  const { owner: id, type, number } = readGroupRequest(await readJsonObject(ask.req.raw), edition);
  const owner = id.toLowerCase();
  return json(
    records.once(key, `account group ${owner} ${type} ${number}`, () =>
      JSON.stringify(store.open(owner, type, number)),
    ),
  );
});

routes.get('/account_groups/:id', (ask) => {
  admit(ask, READERS);
  return json(JSON.stringify(ask.env.realm.store.find(readGroupId(ask))));
});

routes.delete('/account_groups/:id', (ask) => {
  admit(ask, WRITERS);
  const { edition, store } = ask.env.realm;
  const id = readGroupId(ask);
  const { notificationOnly } = readClosingRequest(new URL(ask.req.url).searchParams, edition.closureReasons);
  store.close(id, notificationOnly);
  return new Response(null, { status: 202 });
});

routes.route('/', webhookRoutes);

for (const [path, allow] of [
  ['/auth/token', 'POST'],
  ['/users', 'POST'],
  ['/account_groups', 'GET, HEAD, POST'],
  ['/account_groups/:id', 'GET, HEAD, DELETE'],
  ['/users/:id/account_groups', 'GET, HEAD'],
  ['/businesses/:id/account_groups', 'GET, HEAD'],
  ['/webhooks', 'GET, HEAD, POST'],
  ['/webhooks/:id', 'GET, HEAD, PATCH, DELETE'],
  ['/auth/verify_keys', 'GET, HEAD'],
] as const) {
  routes.all(path, () => {
    throw new Problem('method_not_allowed', `Only ${allow} can be used here.`, { allow });
  });
}

routes.notFound(() => {
  throw new Problem('not_found', 'No resource has this address.');
});

routes.onError((error, { env }) => problemResponse(error, env.requestId));

/** A page of all groups, or of those that a user or a business belongs to. */
function page(ask: Ask, whose: string | undefined): Response {
  const { edition, store } = ask.env.realm;
  const { offset, limit, sort, order } = readPageRequest(
    new URL(ask.req.url).searchParams,
    edition.sorts,
    edition.smallestLimit,
  );
  const { data, total } = store.list(sort, order, offset, limit, whose);
  return json(JSON.stringify({ meta: { offset, limit, count: data.length, total_count: total, sort, order }, data }));
}

function readGroupId(ask: Ask): string {
  return readPathId(ask, 'account group');
}

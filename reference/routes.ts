import { Hono } from 'hono';
import { admit, type Bindings, checkAccept, type RequestContext, readPathId } from './admission.ts';
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

/** All references share these routes; the state of a reference is passed with each request. */
export const routes = new Hono<{ Bindings: Bindings }>();

routes.post('/auth/token', async ({ env, req }) => {
  checkAccept(req.header('accept'));
  checkApiVersion(req.header('upvest-api-version'));
  const answer = env.state.tokenIssuer.issue(readTokenRequest(await readForm(req.raw)));
  return json(JSON.stringify(answer), { headers: { 'cache-control': 'no-store' } });
});

routes.post('/users', async (context) => {
  admit(context, REGISTRARS);
  const key = readIdempotencyKey(context.req.header('idempotency-key'));
  const person = readPerson(await readJsonObject(context.req.raw));
  const { records, register } = context.env.state;
  return json(records.once(key, `user ${JSON.stringify(person)}`, () => JSON.stringify(register(person))));
});

routes.get('/account_groups', (context) => {
  admit(context, READERS);
  return page(context, undefined);
});

routes.get('/users/:id/account_groups', (context) => {
  admit(context, READERS);
  return page(context, context.env.state.store.user(readPathId(context, 'user')));
});

routes.get('/businesses/:id/account_groups', (context) => {
  admit(context, READERS);
  const { edition, store } = context.env.state;
  if (!edition.businesses) throw new Problem('not_found', 'No resource has this path.');
  return page(context, store.business(readPathId(context, 'business')));
});

routes.post('/account_groups', async (context) => {
  admit(context, WRITERS);
  const key = readIdempotencyKey(context.req.header('idempotency-key'));
  const { edition, records, store } = context.env.state;
  const { owner: id, type, number } = readGroupRequest(await readJsonObject(context.req.raw), edition);
  const owner = id.toLowerCase();
  return json(
    records.once(key, `account group ${owner} ${type} ${number}`, () =>
      JSON.stringify(store.open(owner, type, number)),
    ),
  );
});

routes.get('/account_groups/:id', (context) => {
  admit(context, READERS);
  return json(JSON.stringify(context.env.state.store.find(readGroupId(context))));
});

routes.delete('/account_groups/:id', (context) => {
  admit(context, WRITERS);
  const { edition, store } = context.env.state;
  const id = readGroupId(context);
  const { notificationOnly } = readClosingRequest(new URL(context.req.url).searchParams, edition.closureReasons);
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
    throw new Problem('method_not_allowed', `This resource supports only ${allow}.`, { allow });
  });
}

routes.notFound(() => {
  throw new Problem('not_found', 'No resource has this path.');
});

routes.onError((error, { env }) => problemResponse(error, env.requestId));

/** A page of all groups, or of those of a user or a business. */
function page(context: RequestContext, member: string | undefined): Response {
  const { edition, store } = context.env.state;
  const { offset, limit, sort, order } = readPageRequest(
    new URL(context.req.url).searchParams,
    edition.sorts,
    edition.smallestLimit,
  );
  const { data, total } = store.list(sort, order, offset, limit, member);
  return json(JSON.stringify({ meta: { offset, limit, count: data.length, total_count: total, sort, order }, data }));
}

function readGroupId(context: RequestContext): string {
  return readPathId(context, 'account group');
}

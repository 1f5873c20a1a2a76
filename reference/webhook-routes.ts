import { Hono } from 'hono';
import { type Ask, admit, type Bindings, readPathId } from './admission.ts';
import { json } from './answers.ts';
import { readJsonObject } from './bodies.ts';
import { readPageRequest } from './validation.ts';
import { readWebhookChanges, readWebhookRequest } from './webhook-requests.ts';
import type { Webhook } from './webhooks.ts';

const READERS = ['webhooks:read', 'webhooks:admin'];
const WRITERS = ['webhooks:admin'];
const SORTS = ['created_at', 'updated_at', 'title', 'url', 'enabled'] as const;

export const webhookRoutes = new Hono<{ Bindings: Bindings }>();

webhookRoutes.get('/auth/verify_keys', (ask) => {
  admit(ask, READERS);
  return json(JSON.stringify({ keys: ask.env.realm.verifyKeys }));
});

webhookRoutes.get('/webhooks', (ask) => {
  admit(ask, READERS);
  const { offset, limit, sort, order } = readPageRequest(new URL(ask.req.url).searchParams, SORTS);
  const all = ask.env.realm.webhooks.list().toSorted((a, b) => compare(a, b, sort));
  const data = (order === 'ASC' ? all : all.toReversed()).slice(offset, offset + limit);
  return json(
    JSON.stringify({ meta: { offset, limit, count: data.length, total_count: all.length, sort, order }, data }),
  );
});

webhookRoutes.post('/webhooks', async (ask) => {
  admit(ask, WRITERS);
  const request = readWebhookRequest(await readJsonObject(ask.req.raw));
  return json(JSON.stringify(ask.env.realm.webhooks.register(request)), { status: 201 });
});

webhookRoutes.get('/webhooks/:id', (ask) => {
  admit(ask, READERS);
  return json(JSON.stringify(ask.env.realm.webhooks.find(readWebhookId(ask))));
});

webhookRoutes.patch('/webhooks/:id', async (ask) => {
  admit(ask, WRITERS);
  const { webhooks } = ask.env.realm;
  const { id } = webhooks.find(readWebhookId(ask));
  const changes = readWebhookChanges(await readJsonObject(ask.req.raw));
  return json(JSON.stringify(webhooks.change(id, changes)));
});

webhookRoutes.delete('/webhooks/:id', (ask) => {
  admit(ask, WRITERS);
  ask.env.realm.webhooks.remove(readWebhookId(ask));
  return new Response(null, { status: 204 });
});

function readWebhookId(ask: Ask): string {
  return readPathId(ask, 'webhook');
}

function compare(a: Webhook, b: Webhook, by: (typeof SORTS)[number]): number {
  if (a[by] === b[by]) return 0;
  return a[by] < b[by] ? -1 : 1;
}

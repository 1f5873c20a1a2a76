import { Hono } from 'hono';
import { admit, type Bindings, type RequestContext, readPathId } from './admission.ts';
import { json } from './answers.ts';
import { readJsonObject } from './bodies.ts';
import { readPageRequest } from './validation.ts';
import { readWebhookChanges, readWebhookRequest } from './webhook-requests.ts';
import type { Webhook } from './webhooks.ts';

const READERS = ['webhooks:read', 'webhooks:admin'];
const WRITERS = ['webhooks:admin'];
const SORTS = ['created_at', 'updated_at', 'title', 'url', 'enabled'] as const;

export const webhookRoutes = new Hono<{ Bindings: Bindings }>();

webhookRoutes.get('/auth/verify_keys', (context) => {
  admit(context, READERS);
  return json(JSON.stringify({ keys: context.env.state.verifyKeys }));
});

webhookRoutes.get('/webhooks', (context) => {
  admit(context, READERS);
  const { offset, limit, sort, order } = readPageRequest(new URL(context.req.url).searchParams, SORTS);
  const all = context.env.state.webhooks.list().toSorted((a, b) => compare(a, b, sort));
  const data = (order === 'ASC' ? all : all.toReversed()).slice(offset, offset + limit);
  return json(
    JSON.stringify({ meta: { offset, limit, count: data.length, total_count: all.length, sort, order }, data }),
  );
});

webhookRoutes.post('/webhooks', async (context) => {
  admit(context, WRITERS);
  const request = readWebhookRequest(await readJsonObject(context.req.raw));
  return json(JSON.stringify(context.env.state.webhooks.register(request)), { status: 201 });
});

webhookRoutes.get('/webhooks/:id', (context) => {
  admit(context, READERS);
  return json(JSON.stringify(context.env.state.webhooks.find(readWebhookId(context))));
});

webhookRoutes.patch('/webhooks/:id', async (context) => {
  admit(context, WRITERS);
  const { webhooks } = context.env.state;
  const { id } = webhooks.find(readWebhookId(context));
  const changes = readWebhookChanges(await readJsonObject(context.req.raw));
  return json(JSON.stringify(webhooks.change(id, changes)));
});

webhookRoutes.delete('/webhooks/:id', (context) => {
  admit(context, WRITERS);
  context.env.state.webhooks.remove(readWebhookId(context));
  return new Response(null, { status: 204 });
});

function readWebhookId(context: RequestContext): string {
  return readPathId(context, 'webhook');
}

function compare(a: Webhook, b: Webhook, by: (typeof SORTS)[number]): number {
  if (a[by] === b[by]) return 0;
  return a[by] < b[by] ? -1 : 1;
}

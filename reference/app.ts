import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { problemResponse, Refusal } from './problems.ts';
import { plantSeeds } from './seeds.ts';
import { Store } from './store.ts';
import { createTokenDesk } from './tokens.ts';
import { acceptsJson, isUuid, readCreation, readIdempotencyKey, readObject, readPage, readPerson } from './validation.ts';

export interface ReferenceOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From creation to ACTIVE, in milliseconds. */
  readonly activationMs: number;
  /** From CLOSING to CLOSED, in milliseconds. */
  readonly closingMs: number;
  readonly tokenLifetimeSeconds: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Start with a few groups in every status. */
  readonly seeds: boolean;
}

/** A target as a function from request to answer. */
export interface Reference {
  fetch(request: Request): Promise<Response>;
}

/** Throw-away credentials and short delays. */
export const REFERENCE_DEFAULTS: ReferenceOptions = {
  now: () => Date.now(),
  activationMs: 30,
  closingMs: 30,
  tokenLifetimeSeconds: 1800,
  clientId: '5f1c7f0e-6d1b-4a55-9a53-3f0f3a9c2b10',
  clientSecret: 'reference-secret-for-loopback-only',
  seeds: true,
};

const READ = ['accounts:read', 'accounts:admin'];
const WRITE = ['accounts:admin'];

/** A target that keeps every promise of the API, and does nothing else. */
export function createReference(overrides: Partial<ReferenceOptions> = {}): Reference {
  const options = { ...REFERENCE_DEFAULTS, ...overrides };
  const { now, clientId, clientSecret } = options;
  const desk = createTokenDesk({ clientId, clientSecret, lifetimeSeconds: options.tokenLifetimeSeconds, now });
  const store = new Store(options);
  const successes = new Map<string, { fingerprint: string; body: string }>();
  if (options.seeds) plantSeeds(store);

  /** What every resource asks of a caller, in this order: a readable answer, an identity, a permission, a version. */
  const admit = (context: Context, anyOf: readonly string[]): void => {
    const { req } = context;
    if (!acceptsJson(req.header('accept'))) throw new Refusal(406, 'only application/json can be had');
    const client = req.header('upvest-client-id');
    if (client === undefined || !isUuid(client)) throw new Refusal(400, 'upvest-client-id must be a UUID');
    desk.authorize(req.header('authorization'), anyOf);
    if (client !== clientId) throw new Refusal(403, 'upvest-client-id is not the client of the access token');
    if ((req.header('upvest-api-version') ?? '1') !== '1') throw new Refusal(400, 'upvest-api-version must be 1');
  };
  const groupId = (context: Context): string => {
    const id = context.req.param('id') ?? '';
    if (!isUuid(id)) throw new Refusal(404, 'there is no such account group');
    return id.toLowerCase();
  };
  /** Answers a repeated idempotency key as the first time; a key counts once its request has succeeded. */
  const once = async (context: Context, act: (body: Readonly<Record<string, unknown>>) => unknown): Promise<string> => {
    const key = `${context.req.path} ${readIdempotencyKey(context.req.header('idempotency-key'))}`;
    const body = await readObject(context.req.raw);
    const fingerprint = JSON.stringify(Object.entries(body).sort());
    const before = successes.get(key);
    if (before !== undefined && before.fingerprint !== fingerprint) throw new Refusal(400, 'this idempotency-key belongs to a request with another body');
    const answer = before?.body ?? JSON.stringify(act(body));
    successes.set(key, { fingerprint, body: answer });
    return answer;
  };
  const json = (body: string) => new Response(body, { headers: { 'content-type': 'application/json' } });

  const app = new Hono();
  app.post('/auth/token', async ({ req }) => {
    if (!req.header('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded')) throw new Refusal(400, 'content-type must be application/x-www-form-urlencoded');
    return new Response(JSON.stringify(desk.issue(new URLSearchParams(await req.text()))), { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
  });
  app.post('/users', async (context) => {
    admit(context, ['users:admin']);
    const at = new Date(now()).toISOString();
    return json(
      await once(context, (body) => {
        readPerson(body);
        return { id: store.createUser(), created_at: at, updated_at: at, status: 'ACTIVE', ...body };
      }),
    );
  });
  app.get('/account_groups', (context) => {
    admit(context, READ);
    const page = readPage(new URL(context.req.url).searchParams);
    const { data, total } = store.list(page.offset, page.limit, page.order);
    return json(JSON.stringify({ meta: { ...page, count: data.length, total_count: total }, data }));
  });
  app.post('/account_groups', async (context) => {
    admit(context, WRITE);
    return json(
      await once(context, (body) => {
        const { user_id, type } = readCreation(body);
        return store.create(user_id.toLowerCase(), type);
      }),
    );
  });
  app.get('/account_groups/:id', (context) => {
    admit(context, READ);
    return json(JSON.stringify(store.retrieve(groupId(context))));
  });
  app.delete('/account_groups/:id', (context) => {
    admit(context, WRITE);
    store.close(groupId(context));
    return new Response(null, { status: 202 });
  });
  const allowed = { '/auth/token': 'POST', '/users': 'POST', '/account_groups': 'GET, HEAD, POST', '/account_groups/:id': 'GET, HEAD, DELETE' };
  for (const [path, allow] of Object.entries(allowed))
    app.all(path, () => {
      throw new Refusal(405, `allowed are ${allow}`, { allow });
    });
  app.notFound(() => {
    throw new Refusal(404, 'there is no such resource');
  });
  app.onError((error) => problemResponse(error instanceof Refusal ? error : new Refusal(500, 'the request could not be carried out'), randomUUID()));

  return {
    async fetch(request) {
      const response = await app.fetch(request);
      if (!response.headers.has('upvest-request-id')) response.headers.set('upvest-request-id', randomUUID());
      return response;
    },
  };
}

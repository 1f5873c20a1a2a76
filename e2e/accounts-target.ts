import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { admit, type Bindings, type RequestContext, readPathId } from '../reference/admission.ts';
import { json } from '../reference/answers.ts';
import { REFERENCE_DEFAULTS, type Reference, type ReferenceOptions } from '../reference/app.ts';
import { type JsonObject, readJsonObject } from '../reference/bodies.ts';
import { begin, type Life, type Status, stageAt, startClosing } from '../reference/life-cycle.ts';
import { Problem, problemResponse } from '../reference/problems.ts';
import { routes as groupRoutes } from '../reference/routes.ts';
import { createState } from '../reference/state.ts';
import { timestamp } from '../reference/store.ts';
import { isUuid, readIdempotencyKey, readPageRequest } from '../reference/validation.ts';

/** A target that serves accounts; the reference serves tokens, users and account groups. */

const READERS = ['accounts:read', 'accounts:admin'];
const WRITERS = ['accounts:admin'];
const TYPES = ['TRADING', 'PORTFOLIO'] as const;
const LONGEST_NAME = 100;
const DAY_MS = 86_400_000;

interface Account {
  readonly id: string;
  readonly owner: string;
  readonly group: string;
  readonly type: string;
  readonly name: string;
  readonly number: number;
  readonly created: number;
  life: Life;
}

type Seed = readonly [id: string, type: string, status: Status, created: string];

/** Accounts from before the run, in every status; two of them were created at the same time. */
const SEEDS: readonly Seed[] = [
  ['a1b0c1a5-7f64-4d0e-9a1d-5e2f8c4b6a10', 'TRADING', 'CLOSED', '2023-01-09T08:15:30.125Z'],
  ['a2852e07-91ab-4f3c-b6d8-2a7e10f49b32', 'PORTFOLIO', 'ACTIVE', '2023-03-21T13:42:07.010Z'],
  ['a3967b41-0d8e-4c5a-8f13-b4c6a9d2e754', 'TRADING', 'ACTIVE', '2023-07-14T10:00:00.000Z'],
  ['a4e4f6c8-5b7d-4a21-9c30-d8f1b2a6e376', 'PORTFOLIO', 'LOCKED', '2023-07-14T10:00:00.000Z'],
  ['a5d1b3f5-c27e-4890-a5b4-1e3d7c9f0a98', 'TRADING', 'LOCKED', '2024-01-02T00:00:00.001Z'],
  ['a6f8c4d2-3e60-4b1f-8279-f5d0e6b3c7ba', 'PORTFOLIO', 'CLOSING', '2024-08-19T17:30:45.678Z'],
  ['a7c70f19-b8d3-4e64-9d0a-3c1b5a7f2edc', 'TRADING', 'PENDING_APPROVAL', '2025-02-03T07:08:09.100Z'],
];
const SEED_OWNER = 'b41f6e80-2c35-4b97-8e6a-0f9b3c7d1a21';
const SEED_GROUP = 'c41f6e80-2c35-4b97-8e6a-0f9b3c7d1a21';

/** Accounts in memory, in the order of their creation. */
class Accounts {
  readonly #all: Account[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    for (const [id, type, status, created] of SEEDS) {
      const at = Date.parse(created);
      const since = status === 'PENDING_APPROVAL' ? at : at + DAY_MS;
      this.#add(
        { id, owner: SEED_OWNER, group: SEED_GROUP, type, name: 'Old account', created: at },
        { status, since },
      );
    }
  }

  open(request: Pick<Account, 'owner' | 'group' | 'type' | 'name'>, activationMs: number): JsonObject {
    const now = this.#now();
    const account = this.#add(
      { ...request, id: randomUUID(), created: now },
      { status: 'PENDING_APPROVAL', since: now },
    );
    account.life = begin(now, activationMs, true);
    return this.#view(account);
  }

  find(id: string): JsonObject {
    return this.#view(this.#get(id));
  }

  close(id: string, closingMs: number): void {
    const account = this.#get(id);
    const life = startClosing(account.life, this.#now(), closingMs);
    if (life === undefined) throw new Problem('conflict', 'Only an account that is ACTIVE can be closed.');
    account.life = life;
  }

  list(order: 'ASC' | 'DESC', owner: string | undefined): JsonObject[] {
    const meant = this.#all.filter((account) => owner === undefined || account.owner === owner);
    return (order === 'ASC' ? meant : meant.toReversed()).map((account) => this.#view(account));
  }

  #add(account: Omit<Account, 'life' | 'number'>, stage: Life['stage']): Account {
    const added: Account = { ...account, number: this.#all.length + 1, life: { stage } };
    this.#all.push(added);
    return added;
  }

  #get(id: string): Account {
    const account = this.#all.find((one) => one.id === id);
    if (account === undefined) throw new Problem('not_found', 'No account has this id.');
    return account;
  }

  #view({ id, owner, group, type, name, number, created, life }: Account): JsonObject {
    const { status, since } = stageAt(life, this.#now());
    return {
      id,
      created_at: timestamp(created),
      updated_at: timestamp(since),
      account_group_id: group,
      type,
      users: [{ id: owner, type: 'OWNER' }],
      account_number: number,
      name,
      status,
    };
  }
}

/** The request for an account. */
function readRequest({ user_id, account_group_id, type, name = 'Account', ...rest }: JsonObject) {
  if (Object.keys(rest).length > 0) throw new Problem('invalid_request', 'A member is not known.');
  if (!isUuid(user_id) || !isUuid(account_group_id)) throw new Problem('invalid_request', 'Ids must be UUIDs.');
  if (!TYPES.some((one) => one === type)) throw new Problem('invalid_request', `type must be ${TYPES.join(' or ')}.`);
  if (typeof name !== 'string' || [...name].length > LONGEST_NAME)
    throw new Problem('invalid_request', `name must have ${LONGEST_NAME} characters at most.`);
  return { owner: user_id.toLowerCase(), group: account_group_id.toLowerCase(), type: String(type), name };
}

/** Creates a target; targets share no state. */
export function createAccountsTarget(options: ReferenceOptions = {}): Reference {
  const settings = { ...REFERENCE_DEFAULTS, ...options };
  const state = createState(settings);
  const accounts = new Accounts(() => Math.floor(settings.now()));
  const routes = new Hono<{ Bindings: Bindings }>();
  const page = (context: RequestContext, owner?: string) => {
    const { offset, limit, sort, order } = readPageRequest(new URL(context.req.url).searchParams, ['created_at'], 0);
    const all = accounts.list(order, owner);
    const data = all.slice(offset, offset + limit);
    const meta = { offset, limit, count: data.length, total_count: all.length, sort, order };
    return json(JSON.stringify({ meta, data }));
  };
  routes.get('/accounts', (context) => {
    admit(context, READERS);
    return page(context);
  });
  routes.get('/users/:id/accounts', (context) => {
    admit(context, READERS);
    return page(context, state.store.user(readPathId(context, 'user')));
  });
  routes.post('/accounts', async (context) => {
    admit(context, WRITERS);
    const key = readIdempotencyKey(context.req.header('idempotency-key'));
    const request = readRequest(await readJsonObject(context.req.raw));
    const asked = `account ${JSON.stringify(request)}`;
    return json(
      state.records.once(key, asked, () => {
        state.store.user(request.owner);
        state.store.find(request.group);
        return JSON.stringify(accounts.open(request, settings.activationMs));
      }),
    );
  });
  routes.get('/accounts/:id', (context) => {
    admit(context, READERS);
    return json(JSON.stringify(accounts.find(readPathId(context, 'account'))));
  });
  routes.delete('/accounts/:id', (context) => {
    admit(context, WRITERS);
    accounts.close(readPathId(context, 'account'), settings.closingMs);
    return new Response(null, { status: 202 });
  });
  for (const [path, allow] of [
    ['/accounts', 'GET, HEAD, POST'],
    ['/accounts/:id', 'GET, HEAD, DELETE'],
    ['/users/:id/accounts', 'GET, HEAD'],
  ] as const)
    routes.all(path, () => {
      throw new Problem('method_not_allowed', `Only ${allow} can be used here.`, { allow });
    });
  routes.onError((error, { env }) => problemResponse(error, env.requestId));
  const isAboutAccounts = ({ url }: Request) => /^\/(?:users\/[^/]+\/)?accounts(?:\/|$)/.test(new URL(url).pathname);
  return {
    async fetch(request) {
      const requestId = randomUUID();
      const served = isAboutAccounts(request) ? routes : groupRoutes;
      const response = await served.fetch(request, { state, requestId });
      response.headers.set('upvest-request-id', requestId);
      return response;
    },
    close: () => state.webhooks.close(),
  };
}

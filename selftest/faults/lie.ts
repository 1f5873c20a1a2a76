import { randomUUID } from 'node:crypto';
import type { Clock } from '../../harness/wire.ts';
import type { Fetch } from '../memory.ts';

/** One lie told between the client and a correct target. */
export interface Fault {
  /** Short and stable; `npm run reference -- --fault <id>` serves it. */
  readonly id: string;
  /** The lie in one sentence. */
  readonly lie: string;
  /** Ids of the requirements that it must break, and no others. */
  readonly breaks: readonly string[];
  /** Puts the lie before an honest target. Made anew for each run, so that it may remember. */
  tell(honest: Fetch, clock: Pick<Clock, 'now'>): Fetch;
}

type Json = Record<string, unknown>;

/** A request as a lie sees and changes it. */
export interface Asked {
  method: string;
  readonly url: URL;
  readonly headers: Headers;
  text: string;
  /** Name of the operation of the contract; otherwise `token`, `users` or `other`. */
  readonly operation: 'list' | 'create' | 'retrieve' | 'close' | 'token' | 'users' | 'other';
  /** The group that the path names. */
  id: string;
  /** The body, where it is a JSON object. */
  readonly json: Json;
  /** Scopes of the access token; `undefined` without one that was issued. */
  readonly scopes: string | undefined;
  /** How many requests there were before this one. */
  readonly index: number;
}

/** An answer as a lie sees and changes it. */
export interface Answered {
  status: number;
  headers: Headers;
  /** The body as JSON where it is JSON, otherwise as text. */
  body: unknown;
}

/** Sends a request to the honest target. */
export type Forward = (asked?: Asked) => Promise<Answered>;

const GROUP_PATH = /^\/account_groups\/([^/]+)$/;

/** A lie as a function from what is asked to what is answered; `forward` is the truth. Made anew for each run by `make`. */
export function lying(
  make: (clock: Pick<Clock, 'now'>) => (asked: Asked, forward: Forward) => Promise<Answered>,
): Fault['tell'] {
  return (honest, clock) => {
    const tokens = new Map<string, string>();
    const lie = make(clock);
    let index = 0;
    return async (request) => {
      const asked = await read(request, tokens, index++);
      const forward: Forward = async (changed = asked) => {
        const answered = await send(honest, changed);
        const { body } = answered;
        if (asked.operation === 'token' && isJson(body) && typeof body.access_token === 'string')
          tokens.set(body.access_token, String(body.scope));
        return answered;
      };
      return respond(await lie(asked, forward));
    };
  };
}

async function read(request: Request, tokens: ReadonlyMap<string, string>, index: number): Promise<Asked> {
  const url = new URL(request.url);
  const text = request.body === null ? '' : await request.text();
  const id = GROUP_PATH.exec(url.pathname)?.[1] ?? '';
  const parsed = parse(text);
  return {
    method: request.method,
    url,
    headers: new Headers(request.headers),
    text,
    operation: operationOf(request.method, url.pathname),
    id: decodeURIComponent(id),
    json: isJson(parsed) ? parsed : {},
    scopes: tokens.get(request.headers.get('authorization')?.split(' ')[1] ?? ''),
    index,
  };
}

function operationOf(method: string, path: string): Asked['operation'] {
  if (path === '/auth/token') return 'token';
  if (path === '/users') return 'users';
  if (path === '/account_groups') return method === 'GET' ? 'list' : method === 'POST' ? 'create' : 'other';
  if (!GROUP_PATH.test(path)) return 'other';
  return method === 'GET' ? 'retrieve' : method === 'DELETE' ? 'close' : 'other';
}

async function send(honest: Fetch, { method, url, headers, text, id }: Asked): Promise<Answered> {
  const target = new URL(url);
  if (GROUP_PATH.test(url.pathname)) target.pathname = `/account_groups/${encodeURIComponent(id)}`;
  const response = await honest(new Request(target, { method, headers, ...(text !== '' && { body: text }) }));
  return new Truth(response.status, response.headers, await response.text());
}

/** An honest answer, read as JSON only where a lie looks at it. */
class Truth implements Answered {
  status: number;
  headers: Headers;
  readonly text: string;
  #body: { value: unknown } | undefined;

  constructor(status: number, headers: Headers, text: string) {
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  get body(): unknown {
    this.#body ??= { value: parse(this.text) };
    return this.#body.value;
  }

  set body(value: unknown) {
    this.#body = { value };
  }

  get isUnread(): boolean {
    return this.#body === undefined;
  }
}

function respond(answered: Answered): Response {
  const { status, headers } = answered;
  const body = answered instanceof Truth && answered.isUnread ? answered.text : answered.body;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text === '' ? null : text, { status, headers });
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? text : value;
  } catch {
    return text;
  }
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The groups in an answer. */
export function groups({ status, body }: Answered): Json[] {
  if (status !== 200 || !isJson(body)) return [];
  if (Array.isArray(body.data)) return body.data.filter(isJson);
  return 'securities_account_number' in body ? [body] : [];
}

/** The `meta` of a page; an empty object where the answer is no page. */
export function meta({ status, body }: Answered): Json {
  return status === 200 && isJson(body) && isJson(body.meta) ? body.meta : {};
}

/** The groups of a page, to be changed in place; an empty list where the answer is no page. */
export function data({ status, body }: Answered): Json[] {
  return status === 200 && isJson(body) && Array.isArray(body.data) ? body.data : [];
}

/** A problem in the reference's manner. */
export function problem(status: number, type: string, title: string): Answered {
  const requestId = randomUUID();
  const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : undefined;
  return {
    status,
    headers: new Headers({ 'content-type': 'application/problem+json', 'upvest-request-id': requestId, ...challenge }),
    body: { type, title, status, request_id: requestId },
  };
}

/** Changes every answer that a condition picks. */
export function answer(
  when: (asked: Asked, answered: Answered) => boolean,
  change: (answered: Answered, asked: Asked) => void,
): Fault['tell'] {
  return lying(() => async (asked, forward) => {
    const answered = await forward();
    if (when(asked, answered)) change(answered, asked);
    return answered;
  });
}

/** Changes every group in every answer, the same way wherever it stands. */
export function group(
  change: (group: Json, asked: Asked) => void,
  when: (asked: Asked) => boolean = () => true,
): Fault['tell'] {
  return answer(
    (asked) => when(asked),
    (answered, asked) => groups(answered).forEach((one) => void change(one, asked)),
  );
}

/** Changes every request that a condition picks, before the target sees it. */
export function request(when: (asked: Asked) => boolean, change: (asked: Asked) => void): Fault['tell'] {
  return lying(() => async (asked, forward) => {
    if (when(asked)) change(asked);
    return forward();
  });
}

/**
 * Lets requests that a condition picks act with every scope, whoever sends them. `honestly: false` answers with the
 * refusal all the same; `alive` leaves expired tokens refused.
 */
export function admit(
  when: (asked: Asked, clock: Pick<Clock, 'now'>) => boolean,
  { honestly = true, alive = false } = {},
): Fault['tell'] {
  return lying((clock) => {
    let template: Asked | undefined;
    const expiries = new Map<string | null, number>();
    return async (asked, forward) => {
      if (asked.operation === 'token') {
        template = asked;
        const answered = await forward();
        if (isJson(answered.body))
          expiries.set(
            `Bearer ${String(answered.body.access_token)}`,
            clock.now() + Number(answered.body.expires_in) * 1000,
          );
        return answered;
      }
      if (template === undefined || !when(asked, clock)) return forward();
      if (alive && (expiries.get(asked.headers.get('authorization')) ?? 0) <= clock.now()) return forward();
      const truth = honestly ? undefined : await forward();
      const token = await forward({
        ...template,
        text: template.text.replace(/scope=[^&]*/, 'scope=accounts%3Aread+accounts%3Aadmin'),
      });
      const headers = new Headers(asked.headers);
      if (isJson(token.body)) headers.set('authorization', `Bearer ${String(token.body.access_token)}`);
      const acted = await forward({ ...asked, headers });
      return truth ?? acted;
    };
  });
}

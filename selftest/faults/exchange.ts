import type { Contract } from '../../harness/contract/index.ts';
import type { Clock } from '../../harness/wire.ts';
import type { Fetch } from '../memory.ts';
import { routesOf } from './routes.ts';

/** Requests and answers as lies see and change them. */

export type Json = Record<string, unknown>;

/** A request as a lie sees and changes it. */
export interface Asked {
  method: string;
  readonly url: URL;
  readonly headers: Headers;
  text: string;
  /** Name of the operation of the contract; otherwise {@link TOKEN}, {@link OWNER} or {@link OTHER}. */
  readonly operation: string;
  /** The contract that is to be kept. */
  readonly contract: Contract;
  /** The item that the path names. */
  id: string;
  /** The body, where it is a JSON object. */
  readonly json: Json;
  /** Scopes of the access token, expired or not; `undefined` without one that was issued. */
  readonly scopes: string | undefined;
  /** Whether a token that was issued, and has not expired, stands after `Bearer`. */
  readonly alive: boolean;
  /** How many requests there were before this one. */
  readonly index: number;
}

/** An answer as a lie sees and changes it. */
export interface Answered {
  status: number;
  headers: Headers;
  /** The body as JSON where it is JSON, otherwise as text. */
  body: unknown;
  /** What an honest answer to the request shows of the resource. */
  readonly shows?: Shown;
}

/** A single item, or the member of a page that holds several. */
export type Shown = { readonly page: string } | 'item' | undefined;

/** The access tokens that were issued in a run. */
export class Tokens {
  readonly #issued = new Map<string, { readonly scopes: string; readonly expiresAt: number }>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Remembers what a token request was answered with. */
  note({ body }: Answered): void {
    if (!isJson(body) || typeof body.access_token !== 'string') return;
    const expiresAt = this.#clock.now() + Number(body.expires_in) * 1000;
    this.#issued.set(body.access_token, { scopes: String(body.scope), expiresAt });
  }

  /** What is known of the token that a request shows. */
  of(headers: Headers): Pick<Asked, 'scopes' | 'alive'> {
    const [scheme, word] = headers.get('authorization')?.split(' ') ?? [];
    const token = this.#issued.get(word ?? '');
    return { scopes: token?.scopes, alive: scheme === 'Bearer' && (token?.expiresAt ?? 0) > this.#clock.now() };
  }
}

export async function readRequest(request: Request, contract: Contract, tokens: Tokens, index: number): Promise<Asked> {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  const text = request.body === null ? '' : await request.text();
  const routes = routesOf(contract);
  const json = readJson(text);
  return {
    method: request.method,
    url,
    headers,
    text,
    contract,
    operation: routes.nameOf(request.method, url.pathname),
    id: routes.idIn(url.pathname),
    json: isJson(json) ? json : {},
    ...tokens.of(headers),
    index,
  };
}

export async function send(honest: Fetch, { contract, method, url, headers, text, id }: Asked): Promise<Answered> {
  const target = new URL(url);
  target.pathname = routesOf(contract).withId(url.pathname, id);
  // As bytes: a text would be given a media type of its own.
  const body = text === '' ? {} : { body: Buffer.from(text) };
  const response = await honest(new Request(target, { method, headers, ...body }));
  const shows = routesOf(contract).shownAt(method, target.pathname);
  return new Truth(response.status, response.headers, await response.text(), shows);
}

/** An honest answer, read as JSON only where a lie looks at it. */
class Truth implements Answered {
  status: number;
  headers: Headers;
  readonly text: string;
  readonly shows: Shown;
  #body: { value: unknown } | undefined;

  constructor(status: number, headers: Headers, text: string, shows: Shown) {
    this.status = status;
    this.headers = headers;
    this.text = text;
    this.shows = shows;
  }

  get body(): unknown {
    this.#body ??= { value: bodyOf(this.text) };
    return this.#body.value;
  }

  set body(value: unknown) {
    this.#body = { value };
  }

  get isUnread(): boolean {
    return this.#body === undefined;
  }
}

export function respond(answered: Answered): Response {
  const { status, headers } = answered;
  const body = answered instanceof Truth && answered.isUnread ? answered.text : answered.body;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text === '' ? null : text, { status, headers });
}

function bodyOf(text: string): unknown {
  const value = readJson(text);
  return value === undefined || typeof value === 'string' ? text : value;
}

/** The value that a text stands for; `undefined` where it is no JSON. */
export function readJson(text: string): unknown {
  // Most requests have no body, and throwing is dear.
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

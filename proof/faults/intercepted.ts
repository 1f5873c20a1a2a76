import type { Clock } from '../../harness/client/wire.ts';
import type { Contract } from '../../harness/contract/index.ts';
import { LightHeaders, LightRequest, LightResponse } from '../light-http.ts';
import type { Fetch } from '../memory.ts';
import { routesOf } from './routes.ts';

/** Requests and answers as faults see and change them. */

export type Json = Record<string, unknown>;

/** A request as a fault sees and changes it. */
export interface Asked {
  method: string;
  readonly url: URL;
  readonly headers: Headers;
  text: string;
  /** Name of the operation of the contract; otherwise {@link TOKEN}, {@link OWNER} or {@link OTHER}. */
  readonly operation: string;
  /** The contract that the target keeps. */
  readonly contract: Contract;
  /** The item that the path names. */
  id: string;
  /** The body if it is a JSON object, else an empty object. */
  readonly json: Json;
  /** Scopes of the access token, expired or not; `undefined` without one that was issued. */
  readonly scopes: string | undefined;
  /** Whether the request has a bearer token that was issued and has not expired. */
  readonly alive: boolean;
  /** Number of requests before this one. */
  readonly index: number;
}

/** An answer as a fault sees and changes it. */
export interface Answered {
  status: number;
  headers: Headers;
  /** The parsed body if it is JSON, else its text. */
  body: unknown;
  /** What part of the resource an honest answer shows. */
  readonly shows?: Shown;
}

/** A single item, or the member of a page that holds several. */
export type Shown = { readonly page: string } | 'item' | undefined;

/** The access tokens that were issued in a run. */
export class IssuedTokens {
  readonly #issued = new Map<string, { readonly scopes: string; readonly expiresAt: number }>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Records the answer to a token request. */
  note({ body }: Answered): void {
    if (!isJson(body) || typeof body.access_token !== 'string') return;
    const expiresAt = this.#clock.now() + Number(body.expires_in) * 1000;
    this.#issued.set(body.access_token, { scopes: String(body.scope), expiresAt });
  }

  /** What is known about the token of a request. */
  of(headers: Headers): Pick<Asked, 'scopes' | 'alive'> {
    const [scheme, word] = headers.get('authorization')?.split(' ') ?? [];
    const token = this.#issued.get(word ?? '');
    return { scopes: token?.scopes, alive: scheme === 'Bearer' && (token?.expiresAt ?? 0) > this.#clock.now() };
  }
}

/** A request for a fault, parsed lazily: only what the fault uses is read. */
export async function readRequest(
  request: Request,
  contract: Contract,
  tokens: IssuedTokens,
  index: number,
): Promise<Asked> {
  const text = await textOf(request);
  const routes = routesOf(contract);
  const path = pathOf(request.url);
  const read: { url?: URL; headers?: Headers; json?: Json; holder?: Pick<Asked, 'scopes' | 'alive'> } = {};
  const holder = () => {
    read.holder ??= tokens.of(request.headers);
    return read.holder;
  };
  const asked: Asked = {
    method: request.method,
    get url() {
      read.url ??= new URL(request.url);
      return read.url;
    },
    get headers() {
      read.headers ??= new Headers(request.headers);
      return read.headers;
    },
    text,
    contract,
    operation: routes.nameOf(request.method, path),
    id: routes.idIn(path),
    get json() {
      read.json ??= objectIn(text);
      return read.json;
    },
    get scopes() {
      return holder().scopes;
    },
    get alive() {
      return holder().alive;
    },
    index,
  };
  const { id } = asked;
  const isAsItWas = () =>
    asked.method === request.method &&
    asked.text === text &&
    asked.id === id &&
    (read.url === undefined || read.url.href === request.url) &&
    (read.headers === undefined || isSame(read.headers, request.headers));
  if (request instanceof LightRequest) untouched.set(asked, { request, isAsItWas });
  return asked;
}

/** The original requests, which can be forwarded as long as the fault changes nothing. */
const untouched = new WeakMap<Asked, { readonly request: Request; readonly isAsItWas: () => boolean }>();

const pathOf = (url: string) => /^[^/]*\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? '';

const isSame = (one: Headers, other: Headers) =>
  one instanceof LightHeaders && other instanceof LightHeaders && one.held === other.held;

/** The body of a message; reading it does not consume a light one. */
async function textOf(message: Request | Response): Promise<string> {
  if (message instanceof LightRequest || message instanceof LightResponse) return message.heldText;
  return message.body === null ? '' : message.text();
}

export async function send(honest: Fetch, asked: Asked): Promise<Answered> {
  const read = untouched.get(asked);
  const request = read?.isAsItWas() ? read.request : written(asked);
  const response = await honest(request);
  return new HonestAnswer(request, response, await textOf(response), asked.contract);
}

function written({ contract, method, url, headers, text, id }: Asked): Request {
  const target = new URL(url);
  target.pathname = routesOf(contract).withId(url.pathname, id);
  // As bytes: a string body would set a media type.
  const body = text === '' ? {} : { body: Buffer.from(text) };
  return new Request(target, { method, headers, ...body });
}

/** An honest answer, parsed lazily: only what the fault uses is read. */
class HonestAnswer implements Answered {
  status: number;
  readonly #request: Request;
  readonly #response: Response;
  readonly #text: string;
  #headers: Headers | undefined;
  #body: { value: unknown } | undefined;

  readonly #contract: Contract;

  constructor(request: Request, response: Response, text: string, contract: Contract) {
    this.status = response.status;
    this.#request = request;
    this.#contract = contract;
    this.#response = response;
    this.#text = text;
  }

  get shows(): Shown {
    return routesOf(this.#contract).shownAt(this.#request.method, pathOf(this.#request.url));
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#response.headers);
    return this.#headers;
  }

  set headers(headers: Headers) {
    this.#headers = headers;
  }

  get body(): unknown {
    this.#body ??= { value: bodyOf(this.#text) };
    return this.#body.value;
  }

  set body(value: unknown) {
    this.#body = { value };
  }

  /** The response: the original one if the fault changed nothing. */
  respond(): Response {
    const { status, headers } = this.#response;
    const text = this.#body === undefined ? this.#text : textFor(this.#body.value);
    const isHonest =
      text === this.#text &&
      status === this.status &&
      (this.#headers === undefined || isSame(this.#headers, headers)) &&
      this.#response instanceof LightResponse;
    return isHonest ? this.#response : responseOf(this.status, this.headers, text);
  }
}

export function respond(answered: Answered): Response {
  if (answered instanceof HonestAnswer) return answered.respond();
  return responseOf(answered.status, answered.headers, textFor(answered.body));
}

const textFor = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

const responseOf = (status: number, headers: Headers, text: string) =>
  new Response(text === '' ? null : text, { status, headers });

function bodyOf(text: string): unknown {
  const value = readJson(text);
  return value === undefined || typeof value === 'string' ? text : value;
}

/** The parsed value of a text; `undefined` if it is not JSON. */
export function readJson(text: string): unknown {
  // Most requests have no body, and throwing is slow.
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectIn(text: string): Json {
  const json = readJson(text);
  return isJson(json) ? json : {};
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Requests and responses for runs in memory: the part of the Fetch standard that the reference, the faults and the
 * OAuth library use, without streams. A run creates thousands of them, and Node's own would take most of its time.
 */

type HeaderInit = ConstructorParameters<typeof Headers>[0];

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const EDGES = /^[\t\n\r ]+|[\t\n\r ]+$/g;
const EDGE = /^[\t\n\r ]|[\t\n\r ]$/;
const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();
const NULL_BODY = new Set([101, 204, 205, 304]);
const USUAL_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** A snapshot of names and values; never changed. */
export type HeaderValues = ReadonlyMap<string, string | readonly string[]>;

const COOKIES = 'set-cookie';

/** Headers with copy-on-write. */
export class LightHeaders {
  #values: Map<string, string | readonly string[]>;
  #isShared = false;

  constructor(init?: HeaderInit | LightHeaders) {
    if (init instanceof LightHeaders) {
      init.#isShared = true;
      this.#isShared = true;
      this.#values = init.#values;
      return;
    }
    this.#values = new Map();
    if (init === undefined) return;
    const pairs = Symbol.iterator in init ? init : Object.entries(init);
    for (const [name, value] of pairs as Iterable<[string, string]>) this.append(name, value);
  }

  append(name: string, value: string): void {
    const [key, text] = [nameText(name), valueText(value)];
    const known = this.#values.get(key);
    if (key === COOKIES) this.#own().set(key, [...(known ?? []), text]);
    else this.#own().set(key, known === undefined ? text : `${known}, ${text}`);
  }

  set(name: string, value: string): void {
    const [key, text] = [nameText(name), valueText(value)];
    this.#own().set(key, key === COOKIES ? [text] : text);
  }

  get(name: string): string | null {
    const value = this.#values.get(nameText(name));
    return typeof value === 'object' ? value.join(', ') : (value ?? null);
  }

  has(name: string): boolean {
    return this.#values.has(nameText(name));
  }

  delete(name: string): void {
    const key = nameText(name);
    if (this.#values.has(key)) this.#own().delete(key);
  }

  getSetCookie(): string[] {
    return [...(this.#values.get(COOKIES) ?? [])];
  }

  forEach(visit: (value: string, name: string, headers: LightHeaders) => void): void {
    for (const [name, value] of this.#sorted()) visit(value, name, this);
  }

  entries(): IterableIterator<[string, string]> {
    return this.#sorted()[Symbol.iterator]();
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.#sorted()) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.#sorted()) yield value;
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  get [Symbol.toStringTag](): string {
    return 'Headers';
  }

  /** A snapshot; a copy and its original have the same one until either changes. */
  get held(): HeaderValues {
    this.#isShared = true;
    return this.#values;
  }

  #own(): Map<string, string | readonly string[]> {
    if (this.#isShared) this.#values = new Map(this.#values);
    this.#isShared = false;
    return this.#values;
  }

  #sorted(): [string, string][] {
    const pairs: [string, string][] = [];
    for (const [name, value] of this.#values)
      if (typeof value === 'string') pairs.push([name, value]);
      else for (const cookie of value) pairs.push([name, cookie]);
    return pairs.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  }
}

function nameText(name: string): string {
  const known = lowerCase.get(name);
  if (known !== undefined) return known;
  if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} cannot name a header`);
  const lower = name.toLowerCase();
  if (lowerCase.size < MOST_NAMES) lowerCase.set(name, lower);
  return lower;
}

/** A cache of normalized names, bounded because a target chooses names. */
const lowerCase = new Map<string, string>();
const MOST_NAMES = 1000;

function valueText(value: string): string {
  const given = String(value);
  const text = EDGE.test(given) ? given.replace(EDGES, '') : given;
  if (!VALUE.test(text)) throw new TypeError(`${JSON.stringify(text)} cannot be the value of a header`);
  return text;
}

/** The common part of requests and responses. */
abstract class Message {
  readonly headers: LightHeaders;
  #body: string | Uint8Array | null;
  #text: string | undefined;
  #used = false;

  protected constructor(headers: LightHeaders, body: unknown) {
    this.headers = headers;
    this.#body = bodyOf(body);
    if (headers.has('content-type')) return;
    if (typeof body === 'string') headers.set('content-type', 'text/plain;charset=UTF-8');
    else if (body instanceof URLSearchParams)
      headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  }

  /** The body, without consuming it. @throws {TypeError} if it was consumed. */
  get held(): string | Uint8Array | null {
    if (this.#used) throw new TypeError('the body has already been read');
    return this.#body;
  }

  /** The body as text, without consuming it. @throws {TypeError} if it was consumed. */
  get heldText(): string {
    const body = this.held;
    if (body === null) return '';
    this.#text ??= typeof body === 'string' ? body : DECODER.decode(body);
    return this.#text;
  }

  get body(): AsyncIterable<Uint8Array> | null {
    if (this.#body === null) return null;
    const take = () => this.#bytes();
    return {
      async *[Symbol.asyncIterator]() {
        const bytes = take();
        if (bytes.length > 0) yield bytes;
      },
    };
  }

  get bodyUsed(): boolean {
    return this.#used;
  }

  async text(): Promise<string> {
    const text = this.heldText;
    this.#take();
    return text;
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  async arrayBuffer(): Promise<ArrayBufferLike> {
    return new Uint8Array(this.#bytes()).buffer;
  }

  #bytes(): Uint8Array {
    const body = this.#take();
    return typeof body === 'string' ? ENCODER.encode(body) : body;
  }

  #take(): string | Uint8Array {
    const body = this.held;
    if (body === null) return '';
    this.#used = true;
    return body;
  }
}

function bodyOf(body: unknown): string | Uint8Array | null {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError('a body in memory must be a string or bytes');
}

export class LightRequest extends Message {
  readonly method: string;
  readonly url: string;
  readonly redirect: string;
  #signal: AbortSignal | undefined;

  constructor(input: string | URL | LightRequest, init: RequestInit = {}) {
    const from = input instanceof LightRequest ? input : undefined;
    const body = init.body ?? from?.held;
    super(new LightHeaders(init.headers ?? from?.headers), body);
    const method = init.method ?? from?.method ?? 'GET';
    this.method = USUAL_METHODS.has(method.toUpperCase()) ? method.toUpperCase() : method;
    if (body !== null && body !== undefined && (this.method === 'GET' || this.method === 'HEAD'))
      throw new TypeError(`a ${this.method} request cannot have a body`);
    this.url = from?.url ?? (typeof input === 'string' ? new URL(input).href : String(input));
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    this.#signal = init.signal ?? (from === undefined ? undefined : from.#signal);
  }

  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }

  clone(): LightRequest {
    return new LightRequest(this);
  }

  get [Symbol.toStringTag](): string {
    return 'Request';
  }
}

export class LightResponse extends Message {
  readonly status: number;
  readonly statusText: string;

  constructor(
    body?: unknown,
    init: { status?: number; statusText?: string; headers?: HeaderInit | LightHeaders } = {},
  ) {
    super(new LightHeaders(init.headers), body);
    this.status = init.status ?? 200;
    this.statusText = init.statusText ?? '';
    if (!Number.isInteger(this.status) || this.status < 200 || this.status > 599)
      throw new RangeError(`${this.status} cannot be the status of a response`);
    if (NULL_BODY.has(this.status) && this.held !== null)
      throw new TypeError(`a response with status ${this.status} cannot have a body`);
  }

  static json(value: unknown, init: { status?: number; headers?: HeaderInit } = {}): LightResponse {
    const headers = new LightHeaders(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new LightResponse(JSON.stringify(value), { ...init, headers });
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  clone(): LightResponse {
    const { status, statusText } = this;
    return new LightResponse(this.held, { status, statusText, headers: this.headers });
  }

  get [Symbol.toStringTag](): string {
    return 'Response';
  }
}

/** Replaces Node's classes in this process. What is sent over sockets needs Node's own. */
export function useLightHttp(): void {
  Object.assign(globalThis, { Headers: LightHeaders, Request: LightRequest, Response: LightResponse });
}

import type { WireResponse } from './client/wire.ts';
import { uncoded } from './content-coding.ts';
import { repeatedName } from './json-names.ts';

/** A body as JSON. Work for each answer is bounded: of very long lists only the first items are there. */
export interface Json {
  readonly value: unknown;
  /** A member name that an object has more than once, which the value no longer shows. */
  readonly repeated?: string;
  /** How many items of a list that is a member of the body were left out, by the name of the member. */
  readonly omitted?: ReadonlyMap<string, number>;
}

/** One request and its answer: the evidence. Text in it is redacted; `json` is what the target really sent. */
export interface Exchange {
  readonly id: string;
  /** True where the target has asked, and we have answered. */
  readonly received?: true;
  /** Name of the operation that was asked; `undefined` where the contract declares none. */
  readonly operation: string | undefined;
  /** Who asked, in words that complete "a caller ...". */
  readonly caller: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    /** Query parameters as asked for. */
    readonly query: Readonly<Record<string, string>>;
    readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
    readonly body: string | undefined;
  };
  readonly response: {
    readonly status: number;
    readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
    readonly body: string;
    /** Size of the body on the wire, in bytes. */
    readonly bytes: number;
    /** The body as JSON; `undefined` where it is not JSON. */
    readonly json: Json | undefined;
  };
  /** Position in the run's sequence of beginnings and endings; tells what happened before what. */
  readonly began: number;
  readonly ended: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** True for an answer of class 2XX. */
export function succeeded(exchange: Exchange): boolean {
  return exchange.response.status >= 200 && exchange.response.status < 300;
}

/** All values of an answer's header. */
export function headerValues(exchange: Exchange, name: string): readonly string[] {
  return exchange.response.headers.filter(([key]) => key === name).map(([, value]) => value);
}

/** The first value of a header. */
export function headerValue(headers: Exchange['request']['headers'], name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1];
}

/** The media type of an answer without its parameters, in lower case; empty where there is none. */
export function mediaType(exchange: Exchange): string {
  return (headerValues(exchange, 'content-type')[0] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Recorded bodies are cut here, in characters; judging sees the whole body. */
const LONGEST_RECORDED_BODY = 16_384;

/** Redaction shortens a text, and may meet half a secret where a text was cut before: so much more is looked at. */
const REDACTED_BODY = 4 * LONGEST_RECORDED_BODY;
const LONGEST_SECRET = 8192;

/** A body as it is recorded. */
export function recorded(text: string, redact: (text: string) => string = (same) => same): string {
  const isHuge = text.length > REDACTED_BODY;
  const clean = redact(text.slice(0, REDACTED_BODY));
  if (!isHuge && clean.length <= LONGEST_RECORDED_BODY) return clean;
  const safe = isHuge ? clean.slice(0, Math.max(0, clean.length - LONGEST_SECRET)) : clean;
  return `${safe.slice(0, LONGEST_RECORDED_BODY)}... (${isHuge ? text.length : clean.length} characters in all)`;
}

/** JSON that is nested deeper than this is not read: nothing in the contract is, and it could exhaust the stack. */
const DEEPEST = 64;

/** So many items of a list, and members of an object, are read; the list that a body is for may be longer. */
const MOST_ITEMS = 1000;
const MOST_MEMBERS = 200;

/** The value with the beginnings of its long lists and objects, the outermost list apart. @throws where it is nested too deep. */
function beginning(value: unknown, depth: number, most = MOST_ITEMS): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) throw new RangeError(`nested deeper than ${DEEPEST}`);
  if (Array.isArray(value)) return value.slice(0, most).map((item) => beginning(item, depth - 1));
  return Object.fromEntries(firstMembers(value).map(([name, member]) => [name, beginning(member, depth - 1)]));
}

const firstMembers = (value: object): Array<[name: string, member: unknown]> =>
  Object.keys(value)
    .slice(0, MOST_MEMBERS)
    .map((name) => [name, Object.getOwnPropertyDescriptor(value, name)?.value]);

/** The value as it is judged: lists that are members of it have so many items at most. */
function bounded(value: unknown, most: number): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value: beginning(value, DEEPEST) };
  const omitted = new Map<string, number>();
  const members = firstMembers(value);
  for (const [name, member] of members)
    if (Array.isArray(member) && member.length > most) omitted.set(name, member.length - most);
  const read = members.map(([name, member]) => [
    name,
    beginning(member, DEEPEST - 1, Array.isArray(member) ? most : undefined),
  ]);
  return { value: Object.fromEntries(read), omitted };
}

/** What some encoders put before a text; JSON must not begin with it (RFC 8259 §8.1). */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The body as text and as JSON, without its content codings. Bytes that are not UTF-8 are not JSON (RFC 8259 §8.1), nor is what is nested too deep.
 * A byte order mark stays in the text, and is passed over where JSON is read.
 *
 * @param most of a list that is a member of the body, so many items are read
 */
export function decodeBody(
  { body, headers = [] }: Pick<WireResponse, 'body'> & Partial<Pick<WireResponse, 'headers'>>,
  most = Number.POSITIVE_INFINITY,
): { text: string; json: Json | undefined } {
  try {
    const bytes = uncoded(body, headers);
    if (bytes === undefined) throw new TypeError('a body that is not coded as it is said to be');
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, json: readJson(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, most) };
  } catch {
    return { text: new TextDecoder('latin1').decode(body), json: undefined };
  }
}

function readJson(text: string, most: number): Json | undefined {
  try {
    const read = bounded(JSON.parse(text), most);
    const repeated = read && repeatedName(text);
    return read && { ...read, ...(repeated !== undefined && { repeated }) };
  } catch {
    return undefined;
  }
}

/** `POST /account_groups -> 403`, for messages. */
export function headline(exchange: Exchange): string {
  return `${exchange.request.method} ${exchange.request.url.replace(/^https?:\/\/[^/]+/, '')} -> ${exchange.response.status}`;
}

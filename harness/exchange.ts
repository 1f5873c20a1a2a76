import type { WireResponse } from './client/wire.ts';
import { uncoded } from './content-coding.ts';
import { repeatedName } from './json-names.ts';

/** A body as JSON. To bound the work per answer, very long lists keep only their first items. */
export interface Json {
  readonly value: unknown;
  /** A member name that an object repeats; the parsed value no longer shows it. */
  readonly repeated?: string;
  /** How many items were left out of lists that are members of the body, by member name. */
  readonly omitted?: ReadonlyMap<string, number>;
}

/** One request and its answer: the evidence. Texts are redacted; `json` is not. */
export interface Exchange {
  readonly id: string;
  /** Set if the target sent the request and the suite answered, as with webhooks. */
  readonly received?: true;
  /** Name of the requested operation; `undefined` if the contract declares none for the request. */
  readonly operation: string | undefined;
  /** Description of the caller, completing "a caller ...". */
  readonly caller: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    /** Query parameters as the case wrote them, before encoding. */
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
    /** The body as JSON; `undefined` if it is not JSON. */
    readonly json: Json | undefined;
  };
  /** Positions of start and end in the run's sequence of such events; they say which exchanges overlapped. */
  readonly began: number;
  readonly ended: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** True for a 2XX answer. */
export function succeeded(exchange: Exchange): boolean {
  return exchange.response.status >= 200 && exchange.response.status < 300;
}

/** All values of a response header; `name` in lower case. */
export function headerValues(exchange: Exchange, name: string): readonly string[] {
  return exchange.response.headers.filter(([key]) => key === name).map(([, value]) => value);
}

/** The first value of a header; `name` in lower case. */
export function headerValue(headers: Exchange['request']['headers'], name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1];
}

/** The media type of an answer, in lower case and without parameters; empty if there is none. */
export function mediaType(exchange: Exchange): string {
  return (headerValues(exchange, 'content-type')[0] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/**
 * Characters of a body that are recorded: enough to read, small enough for a report of hundreds of exchanges. Checks
 * see the whole body.
 */
const LONGEST_RECORDED_BODY = 16_384;

/**
 * Characters of a body that are redacted. More than are recorded, because redaction shortens a text, and because a secret
 * that is cut in half at the end would not be recognised: the last `LONGEST_SECRET` characters are dropped.
 */
const REDACTED_BODY = 4 * LONGEST_RECORDED_BODY;
const LONGEST_SECRET = 8192;

/** A body as it is recorded: redacted, then cut. */
export function recorded(text: string, redact: (text: string) => string = (same) => same): string {
  const isHuge = text.length > REDACTED_BODY;
  const clean = redact(text.slice(0, REDACTED_BODY));
  if (!isHuge && clean.length <= LONGEST_RECORDED_BODY) return clean;
  const safe = isHuge ? clean.slice(0, Math.max(0, clean.length - LONGEST_SECRET)) : clean;
  return `${safe.slice(0, LONGEST_RECORDED_BODY)}... (${isHuge ? text.length : clean.length} characters in all)`;
}

/**
 * JSON nested deeper than this counts as unreadable: no schema of the contract comes near it, and recursion could
 * exhaust the stack.
 */
const DEEPEST = 64;

/**
 * Items of a list and members of an object that are read, to bound the work per answer. `most` raises it for a list
 * that is a member of the body.
 */
const MOST_ITEMS = 1000;
const MOST_MEMBERS = 200;

/** The value with its long lists and objects cut. @throws {RangeError} if it is nested too deep */
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

/** The value as checks see it; lists that are members of the body keep at most `most` items. */
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

/** Some encoders start a text with it; JSON must not (RFC 8259 §8.1). */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The body as text and as JSON, with its content codings undone. Bytes that are not UTF-8 are not JSON (RFC 8259 §8.1);
 * JSON that is nested too deep counts as unreadable. A byte order mark stays in the text and is ignored by the parser.
 *
 * @param most items that are read of a list that is a member of the body
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

import type { JsonObject } from './bodies.ts';
import type { Edition } from './editions.ts';
import { Problem } from './problems.ts';
import { BUSINESS, type GroupType, type Order } from './store.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const IDEMPOTENCY_KEY =
  /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-5][0-9a-fA-F]{3}-?[089abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}$/;
const LARGEST_OFFSET = 2 ** 31 - 1;
const LARGEST_LIMIT = 1000;
/** Longest form field of a token request, in characters. */
const LONGEST_FIELD = 1000;

export interface TokenRequest {
  /** Lower case. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
}

export interface PageRequest<Sort> {
  readonly offset: number;
  readonly limit: number;
  readonly sort: Sort;
  readonly order: Order;
}

export interface GroupRequest {
  /** Id of the user or the business. */
  readonly owner: string;
  readonly type: GroupType;
  /** The requested account number. */
  readonly number: string | undefined;
}

/** Whether a value is the text form of a UUID of any version, in upper or lower case. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** The client id of a request, in lower case. @throws {Problem} if it is missing or malformed. */
export function readClientId(header: string | undefined): string {
  if (header === undefined) throw new Problem('missing_client_id', 'The header upvest-client-id is missing.');
  if (!isUuid(header)) throw new Problem('invalid_request', 'The header upvest-client-id must be a UUID.');
  return header.toLowerCase();
}

/** Accepts version 1, and requests without a version. @throws {Problem} for any other. */
export function checkApiVersion(header: string | undefined): void {
  if (header !== undefined && header !== '1') throw new Problem('invalid_request', 'upvest-api-version must be 1.');
}

/** The idempotency key in canonical spelling. @throws {Problem} if it is missing or malformed. */
export function readIdempotencyKey(header: string | undefined): string {
  if (header === undefined) throw new Problem('missing_idempotency_key', 'The header idempotency-key is missing.');
  if (!IDEMPOTENCY_KEY.test(header)) throw new Problem('invalid_request', 'The idempotency-key must be a UUID.');
  return header.replaceAll('-', '').toLowerCase();
}

/** A client credentials request: exactly four fields, each once. @throws {Problem} for anything else. */
export function readTokenRequest(form: URLSearchParams): TokenRequest {
  const extra = [...form.keys()].some(
    (name) => !['client_id', 'client_secret', 'grant_type', 'scope'].includes(name) || form.getAll(name).length > 1,
  );
  if (extra) throw new Problem('invalid_request', 'The form contains an unknown or repeated field.');
  const clientId = form.get('client_id');
  const clientSecret = form.get('client_secret') ?? '';
  const scope = form.get('scope') ?? '';
  if (!isUuid(clientId)) throw new Problem('invalid_request', 'client_id must be a UUID.');
  if (clientSecret === '' || clientSecret.length > LONGEST_FIELD) {
    throw new Problem('invalid_request', `client_secret must have 1 to ${LONGEST_FIELD} characters.`);
  }
  if (form.get('grant_type') !== 'client_credentials') {
    throw new Problem('invalid_request', 'grant_type must be client_credentials.');
  }
  const scopes = scope.split(' ');
  if (scopes.includes('') || scope.length > LONGEST_FIELD) {
    throw new Problem('invalid_request', 'scope must be a list of names with single spaces between them.');
  }
  return { clientId: clientId.toLowerCase(), clientSecret, scopes: [...new Set(scopes)] };
}

/** The requested page of a list; unknown parameters are ignored. The first of `sorts` is the default. @throws {Problem} */
export function readPageRequest<Sort extends string>(
  query: URLSearchParams,
  sorts: readonly [Sort, ...Sort[]],
  smallestLimit = 0,
): PageRequest<Sort> {
  return {
    offset: readWhole(query, 'offset', 0, 0, LARGEST_OFFSET),
    limit: readWhole(query, 'limit', 100, smallestLimit, LARGEST_LIMIT),
    sort: readWord(query, 'sort', sorts),
    order: readWord(query, 'order', ['ASC', 'DESC']),
  };
}

/** The request for an account group. @throws {Problem} if it is invalid. */
export function readGroupRequest(body: JsonObject, edition: Edition): GroupRequest {
  const number = readNumber(body, edition);
  if (edition.businesses && body.type === BUSINESS)
    return { owner: readOwner(body, 'business_id'), type: BUSINESS, number };
  const { user_id, type, securities_account_number, ...rest } = body;
  const isUnknown = Object.keys(rest).length > 0 || (securities_account_number !== undefined && !edition.numbers);
  if (isUnknown && !edition.openRequests) throw new Problem('invalid_request', 'The request has unknown members.');
  const known = edition.types.find((one) => one === type);
  if (known === undefined) throw new Problem('invalid_request', `type must be ${edition.types.join(' or ')}.`);
  return { owner: readOwner({ user_id }, 'user_id'), type: known, number };
}

function readNumber({ securities_account_number: number }: JsonObject, { numbers }: Edition): string | undefined {
  if (number === undefined || numbers === undefined) return undefined;
  if (typeof number === 'string' && numbers.test(number)) return number;
  throw new Problem('invalid_request', 'securities_account_number is malformed.');
}

function readOwner(body: JsonObject, member: string): string {
  const id = body[member];
  if (!isUuid(id)) throw new Problem('invalid_request', `${member} must be a UUID.`);
  return id;
}

/** The parameters of a closing; ignored if the edition has no reasons. @throws {Problem} if they are invalid. */
export function readClosingRequest(
  query: URLSearchParams,
  reasons: readonly string[],
): { readonly notificationOnly: boolean } {
  if (reasons.length === 0) return { notificationOnly: false };
  const reason = readOnce(query, 'closure_reason');
  if (reason !== undefined && !reasons.includes(reason)) {
    throw new Problem('invalid_request', `closure_reason must be ${reasons.join(' or ')}.`);
  }
  return { notificationOnly: readWord(query, 'notification_only', ['false', 'true']) === 'true' };
}

function readOnce(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  if (more.length > 0) throw new Problem('invalid_request', `${name} must not be repeated.`);
  return value;
}

function readWhole(query: URLSearchParams, name: string, fallback: number, least: number, most: number): number {
  const text = readOnce(query, name);
  if (text === undefined) return fallback;
  if (!/^[0-9]+$/.test(text) || Number(text) < least || Number(text) > most) {
    throw new Problem('invalid_request', `${name} must be a whole number from ${least} to ${most}.`);
  }
  return Number(text);
}

/** A parameter from a closed list; the first word is the default. */
function readWord<Word extends string>(query: URLSearchParams, name: string, words: readonly [Word, ...Word[]]): Word {
  const text = readOnce(query, name) ?? words[0];
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new Problem('invalid_request', `${name} must be ${words.join(' or ')}.`);
  return word;
}

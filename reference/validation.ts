import type { GroupType } from './store.ts';
import { Refusal } from './problems.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const IDEMPOTENCY_KEY = /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-5][0-9a-fA-F]{3}-?[089abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}$/;
const LARGEST_BODY = 64 * 1024;
const LARGEST_PAGE = 1000;

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON object of a request body; anything else is refused with 400. */
export async function readObject(request: Request): Promise<JsonObject> {
  if (request.headers.get('content-type')?.toLowerCase() !== 'application/json') throw new Refusal(400, 'content-type must be application/json');
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > LARGEST_BODY) throw new Refusal(400, `the body is larger than ${LARGEST_BODY} bytes`);
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(value)) return value;
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
  throw new Refusal(400, 'the body is not a JSON object');
}

/** What a request for an account group asks for. */
export function readCreation(body: JsonObject): { user_id: string; type: GroupType } {
  const unknown = Object.keys(body).find((key) => key !== 'user_id' && key !== 'type');
  if (unknown !== undefined) throw new Refusal(400, `the body has a member that is not known: ${JSON.stringify(unknown)}`);
  const { user_id, type } = body;
  if (!isUuid(user_id)) throw new Refusal(400, 'user_id must be a UUID');
  if (type !== 'PERSONAL' && type !== 'LEGAL_ENTITY') throw new Refusal(400, 'type must be PERSONAL or LEGAL_ENTITY');
  return { user_id, type };
}

/** A request for a user needs the members of a person; their contents are of no concern here. */
export function readPerson(body: JsonObject): void {
  for (const member of ['first_name', 'last_name', 'birth_date'])
    if (typeof body[member] !== 'string' || body[member] === '') throw new Refusal(400, `${member} must be text`);
  if (!Array.isArray(body.nationalities) || body.nationalities.length === 0) throw new Refusal(400, 'nationalities must name at least one country');
  if (!isObject(body.address)) throw new Refusal(400, 'address must be an object');
}

/** The idempotency key in the one form under which it is remembered. */
export function readIdempotencyKey(value: string | undefined): string {
  if (value === undefined || !IDEMPOTENCY_KEY.test(value)) throw new Refusal(400, 'idempotency-key must be a UUID');
  return value.replaceAll('-', '').toLowerCase();
}

/** Which part of the list is asked for. Parameters that are not known are passed over. */
export function readPage(query: URLSearchParams): { sort: 'created_at'; order: 'ASC' | 'DESC'; offset: number; limit: number } {
  const one = (name: string) => {
    const values = query.getAll(name);
    if (values.length > 1) throw new Refusal(400, `${name} stands more than once`);
    return values[0];
  };
  const whole = (name: string, fallback: number, most: number) => {
    const text = one(name);
    if (text === undefined) return fallback;
    if (!/^\d{1,15}$/.test(text) || Number(text) > most) throw new Refusal(400, `${name} must be a whole number from 0 to ${most}`);
    return Number(text);
  };
  const sort = one('sort') ?? 'created_at';
  if (sort !== 'created_at') throw new Refusal(400, 'sort must be created_at');
  const order = one('order') ?? 'ASC';
  if (order !== 'ASC' && order !== 'DESC') throw new Refusal(400, 'order must be ASC or DESC');
  return { sort, order, offset: whole('offset', 0, Number.MAX_SAFE_INTEGER), limit: whole('limit', 100, LARGEST_PAGE) };
}

/** True where an Accept header leaves room for JSON (RFC 9110 §12.5.1). */
export function acceptsJson(header: string | undefined): boolean {
  if (header === undefined || header.trim() === '') return true;
  const ranges = header.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const most = ['application/json', 'application/*', '*/*'].map((name) => ranges.find((range) => range.name === name)).find((range) => range !== undefined);
  return most !== undefined && most.weight > 0;
}

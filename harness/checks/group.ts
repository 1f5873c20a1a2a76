import { isObject } from '../contract/document.ts';
import { isDateTime, isUuid } from '../contract/formats.ts';
import type { Contract } from '../contract/index.ts';
import { itemsOf } from '../contract/kinds.ts';
import { responseTo } from '../contract/operations.ts';
import { excerpt } from '../contract/schemas.ts';
import { type Exchange, succeeded } from '../exchange.ts';

/** What a target sends as an account group; its members are not validated. */
export type Group = Readonly<Record<string, unknown>>;

/** A page of groups, of which only the structure is validated. */
export interface PageBody {
  readonly meta: Readonly<Record<string, unknown>>;
  /** Of a page that is far too long, only the first items. */
  readonly data: readonly Group[];
  /** The number of all items, including those that are not read or not objects. */
  readonly size: number;
}

/** The page in an exchange, if there is one. */
export function pageOf(exchange: Exchange): PageBody | undefined {
  const value = exchange.response.json?.value;
  if (!succeeded(exchange) || !isObject(value) || !isObject(value.meta) || !Array.isArray(value.data)) return undefined;
  const size = value.data.length + (exchange.response.json?.omitted?.get('data') ?? 0);
  return { meta: value.meta, data: value.data.filter(isObject), size };
}

/** The single group in an exchange, if there is one. */
export function groupOf(exchange: Exchange): Group | undefined {
  const value = exchange.response.json?.value;
  return succeeded(exchange) && isObject(value) && !('data' in value) ? value : undefined;
}

/** Every account group in the response body, found by the schema in the contract. */
export function groupsIn(contract: Contract, exchange: Exchange): readonly Group[] {
  const operation = contract.operations.find(({ name }) => name === exchange.operation);
  const schema = (operation && responseTo(operation, exchange.response.status))?.body?.schema;
  const value = exchange.response.json?.value;
  if (schema === undefined || !isObject(value)) return [];
  if (contract.resource.describes(schema)) return [value];
  const items = contract.resource.isListing(exchange) ? itemsOf(contract.doc, schema) : undefined;
  const listed = items && value[items.member];
  return Array.isArray(listed) ? listed.filter(isObject) : [];
}

/** A member, if it is a string. */
export function text(group: Group, member: string): string | undefined {
  const value = group[member];
  return typeof value === 'string' ? value : undefined;
}

/** The id of a group; `undefined` if it is invalid, which the schema reports. */
export function idOf(group: Group): string | undefined {
  const id = text(group, 'id');
  return id !== undefined && isUuid(id) ? id : undefined;
}

/** True for the group with this id, in whatever case either is written (RFC 9562 §4). */
export const hasId = (group: Group, id: string): boolean => idOf(group)?.toLowerCase() === id.toLowerCase();

/** The id of the single group in an exchange; `undefined` if there is none, or it is invalid. */
export function shownId(exchange: Exchange): string | undefined {
  const group = groupOf(exchange);
  return group && idOf(group);
}

/** True if a member conforms to the schema, so that its meaning can be judged. */
export function isSound(contract: Contract, group: Group, member: string): boolean {
  if (!(member in group)) return false;
  return contract.resource.forms.some((form) => {
    const schema = contract.doc.child(form, 'properties', member);
    return schema !== undefined && contract.schemas.accepts(schema, group[member]);
  });
}

/** A timestamp member in milliseconds since the epoch; `undefined` if it is not a timestamp. */
export function instant(group: Group, member: string): number | undefined {
  const value = text(group, member);
  return value !== undefined && isDateTime(value) ? Date.parse(value.toUpperCase().replace(':60', ':59')) : undefined;
}

/** The resolution of a timestamp in milliseconds: 1000 without fraction digits. */
export function resolution(timestamp: string): number {
  const digits = /\.(\d+)/.exec(timestamp)?.[1]?.length ?? 0;
  return Math.max(1, 1000 / 10 ** digits);
}

/**
 * The members that differ between two snapshots of a group, in words. Timestamps compare as instants, UUIDs in
 * either case, lists in any order.
 */
export function differences(left: Group, right: Group, except: readonly string[] = []): string[] {
  const members = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (member) => !except.includes(member),
  );
  return members
    .filter((member) => left[member] !== right[member] && !same(member, left, right))
    .map((member) => `${member} is ${excerpt(left[member])} here and ${excerpt(right[member])} there`);
}

function same(member: string, left: Group, right: Group): boolean {
  const [a, b] = [instant(left, member), instant(right, member)];
  // Instants are whole milliseconds here: a finer fraction may be rounded up once and down once.
  if (a !== undefined && b !== undefined) return Math.abs(a - b) <= 1;
  return canonical(left[member]) === canonical(right[member]);
}

/** A value as text that does not depend on the order of members or items, nor on the case of a UUID (RFC 9562 §4). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value === 'string' && isUuid(value)) return JSON.stringify(value.toLowerCase());
  if (!isObject(value)) return JSON.stringify(value) ?? 'undefined';
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${key}:${canonical(value[key])}`)
    .join()}}`;
}

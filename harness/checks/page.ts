import { isObject, isTextList } from '../contract/document.ts';
import { promiseOf } from '../contract/ids.ts';
import type { Contract, Parameter } from '../contract/index.ts';
import { successOf } from '../contract/roles.ts';
import { excerpt } from '../contract/schemas.ts';
import type { Exchange } from '../exchange.ts';
import { type Finding, finding } from './finding.ts';
import { type Group, idOf, instant, pageOf, text } from './group.ts';

/** Items that are read beyond the limit of a page, enough to show that it is exceeded. */
const BEYOND = 20;

/** How many items of a page are read: as many as are legal, and some more. */
export function mostItems(contract: Contract, { limit }: Readonly<Record<string, string>>): number {
  const schema = queryParameter(contract, 'limit')?.schema.value;
  const asked = limit ?? defaultOf(contract, 'limit');
  const most = isObject(schema) ? Number(schema.maximum) : Number.NaN;
  const promised = limit === undefined || isValid(contract, 'limit', limit) ? Number(asked) : most;
  return (Number.isFinite(promised) ? promised : LONGEST_PAGE) + BEYOND;
}

/** The limit of a page if the contract has none. */
const LONGEST_PAGE = 1000;

/** Judges the metadata of a page against the request and the items. */
export function judgePage(contract: Contract, exchange: Exchange): Finding[] {
  const page = pageOf(exchange);
  const list = contract.resource.listOf(exchange);
  if (page === undefined || list === undefined) return [];
  const { query } = exchange.request;
  const { meta, data, size } = page;
  const findings: Finding[] = [];
  const judge = (requirement: string, seen: string | false) =>
    void findings.push(finding(promiseOf(list, requirement), exchange, seen));

  if (Number.isInteger(meta.count))
    judge('list.count-equals-length', meta.count !== size && `count ${excerpt(meta.count)} with ${size} groups`);
  const limit = isValid(contract, 'limit', query.limit, list)
    ? Number(query.limit)
    : query.limit === undefined
      ? Number(defaultOf(contract, 'limit', list))
      : undefined;
  if (limit !== undefined) judge('list.limit-honoured', size > limit && `${size} groups with limit=${limit}`);
  if (Number.isInteger(meta.limit) && isValid(contract, 'limit', query.limit, list))
    judge('list.echo-limit', meta.limit !== limit && `limit ${excerpt(meta.limit)} for limit=${query.limit}`);
  if (Number.isInteger(meta.limit) && query.limit === undefined && limit !== undefined)
    judge(
      'list.query.limit.default',
      meta.limit !== limit && `limit ${excerpt(meta.limit)} for a request without limit`,
    );
  const offset =
    query.offset === undefined ? 0 : isValid(contract, 'offset', query.offset, list) ? Number(query.offset) : undefined;
  if (Number.isInteger(meta.offset) && offset !== undefined)
    judge(
      'list.echo-offset',
      meta.offset !== offset &&
        `offset ${excerpt(meta.offset)} for ${query.offset === undefined ? 'no offset' : `offset=${query.offset}`}`,
    );
  for (const parameter of ['order', 'sort']) {
    const echoed = meta[parameter];
    if (
      typeof echoed === 'string' &&
      isSoundMeta(contract, parameter, echoed) &&
      isValid(contract, parameter, query[parameter], list)
    )
      judge(
        `list.echo-${parameter}`,
        echoed !== query[parameter] && `${parameter} ${excerpt(echoed)} for ${parameter}=${query[parameter]}`,
      );
  }
  judge('list.no-duplicates', duplicate(data));
  const { sort, order } = query;
  if (sort !== undefined && order !== undefined) {
    const promise = sortedBy(sort);
    const isPromised = contract.requirements.has(promiseOf(list, promise));
    if (isPromised && isValid(contract, 'sort', sort, list) && isValid(contract, 'order', order, list))
      judge(promise, outOfOrder(data, order, sort));
  }
  return findings;
}

/** The promise that a list can be sorted by a member. */
export const sortedBy = (member: string) => `list.order-by-${member.replaceAll('_', '-')}`;

/** The first repeated id, in words. */
export function duplicate(groups: readonly Group[]): string | false {
  const seen = new Set<string>();
  for (const group of groups) {
    const id = idOf(group);
    if (id !== undefined && seen.has(id)) return `${id} twice among ${groups.length} groups`;
    if (id !== undefined) seen.add(id);
  }
  return false;
}

/** The first two neighbours that are out of order by a timestamp member, in words. */
export function outOfOrder(groups: readonly Group[], order: string, member = 'created_at'): string | false {
  const dated = groups.filter((group) => instant(group, member) !== undefined);
  for (const [index, group] of dated.entries()) {
    const next = dated[index + 1];
    const [here, there] = [instant(group, member), next && instant(next, member)];
    if (
      next !== undefined &&
      here !== undefined &&
      there !== undefined &&
      (order === 'DESC' ? there > here : there < here)
    )
      return `${text(group, member)} before ${text(next, member)} in ${order} order`;
  }
  return false;
}

/** True if a query parameter has a value that the contract allows. */
export function isValid(
  contract: Contract,
  parameter: string,
  value: string | undefined,
  list = contract.resource.list,
): boolean {
  const schema = queryParameter(contract, parameter, list)?.schema;
  if (value === undefined || schema === undefined) return false;
  return contract.schemas.accepts(
    schema,
    isObject(schema.value) && schema.value.type === 'integer' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );
}

/** True if a member of `meta` conforms to the schema, so that its meaning can be judged. */
export function isSoundMeta(contract: Contract, member: string, value: unknown): boolean {
  const page = contract.resource.list && successOf(contract.resource.list);
  const schema = page && contract.doc.within(page, 'properties', 'meta', 'properties', member);
  return schema !== undefined && contract.schemas.accepts(schema, value);
}

/** A query parameter of a list, by default the list of all items. */
export function queryParameter(
  contract: Contract,
  parameter: string,
  list = contract.resource.list,
): Parameter | undefined {
  return list?.parameters.find(({ name }) => name === parameter);
}

/** The documented default of a query parameter of a list. */
export function defaultOf(contract: Contract, parameter: string, list = contract.resource.list): unknown {
  const schema = queryParameter(contract, parameter, list)?.schema.value;
  return isObject(schema) ? schema.default : undefined;
}

/** The words for ascending and descending order, which the contract lists in this sequence. */
export function orders(contract: Contract): { readonly rising: string; readonly falling: string } {
  const [rising = '', falling = ''] = queryWords(contract, 'order');
  return { rising, falling };
}

/** The values that the contract lists for a query parameter of the list. */
export function queryWords(contract: Contract, parameter: string): readonly string[] {
  const schema = queryParameter(contract, parameter)?.schema.value;
  return isObject(schema) && isTextList(schema.enum) ? schema.enum : [];
}

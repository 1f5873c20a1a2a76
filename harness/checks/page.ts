import type { Contract } from '../contract/index.ts';
import { isObject } from '../contract/nodes.ts';
import { excerpt } from '../contract/schemas.ts';
import type { Exchange } from '../exchange.ts';
import { type Group, instant, pageOf, text } from './group.ts';
import { type Judgement, judged } from './judgement.ts';

/** Judges what a page says about itself against what was asked for and what it holds. */
export function judgePage(contract: Contract, exchange: Exchange): Judgement[] {
  const page = pageOf(exchange);
  if (page === undefined) return [];
  const { query } = exchange.request;
  const { meta, data } = page;
  const judgements: Judgement[] = [];
  const judge = (requirement: string, seen: string | false) => void judgements.push(judged(requirement, exchange, seen));

  if (Number.isInteger(meta.count)) judge('list.count-equals-length', meta.count !== data.length && `count ${excerpt(meta.count)} with ${data.length} groups`);
  const limit = wholeNumber(query.limit) ?? Number(defaultOf(contract, 'limit'));
  judge('list.limit-honoured', data.length > limit && `${data.length} groups with limit=${limit}`);
  if (Number.isInteger(meta.limit) && wholeNumber(query.limit) !== undefined) judge('list.echo-limit', meta.limit !== limit && `limit ${excerpt(meta.limit)} for limit=${query.limit}`);
  const offset = query.offset === undefined ? 0 : wholeNumber(query.offset);
  if (Number.isInteger(meta.offset) && offset !== undefined) judge('list.echo-offset', meta.offset !== offset && `offset ${excerpt(meta.offset)} for ${query.offset === undefined ? 'no offset' : `offset=${query.offset}`}`);
  if (typeof meta.order === 'string' && query.order !== undefined) judge('list.echo-order', meta.order !== query.order && `order ${excerpt(meta.order)} for order=${query.order}`);
  if (typeof meta.sort === 'string' && query.sort !== undefined) judge('list.echo-sort', meta.sort !== query.sort && `sort ${excerpt(meta.sort)} for sort=${query.sort}`);
  judge('list.no-duplicates', duplicate(data));
  if (query.order !== undefined) judge('list.order-by-created-at', outOfOrder(data, query.order));
  return judgements;
}

/** The first id that stands twice, in words. */
export function duplicate(groups: readonly Group[]): string | false {
  const seen = new Set<string>();
  for (const group of groups) {
    const id = text(group, 'id');
    if (id !== undefined && seen.has(id)) return `${id} stands twice among ${groups.length} groups`;
    if (id !== undefined) seen.add(id);
  }
  return false;
}

/** The first pair of neighbours that stands against the order, in words. */
export function outOfOrder(groups: readonly Group[], order: string): string | false {
  const dated = groups.filter((group) => instant(group, 'created_at') !== undefined);
  for (const [index, group] of dated.entries()) {
    const next = dated[index + 1];
    const [here, there] = [instant(group, 'created_at'), next && instant(next, 'created_at')];
    if (next !== undefined && here !== undefined && there !== undefined && (order === 'DESC' ? there > here : there < here))
      return `${text(group, 'created_at')} before ${text(next, 'created_at')} in ${order} order`;
  }
  return false;
}

const wholeNumber = (value: string | undefined) => (value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined);

/** The documented default of a query parameter of the list. */
export function defaultOf(contract: Contract, parameter: string): unknown {
  const schema = contract.operations.find(({ name }) => name === 'list')?.parameters.find(({ name }) => name === parameter)?.schema.value;
  return isObject(schema) ? schema.default : undefined;
}

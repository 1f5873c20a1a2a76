import { randomUUID } from 'node:crypto';
import { type Api, Blocked, type Case, type CaseRequest } from '../../harness/case.ts';
import { type Group, groupOf, hasId, idOf, instant, isSound, pageOf, text } from '../../harness/checks/group.ts';
import { defaultOf, orders } from '../../harness/checks/page.ts';
import { promiseOf } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { isOtherList } from '../../harness/contract/roles.ts';
import { type Caller, callersOf } from '../../harness/contract/security.ts';
import { spellings } from '../../harness/contract/spellings.ts';
import { type Exchange, succeeded } from '../../harness/exchange.ts';
import { CLIENT_ID_HEADER, ready, withTokens } from '../fixtures/callers.ts';
import { closed, ended, isFinal } from '../fixtures/closing.ts';
import { newItem, ownerAsked, ownersOf } from '../fixtures/creation.ts';
import { FOREIGN_CLIENT, namesClient, underForeignClient } from '../fixtures/foreign-client.ts';
import { created } from '../fixtures/items.ts';
import { largestLimit, totalOf } from '../fixtures/look.ts';
import { Asking, isOfOwners, itemsOf } from '../fixtures/one-list.ts';
import { until } from '../fixtures/until.ts';
import { type Axis, servedEverywhere } from './axes.ts';
import { queryAxis, sharedAxes } from './legal.cases.ts';
import { breaches } from './requests.cases.ts';

/**
 * Lists beside that of all items, such as those of one owner. Where the list of all items is asked for at length, these
 * are asked for sparingly: each promise by one request or two. What the contract leaves open there is tried on the list of
 * all items only.
 */

export function otherListCases(contract: Contract): Case[] {
  return contract.operations
    .filter(isOtherList)
    .flatMap((list) => [
      pages(contract, list),
      refusals(contract, list),
      ...(contract.resource.close === undefined ? [] : [afterClosing(list)]),
    ]);
}

/** What an answer to a permitted request shows about the list. */
const SHOWN = [
  'list.allowed',
  'list.pages-partition',
  'list.offset-honoured',
  'list.page-full',
  'list.descending-mirrors-ascending',
  'list.total-independent-of-page',
  'list.equals-retrieved',
];

function pages(contract: Contract, list: Operation): Case {
  const of = (promise: string) => promiseOf(list, promise);
  const served = list.parameters.map(({ in: place, name }) => of(`list.${place}.${name}.served`));
  const callers = callersOf(contract.doc, list)
    .filter(({ allowed }) => allowed)
    .map(({ id }) => of(`list.caller.${id}`));
  const defaults = ['limit', 'sort', 'order'].map((name) => of(`list.query.${name}.default`));
  return {
    id: of('list.pages'),
    area: 'listing',
    operation: list.name,
    title: `${list.id} holds what belongs there, in pages of any size and in every spelling of the request`,
    covers: [...SHOWN.map(of), ofItsOwner(list), of('list.accept.served'), ...served, ...defaults, ...callers],
    writes: false,
    async run(api) {
      const asking = await Asking.of(api, list);
      const made = api.writes && isOfOwners(api, list) ? await ownItems(api) : await listedItems(api, asking);
      await api.exclusive('list:measuring', () => judgePages(api, asking, made));
      await judgeSpellings(api, asking);
    },
  };
}

/** What belongs to an owner is in the list of that owner also when it is closed. */
function afterClosing(list: Operation): Case {
  const whole = ofItsOwner(list);
  const same = promiseOf(list, 'list.equals-retrieved');
  return {
    id: promiseOf(list, 'list.after-closing'),
    area: 'lifecycle',
    operation: list.name,
    title: `${list.id} still holds a group that is closing, and shows that it is`,
    covers: [whole, same],
    writes: true,
    async run(api) {
      if (!isOfOwners(api, list)) return;
      // That nothing can be closed is for other cases to say; what is in the list is seen without it.
      const done = await closed(api, 'first').catch((error: unknown) => {
        if (error instanceof Blocked) return undefined;
        throw error;
      });
      if (done === undefined) return;
      const { id, exchange } = done;
      const after = await ended(api, done);
      const wasOver = isFinal(api, groupOf(after) ?? {});
      if (!succeeded(exchange) || !wasOver) return;
      const asking = await Asking.of(api, list);
      const find = (page: Exchange) => itemsOf(page).find((one) => hasId(one, id));
      const page = await until(
        api,
        () => asking.page(orders(api.contract).falling, 0, largestLimit(api)),
        (seen) => isFinal(api, find(seen) ?? {}),
      );
      const item = find(page);
      if (!isIdentifiable(page)) return;
      api.report(whole, [exchange, page], item === undefined && `${id} is missing once it was asked to close`);
      if (item !== undefined && isSound(api.contract, item, 'status'))
        api.report(same, [after, page], !isFinal(api, item) && `${id} is ${text(item, 'status')} in the list`);
    },
  };
}

/** The promise that a list holds what belongs to whom its path names. */
function ofItsOwner(list: Operation): string {
  const [parameter] = list.parameters.filter((one) => one.in === 'path');
  return promiseOf(list, `list.of-the-${parameter?.name.replace(/_id$/, '').replaceAll('_', '-')}`);
}

/** What the run has created for the first of its owners, once the list of all items shows it. */
async function ownItems(api: Api): Promise<string[]> {
  const made = await Promise.allSettled((['first', 'second', 'spare'] as const).map((role) => created(api, role)));
  const all = made.flatMap((one) => (one.status === 'fulfilled' && !one.value.repeats ? [one.value] : []));
  const owner = ownerAsked(api, await newItem(api));
  return all.filter(({ body }) => ownerAsked(api, body) === owner).map(({ id }) => id.toLowerCase());
}

/** What the list of all items shows of whom the path names, in a member of that name. */
async function listedItems(api: Api, { path }: Asking): Promise<string[]> {
  const [[parameter, owner] = ['', '']] = Object.entries(path);
  const { list, members } = api.contract.resource;
  if (list === undefined || !members.some(({ name }) => name === parameter)) return [];
  const page = await api.once('the usual page', () => api.ask({ operation: list.name }));
  return itemsOf(page)
    .filter((item) => text(item, parameter)?.toLowerCase() === owner.toLowerCase())
    .flatMap((item) => idOf(item)?.toLowerCase() ?? []);
}

const idsOf = (exchanges: readonly Exchange[]) =>
  exchanges.flatMap(itemsOf).map((item) => idOf(item)?.toLowerCase() ?? '');

async function judgePages(api: Api, asking: Asking, made: readonly string[]): Promise<void> {
  const { rising, falling } = orders(api.contract);
  const most = largestLimit(api);
  // What is created may be readable before it is in every list.
  const whole = await until(
    api,
    () => asking.page(rising, 0, most),
    (page) => made.every((id) => idsOf([page]).includes(id)),
  );
  const total = totalOf(whole);
  // A page that cannot be read has a finding of its own.
  const judge = (promise: string, exchanges: readonly Exchange[], seen: string | false) =>
    exchanges.every((page) => pageOf(page) !== undefined) && api.report(asking.promise(promise), exchanges, seen);
  if (!succeeded(whole) || total === undefined) return;
  const callers = await withTokens(
    api,
    callersOf(api.contract.doc, asking.list).filter(({ allowed }) => allowed),
  );
  // Whoever holds every scope comes last.
  const everything = callers.at(-1);
  const halves = [0, 2].map((offset, index) => asking.page(rising, offset, 2, callers[index % callers.length]));
  const [turned, bare, ...walk] = await Promise.all([
    asking.page(falling, Math.max(0, total - most), most),
    asking.ask({ ...(everything && { caller: everything }) }, [
      'list.allowed',
      ...(everything ? [`list.caller.${everything.id}`] : []),
    ]),
    ...halves,
  ]);
  const items = itemsOf(whole);
  judge('list.pages-partition', [...walk, whole], unlike(items.slice(0, 4), walk.flatMap(itemsOf)));
  const [, second] = walk;
  if (second !== undefined)
    judge('list.offset-honoured', [second, whole], unlike(items.slice(2, 3), itemsOf(second).slice(0, 1)));
  const sizes = [whole, turned, ...walk].map((page) => [page, pageOf(page)?.size ?? 0, roomOf(page, total)] as const);
  for (const [page, size, room] of sizes)
    judge('list.page-full', [page], size < room && `${size} items instead of ${room}`);
  judge('list.descending-mirrors-ascending', [turned, whole], unlike(items, itemsOf(turned).toReversed()));
  for (const page of [turned, bare, ...walk])
    judge('list.total-independent-of-page', [page, whole], otherTotal(totalOf(page), total));
  const usual = items.slice(0, Number(defaultOf(api.contract, 'limit', asking.list)));
  const size = itemsOf(bare).length;
  // In which sequence they come is for the other two to say.
  judge('list.query.limit.default', [bare, whole], size !== usual.length && `${size} items instead of ${usual.length}`);
  for (const name of ['sort', 'order'])
    judge(`list.query.${name}.default`, [bare, whole], unlike(usual, itemsOf(bare)));
  await judgeContents(api, asking, whole, made);
}

/** Whether a page can be read, and every item on it has an id. */
const isIdentifiable = (page: Exchange) =>
  pageOf(page)?.size === itemsOf(page).filter((item) => idOf(item) !== undefined).length;

const roomOf = ({ request: { query } }: Exchange, total: number) =>
  Math.max(0, Math.min(Number(query.limit), total - Number(query.offset)));

/** Where items are not those that are expected, in words. Items of one instant may be in any order. */
function unlike(expected: readonly Group[], found: readonly Group[]): string | false {
  const at = (item: Group | undefined) => item && instant(item, 'created_at');
  const isLike = (one: Group | undefined, other: Group | undefined) =>
    (one && idOf(one)) === (other && idOf(other)) || (at(one) !== undefined && at(one) === at(other));
  const place = expected.findIndex((item, index) => !isLike(item, found[index]));
  if (place < 0 && found.length === expected.length) return false;
  const names = (items: readonly Group[]) => items.map((item) => idOf(item)).join(', ') || 'nothing';
  return `${names(found)} instead of ${names(expected)}`;
}

const otherTotal = (found: number | undefined, total: number) =>
  found !== undefined && found !== total && `total_count ${found} here, and ${total} on the largest page`;

/** Everything in it belongs to whom the path names, and what the run has made for them is in it. */
async function judgeContents(api: Api, asking: Asking, whole: Exchange, made: readonly string[]): Promise<void> {
  const [[parameter, id] = ['', '']] = Object.entries(asking.path);
  const { owners } = api.contract.resource;
  const isReadable = (item: Group, member: string | undefined) =>
    member !== undefined && isSound(api.contract, item, member);
  const isStrange = (item: Group) =>
    isReadable(item, parameter)
      ? text(item, parameter)?.toLowerCase() !== id.toLowerCase()
      : isReadable(item, owners?.name) && !ownersOf(api, item).includes(id.toLowerCase());
  const strange = itemsOf(whole).find(isStrange);
  const isLost = (id: string) => !idsOf(pages).includes(id);
  const pages = [whole];
  // A list that has more items than a page can hold may have them on the next one.
  if (made.some(isLost))
    pages.push(await asking.page(orders(api.contract).rising, itemsOf(whole).length, largestLimit(api)));
  const lost = pages.every(isIdentifiable) ? made.find(isLost) : undefined;
  api.report(
    ofItsOwner(asking.list),
    pages,
    strange && `${idOf(strange)} belongs to somebody else`,
    lost && `${lost} is missing`,
  );
}

/** Some ways to spell each part of a legal request, several at once; the usual ones are met elsewhere. */
async function judgeSpellings(api: Api, { list, path }: Asking): Promise<void> {
  const axes = [
    ...(await sharedAxes(api, list)),
    ...list.parameters
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, schema }) =>
        queryAxis(
          list,
          name,
          spellings(api.contract.schemas, schema, '').filter((value) => !(name === 'limit' && Number(value) === 0)),
        ),
      ),
    ...list.parameters
      .filter((parameter) => parameter.in === 'path')
      .map(({ name, schema }) => pathAxis(list, name, spellings(api.contract.schemas, schema, path[name] ?? ''))),
  ];
  await servedEverywhere(api, list.name, promiseOf(list, 'list.allowed'), axes.map(someOf), 'all');
}

/** The usual option, the next one and the last. */
const someOf = (axis: Axis): Axis => ({
  ...axis,
  options: axis.options.filter((_, index, all) => index < 2 || index === all.length - 1),
});

const pathAxis = (list: Operation, name: string, values: readonly string[]): Axis => ({
  name,
  requirement: promiseOf(list, `list.path.${name}.served`),
  options: values.map((value) => ({ title: `${name}=${value}`, ask: { path: { [name]: value } } })),
});

function refusals(contract: Contract, list: Operation): Case {
  const of = (promise: string) => promiseOf(list, promise);
  const callers = callersOf(contract.doc, list);
  const broken = list.parameters.flatMap((parameter) => breaches(contract, list, parameter, randomUUID()));
  const requirementOf = ({ id }: Caller) => of(`list.caller.${id}`);
  return {
    id: of('list.refusals'),
    area: 'scopes',
    operation: list.name,
    title: `${list.id} refuses whom it must not serve, and whatever breaks the contract`,
    covers: [
      ...callers.filter(({ allowed }) => !allowed).map(requirementOf),
      ...broken.flatMap(({ expects }) => expects),
      of('list.not-acceptable'),
      of('list.unknown-id'),
      ...(namesClient(list) ? [FOREIGN_CLIENT] : []),
    ],
    writes: false,
    async run(api) {
      const asking = await Asking.of(api, list);
      const ask = (more: Partial<CaseRequest>, ...expects: string[]) => asking.ask(more, expects);
      const [parameter = ''] = Object.keys(asking.path);
      const foreign = namesClient(list) ? underForeignClient(api) : undefined;
      await Promise.all([
        ...callers
          .filter(({ allowed }) => !allowed)
          .map(async (caller) => {
            const held = await ready(api, caller, requirementOf(caller));
            if (held !== undefined) await ask({ caller: held }, `list.caller.${caller.id}`);
          }),
        ...firstOfEach(broken).map(async ({ expects, ...more }) => {
          const isHidden =
            api.signed === 'by-proxy' && expects.some((requirement) => requirement.includes(CLIENT_ID_HEADER));
          if (isHidden) for (const requirement of expects) api.excluded(requirement, 'signed-by-proxy');
          else await ask({ ...more, path: { ...asking.path, ...more.path } }, ...expects);
        }),
        ask({ headers: { accept: 'application/xml' } }, 'list.not-acceptable'),
        ask({ path: { [parameter]: randomUUID() } }, 'list.unknown-id'),
        ...(foreign ? [api.ask({ operation: list.name, path: asking.path, ...foreign })] : []),
      ]);
    },
  };
}

/** One way to break each promise. */
function firstOfEach<T extends { readonly expects: readonly string[] }>(all: readonly T[]): T[] {
  return [...new Map(all.toReversed().map((one) => [one.expects.join(), one])).values()].reverse();
}

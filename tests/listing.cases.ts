import { type Api, Blocked, type Case } from '../harness/case.ts';
import { differences, type Group, groupOf, idOf, instant, pageOf } from '../harness/checks/group.ts';
import { defaultOf, duplicate, isSoundMeta, outOfOrder } from '../harness/checks/page.ts';
import { excerpt } from '../harness/contract/schemas.ts';
import type { Exchange } from '../harness/exchange.ts';
import { everyPage, isFull, limitOf, measured, range, totalOf } from './measured-list.ts';
import { orders, queryWords, retrieve, until, victim } from './stage.ts';

/** The list as a whole: pages, order, defaults, ends. Measured while nothing of ours is being created. */

export const listingCases: readonly Case[] = [
  {
    id: 'list.pages',
    area: 'listing',
    operation: 'list',
    title: 'pages of any size are a partition of the list',
    proves: [
      'list.pages-partition',
      'list.offset-honoured',
      'list.page-full',
      'list.total-independent-of-page',
      'list.allowed',
    ],
    writes: false,
    async run(api) {
      const list = await measured(api, 2);
      const whole = new Map(list.head.groups.map((group, index) => [index, idOf(group)]));
      for (const [index, group] of list.tail.groups.entries()) whole.set(list.tail.offset + index, idOf(group));
      for (const walk of list.walks) {
        const shown = walk.flatMap((page) =>
          page.groups.map((group, index) => ({ at: page.offset + index, id: idOf(group) })),
        );
        const evidence = [list.head.exchange, ...walk.map(({ exchange }) => exchange)];
        const ids = shown.map(({ id }) => id).filter((id) => id !== undefined);
        const places = new Set(
          walk.flatMap((page) => range(page.offset, Math.min(page.offset + limitOf(page), list.total))),
        );
        const expected = [...places].map((at) => whole.get(at)).filter((id) => id !== undefined);
        const missing = expected.filter((id) => !ids.includes(id));
        const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
        api.judge(
          'list.pages-partition',
          evidence,
          missing.length > 0 && `${missing[0]} is on no page of ${limitOf(walk[0])}`,
          twice.length > 0 && `${twice[0]} is on two pages of ${limitOf(walk[0])}`,
        );
      }
      for (const page of [...list.walks.flat(), list.tail]) {
        const [first] = page.groups;
        const promised = whole.get(page.offset);
        if (first !== undefined && promised !== undefined && page.offset < list.head.groups.length)
          api.judge(
            'list.offset-honoured',
            [list.head.exchange, page.exchange],
            idOf(first) !== promised &&
              `offset ${page.offset} starts with ${idOf(first)}, which is not number ${page.offset} of the list`,
          );
      }
      for (const page of everyPage(list)) {
        if (pageOf(page.exchange) !== undefined)
          api.judge(
            'list.page-full',
            [page.exchange],
            !isFull(list, page) &&
              `${page.size} groups at offset ${page.offset} with limit ${limitOf(page)}, of ${list.total} in all`,
          );
        const total = totalOf(page.exchange);
        if (total !== undefined)
          api.judge(
            'list.total-independent-of-page',
            [list.largest.exchange, page.exchange],
            total !== list.total && `total_count ${total} here and ${list.total} on the largest page`,
          );
      }
    },
  },
  {
    id: 'list.order',
    area: 'listing',
    operation: 'list',
    title: 'the list is ordered across pages, and falling order mirrors rising order',
    proves: ['list.order-by-created-at', 'list.descending-mirrors-ascending', 'list.echo-order', 'list.echo-sort'],
    writes: false,
    async run(api) {
      const list = await measured(api, 2);
      const { rising, falling } = orders(api.contract);
      for (const [walk, order] of [
        ...list.walks.map((pages) => [pages, rising] as const),
        [list.fallingWalk, falling] as const,
      ]) {
        const groups = walk.flatMap((page) => page.groups);
        if (duplicate(groups) === false)
          api.judge(
            'list.order-by-created-at',
            walk.map(({ exchange }) => exchange),
            outOfOrder(groups, order),
          );
      }
      api.judge(
        'list.order-by-created-at',
        [list.head.exchange, list.tail.exchange],
        outOfOrder(
          [...list.head.groups, ...list.tail.groups.slice(Math.max(0, list.head.groups.length - list.tail.offset))],
          rising,
        ),
      );
      // Pages that are cut wrongly have a finding of their own.
      if (!isFull(list, list.tail)) return;
      if (isFull(list, list.falling))
        api.judge(
          'list.descending-mirrors-ascending',
          [list.tail.exchange, list.falling.exchange],
          notMirrored(list.tail.groups, list.falling.groups),
        );
      const walked = list.fallingWalk.flatMap(({ groups }) => groups);
      if (list.fallingWalk.every((page) => isFull(list, page)))
        api.judge(
          'list.descending-mirrors-ascending',
          [list.tail.exchange, ...list.fallingWalk.map(({ exchange }) => exchange)],
          notMirrored(list.tail.groups.slice(-walked.length), walked),
        );
    },
  },
  {
    id: 'list.defaults',
    area: 'listing',
    operation: 'list',
    title: 'a parameter that is left out counts as its documented default',
    proves: [
      'list.query.limit.default',
      'list.query.order.default',
      'list.query.sort.default',
      'list.echo-limit',
      'list.echo-offset',
    ],
    writes: false,
    async run(api) {
      const list = await measured(api, 1);
      const bare = pageOf(list.bare);
      for (const [parameter, exchange] of list.explicit) {
        const page = pageOf(exchange);
        if (bare === undefined || page === undefined) continue;
        const told =
          isSoundMeta(api.contract, parameter, bare.meta[parameter]) &&
          parameter !== 'sort' &&
          bare.meta[parameter] !== defaultOf(api.contract, parameter);
        const shown = bare.data.map((group) => idOf(group)).join() !== page.data.map((group) => idOf(group)).join();
        const reordered = parameter === 'order' && shown && sameInstants(bare.data, page.data);
        api.judge(
          `list.query.${parameter}.default`,
          [list.bare, exchange],
          told && `meta.${parameter} is ${excerpt(bare.meta[parameter])}`,
          !told &&
            shown &&
            !reordered &&
            `other groups than with ${parameter}=${String(defaultOf(api.contract, parameter))}`,
        );
      }
    },
  },
  {
    id: 'list.ends',
    area: 'listing',
    operation: 'list',
    title: 'pages at and beyond the end are empty, and a limit of 0 asks for nothing',
    proves: ['list.beyond-the-end', 'list.limit-zero'],
    writes: false,
    async run(api) {
      const list = await measured(api, 0);
      for (const page of list.beyond)
        api.judge(
          'list.beyond-the-end',
          [page.exchange],
          pageOf(page.exchange) === undefined &&
            `${page.exchange.response.status} at offset ${page.offset} of ${list.total}`,
          page.size > 0 && `${page.size} groups at offset ${page.offset} of ${list.total}`,
        );
      const none = await api.ask({ operation: 'list', query: { limit: '0' }, aims: ['list.limit-zero'] });
      const page = pageOf(none);
      if (page !== undefined) api.judge('list.limit-zero', [none], page.size > 0 && `${page.size} groups`);
    },
  },
  {
    id: 'list.items',
    area: 'listing',
    operation: 'list',
    title: 'a listed group equals the same group when retrieved',
    proves: ['list.equals-retrieved'],
    writes: false,
    async run(api) {
      const list = await measured(api, 1);
      const own = api.writes ? [(await victim(api)).group] : [];
      const picked = new Set(
        [...own, list.head.groups[0], list.head.groups.at(-1), list.tail.groups.at(-1)].map(
          (group) => group && idOf(group),
        ),
      );
      await Promise.all([...picked].map((id) => (id === undefined ? undefined : compare(api, id))));
    },
  },
];

/** Compares a group in the list with the group itself; a group that changes meanwhile is compared anew. */
async function compare(api: Api, id: string): Promise<void> {
  let verdict: { evidence: Exchange[]; seen: string[] } | undefined;
  await until(
    api,
    async () => {
      const one = await retrieve(api, id);
      const { page, listed } = await findListed(api, id);
      const two = await retrieve(api, id);
      const [before, after] = [groupOf(one), groupOf(two)];
      if (before !== undefined && after !== undefined && listed !== undefined) {
        const seen = differences(after, listed);
        verdict = { evidence: [page, two], seen };
        if (seen.length === 0 || differences(before, after).length === 0) return two;
      }
      return one;
    },
    (exchange) => verdict?.evidence.includes(exchange) ?? false,
  );
  if (verdict !== undefined)
    api.judge(
      'list.equals-retrieved',
      verdict.evidence,
      verdict.seen.length > 0 && `${id}: ${verdict.seen.join('; ')} in the list`,
    );
}

async function findListed(api: Api, id: string): Promise<{ page: Exchange; listed: Group | undefined }> {
  const { rising, falling } = orders(api.contract);
  const [sort = ''] = queryWords(api.contract, 'sort');
  const pages = await Promise.all(
    [rising, falling].map((order) => api.ask({ operation: 'list', query: { sort, order, offset: '0', limit: '50' } })),
  );
  const found = pages.map((page) => ({ page, listed: pageOf(page)?.data.find((group) => group.id === id) }));
  const [first] = found;
  const hit = found.find(({ listed }) => listed !== undefined) ?? first;
  if (hit === undefined) throw new Blocked('no-group', 'the list cannot be read');
  return hit;
}

const sameInstants = (left: readonly Group[], right: readonly Group[]) =>
  left.length === right.length &&
  left.every((group, index) => instant(group, 'created_at') === (right[index] && instant(right[index], 'created_at')));

/** Where falling order is not rising order read backwards; groups of one instant may stand in any order among themselves. */
function notMirrored(rising: readonly Group[], falling: readonly Group[]): string | false {
  const mirror = rising.slice().reverse();
  const key = (group: Group | undefined) => (group === undefined ? 'nothing' : String(instant(group, 'created_at')));
  for (const [index, group] of mirror.entries())
    if (key(group) !== key(falling[index]))
      return `number ${index} in falling order is ${falling[index] ? idOf(falling[index]) : 'nothing'}; mirrored it would be ${idOf(group)}`;
  const edge = key(mirror.at(-1));
  const shown = new Set(falling.map((group) => idOf(group)));
  const lost = mirror.find((group) => key(group) !== edge && !shown.has(idOf(group)));
  return lost !== undefined && `${idOf(lost)} is missing in falling order`;
}

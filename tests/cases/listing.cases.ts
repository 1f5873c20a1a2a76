import type { Api, Case, Subjects } from '../../harness/case.ts';
import { idOf, pageOf } from '../../harness/checks/group.ts';
import { duplicate, orders, outOfOrder, queryWords, sortedBy } from '../../harness/checks/page.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { largestLimit, totalOf } from '../fixtures/look.ts';
import { bounds, everyPage, isFull, type Measured, type MeasuredPage, measured } from '../fixtures/measured-list.ts';
import { belongs, notAsRising, notPartitioned, notReversed } from '../fixtures/places.ts';
import { judgeDefaults } from './defaults.ts';
import { judgeItems } from './listed-items.ts';

/** The list as a whole: pages, order, defaults, ends. Measured while nothing of ours is being created. */

const nameOf = ({ exchange: { request } }: MeasuredPage) =>
  ['order', 'offset', 'limit'].map((name) => request.query[name] ?? '-').join(' ');

/** Judges a requirement by pages, each one a subject; one that cannot be read blocks it. */
function byPages(
  api: Api,
  requirement: string,
  pages: readonly MeasuredPage[],
  judge: (page: MeasuredPage, subjects: Subjects, name: string) => void,
): void {
  const names = pages.map((page, index) => `page ${index + 1} (${nameOf(page)})`);
  const subjects = api.subjects(requirement, names);
  for (const [index, page] of pages.entries()) {
    const name = names[index] ?? '';
    if (page.isReadable) judge(page, subjects, name);
    else subjects.blocked(name, 'allowed-call-fails', `answered with ${page.exchange.response.status}, or unreadable`);
  }
}

const unreadable = (pages: readonly MeasuredPage[]) => pages.find(({ isReadable }) => !isReadable);

export const listingCases = (contract: Contract): Case[] => {
  const { list } = contract.resource;
  return list === undefined ? [] : [...casesOf(list), ...otherOrders(contract, list)];
};

/** The list by each member but the usual one; what is between its pages may change its place while they are read. */
const otherOrders = (contract: Contract, { name: operation }: Operation): Case[] =>
  queryWords(contract, 'sort')
    .slice(1)
    .map((sort) => ({
      id: `list.sort.${sort}`,
      area: 'listing',
      operation,
      title: `a page can be sorted by ${sort}, rising and falling`,
      covers: [sortedBy(sort)],
      writes: false,
      async run(api) {
        const directions = Object.values(orders(contract));
        const subjects = api.subjects(sortedBy(sort), directions);
        await measured(api, 2);
        const limit = String(largestLimit(api));
        for (const order of directions) {
          const exchange = await api.ask({
            operation,
            query: { sort, order, limit },
            expects: ['list.query.sort.served'],
          });
          const page = pageOf(exchange);
          if (page === undefined)
            subjects.blocked(order, 'allowed-call-fails', `answered with ${exchange.response.status}, or unreadable`);
          else subjects.report(order, [exchange], outOfOrder(page.data, order, sort));
        }
      },
    }));

const casesOf = ({ name: operation }: Operation): Case[] => [
  {
    id: 'list.pages',
    area: 'listing',
    operation,
    title: 'pages of any size are a partition of the list',
    covers: [
      'list.pages-partition',
      'list.offset-honoured',
      'list.page-full',
      'list.total-independent-of-page',
      'list.allowed',
    ],
    writes: false,
    async run(api) {
      const list = await measured(api, 2);
      judgePartition(api, list);
      judgeOffsets(api, list);
      byPages(api, 'list.page-full', everyPage(list), (page, subjects, name) => {
        const { least, most } = bounds(list, page);
        const promised = least === most ? `${least}` : `${least} to ${most}`;
        subjects.report(
          name,
          [page.exchange],
          !isFull(list, page) &&
            `${page.size} groups at offset ${page.offset} with limit ${page.limit}, instead of ${promised}`,
        );
      });
      byPages(
        api,
        'list.total-independent-of-page',
        everyPage(list).filter((page) => totalOf(page.exchange) !== undefined || !page.isReadable),
        (page, subjects, name) => {
          const total = totalOf(page.exchange) ?? 0;
          const [least, most] = [list.total, Math.max(list.total, list.finalTotal)];
          subjects.report(
            name,
            [page.exchange, list.first.exchange],
            (total < least || total > most) &&
              `total_count ${total} here, ${list.total} on the largest page before and ${list.finalTotal} after`,
          );
        },
      );
    },
  },
  {
    id: 'list.order',
    area: 'listing',
    operation,
    title: 'the list is ordered across pages, and falling order mirrors rising order',
    covers: ['list.order-by-created-at', 'list.descending-mirrors-ascending', 'list.echo-order', 'list.echo-sort'],
    writes: false,
    async run(api) {
      const list = await measured(api, 2);
      judgeOrder(api, list);
      const mirrored = api.subjects('list.descending-mirrors-ascending', ['the largest page', 'smaller pages']);
      const whole = [list.first, list.tail, list.falling];
      const isNamed = (page: MeasuredPage) => page.groups.every((group) => idOf(group) !== undefined);
      const cut = whole.find((page) => !page.isReadable || !isFull(list, page) || !isNamed(page));
      if (cut !== undefined) {
        // Pages that are cut wrongly have a finding of their own.
        for (const name of ['the largest page', 'smaller pages'])
          mirrored.blocked(name, 'allowed-call-fails', `the page ${nameOf(cut)} is not complete`);
        return;
      }
      mirrored.report(
        'the largest page',
        [list.falling.exchange, list.first.exchange, list.tail.exchange],
        notReversed(list),
      );
      const lost = unreadable(list.fallingPages);
      if (lost !== undefined)
        mirrored.blocked('smaller pages', 'allowed-call-fails', `the page ${nameOf(lost)} cannot be read`);
      else
        for (const page of list.fallingPages)
          mirrored.report('smaller pages', [page.exchange, list.first.exchange], notAsRising(list, page));
    },
  },
  {
    id: 'list.defaults',
    area: 'listing',
    operation,
    title: 'a parameter that is left out counts as its documented default',
    covers: [
      'list.query.limit.default',
      'list.query.order.default',
      'list.query.sort.default',
      'list.echo-limit',
      'list.echo-offset',
    ],
    writes: false,
    async run(api) {
      judgeDefaults(api, await measured(api, 1));
    },
  },
  {
    id: 'list.ends',
    area: 'listing',
    operation,
    title: 'pages at and beyond the end are empty, and a limit of 0 asks for nothing',
    covers: ['list.beyond-the-end', 'list.limit-zero'],
    writes: false,
    async run(api) {
      const list = await measured(api, 0);
      for (const page of list.beyond) {
        // Others may have moved the end beyond the offset meanwhile.
        const isBeyond = list.isQuiet || page.offset >= list.finalTotal;
        api.report(
          'list.beyond-the-end',
          [page.exchange],
          !page.isReadable && `${page.exchange.response.status} at offset ${page.offset} of ${list.total}`,
          isBeyond && page.size > 0 && `${page.size} groups at offset ${page.offset} of ${list.finalTotal}`,
        );
      }
      // Where the smallest limit is 1, this is a refusal like any other.
      if (!api.contract.requirements.has('list.limit-zero')) return;
      const none = await api.ask({ operation, query: { limit: '0' }, expects: ['list.limit-zero'] });
      const page = pageOf(none);
      if (page !== undefined) api.report('list.limit-zero', [none], page.size > 0 && `${page.size} groups`);
    },
  },
  {
    id: 'list.items',
    area: 'listing',
    operation,
    title: 'every listed group can be retrieved, and equals the same group when retrieved',
    covers: ['list.retrievable', 'list.equals-retrieved'],
    writes: false,
    async run(api) {
      await judgeItems(api, await measured(api, 1));
    },
  },
];

function judgePartition(api: Api, list: Measured): void {
  const subjects = api.subjects(
    'list.pages-partition',
    list.rising.map(({ name }) => name),
  );
  for (const walk of list.rising) {
    const lost = unreadable(walk.pages);
    if (lost !== undefined)
      subjects.blocked(walk.name, 'allowed-call-fails', `the page ${nameOf(lost)} cannot be read`);
    else
      subjects.report(
        walk.name,
        [...walk.pages.map(({ exchange }) => exchange), list.first.exchange],
        ...notPartitioned(walk, list.firm),
      );
  }
}

function judgeOffsets(api: Api, list: Measured): void {
  // A page that does not fall has a finding of its own.
  const falling = new Set(
    isFull(list, list.first)
      ? list.fallingPages.filter((page) => page.size > 1 && notAsRising(list, page) === false)
      : [],
  );
  // In falling order an offset counts from where others may be adding.
  const placeOf = (page: MeasuredPage) => {
    if (!falling.has(page)) return page.offset;
    return list.isQuiet ? list.total - 1 - page.offset : -1;
  };
  const pages = [list.last, ...list.rising.flatMap((walk) => walk.pages), ...falling];
  byPages(
    api,
    'list.offset-honoured',
    pages.filter((page) => list.firm.has(placeOf(page))),
    (page, subjects, name) => {
      const [first] = page.groups;
      subjects.report(
        name,
        [page.exchange, list.first.exchange],
        first !== undefined &&
          !belongs(list.firm, placeOf(page), first) &&
          `offset ${page.offset} starts with ${idOf(first)}, which does not stand there`,
      );
    },
  );
}

/** Order inside a page is judged wherever a page is met; here it is judged from page to page. */
function judgeOrder(api: Api, list: Measured): void {
  const { rising, falling } = orders(api.contract);
  const walks = [
    ...list.rising.map(({ pages }) => [pages, rising] as const),
    ...(list.isQuiet ? [[list.fallingPages, falling] as const] : []),
    ...(list.tail === list.first ? [] : [[[list.first, list.tail], rising] as const]),
  ];
  for (const [pages, order] of walks) {
    const ordered = [...pages].sort((a, b) => a.offset - b.offset);
    const groups = ordered.flatMap((page) => page.groups);
    // Pages that overlap have a finding of their own.
    if (duplicate(groups) === false)
      api.report(
        'list.order-by-created-at',
        ordered.map(({ exchange }) => exchange),
        outOfOrder(groups, order),
      );
  }
}

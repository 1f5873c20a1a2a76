import { answer, data, type Fault, intercepting, meta, request } from './fault.ts';
import { asking, falling, isPage, offsetOf, query } from './listing.ts';
import type { Subject } from './subject.ts';

/** Lists that are sorted wrongly. */

export const pageOrderFaults = (about: Subject): Fault[] => [
  {
    id: 'order-ignored',
    statement: 'The order is ignored.',
    breaks: ['list.order-by-created-at', 'list.descending-mirrors-ascending'],
    mayBreak: ['list.offset-honoured'],
    intercept: asking(falling, 'order', () => 'ASC'),
  },
  {
    id: 'order-reversed',
    statement: 'ASC is descending, and DESC is ascending.',
    breaks: ['list.order-by-created-at', 'list.query.order.default'],
    intercept: asking(
      (asked) => ['ASC', 'DESC'].includes(query(asked, 'order') ?? ''),
      'order',
      (asked) => (falling(asked) ? 'ASC' : 'DESC'),
    ),
  },
  {
    id: 'order-first-page-only',
    statement: 'In descending lists, only the first page is in order.',
    breaks: ['list.order-by-created-at', 'list.descending-mirrors-ascending'],
    mayBreak: ['list.offset-honoured'],
    intercept: asking(
      (asked) => falling(asked) && offsetOf(asked) > 0,
      'order',
      () => 'ASC',
    ),
  },
  {
    id: 'order-inside-page-only',
    statement: 'DESC reverses each page instead of the list.',
    breaks: ['list.order-by-created-at', 'list.offset-honoured'],
    intercept: intercepting(() => async (asked, forward) => {
      if (!isPage(asked) || !falling(asked)) return forward();
      asked.url.searchParams.set('order', 'ASC');
      const answered = await forward();
      data(answered).reverse();
      if ('order' in meta(answered)) meta(answered).order = 'DESC';
      return answered;
    }),
  },
  {
    id: 'order-by-number',
    statement: 'Pages are sorted by account number.',
    breaks: [
      'list.order-by-created-at',
      'list.offset-honoured',
      'list.descending-mirrors-ascending',
      'list.pages-partition',
    ],
    intercept: answer(
      isPage,
      (answered) => void data(answered).sort((a, b) => (String(a[about.number]) < String(b[about.number]) ? 1 : -1)),
    ),
  },
  {
    id: 'order-default-desc',
    statement: 'Without an order, the list is descending.',
    breaks: ['list.query.order.default'],
    intercept: request(
      (asked) => isPage(asked) && query(asked, 'order') === null,
      (asked) => asked.url.searchParams.set('order', 'DESC'),
    ),
  },
];

import { answer, data, type Fault, lying, meta, request } from './fault.ts';
import { asking, falling, isPage, offsetOf, query } from './listing.ts';
import type { Subject } from './subject.ts';

/** Lists that are sorted wrongly. */

export const pageOrderFaults = (about: Subject): Fault[] => [
  {
    id: 'order-ignored',
    lie: 'The order is ignored.',
    breaks: ['list.order-by-created-at', 'list.descending-mirrors-ascending'],
    mayBreak: ['list.offset-honoured'],
    tell: asking(falling, 'order', () => 'ASC'),
  },
  {
    id: 'order-reversed',
    lie: 'ASC falls and DESC rises.',
    breaks: ['list.order-by-created-at', 'list.query.order.default'],
    tell: asking(
      (asked) => ['ASC', 'DESC'].includes(query(asked, 'order') ?? ''),
      'order',
      (asked) => (falling(asked) ? 'ASC' : 'DESC'),
    ),
  },
  {
    id: 'order-first-page-only',
    lie: 'Only the first page is in falling order.',
    breaks: ['list.order-by-created-at', 'list.descending-mirrors-ascending'],
    mayBreak: ['list.offset-honoured'],
    tell: asking(
      (asked) => falling(asked) && offsetOf(asked) > 0,
      'order',
      () => 'ASC',
    ),
  },
  {
    id: 'order-inside-page-only',
    lie: 'DESC turns each page round, not the list.',
    breaks: ['list.order-by-created-at', 'list.offset-honoured'],
    tell: lying(() => async (asked, forward) => {
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
    lie: 'Pages are sorted by account number.',
    breaks: [
      'list.order-by-created-at',
      'list.offset-honoured',
      'list.descending-mirrors-ascending',
      'list.pages-partition',
    ],
    tell: answer(
      isPage,
      (answered) => void data(answered).sort((a, b) => (String(a[about.number]) < String(b[about.number]) ? 1 : -1)),
    ),
  },
  {
    id: 'order-default-desc',
    lie: 'Without an order the list falls.',
    breaks: ['list.query.order.default'],
    tell: request(
      (asked) => isPage(asked) && query(asked, 'order') === null,
      (asked) => asked.url.searchParams.set('order', 'DESC'),
    ),
  },
];

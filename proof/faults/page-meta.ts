import { type Answered, type Asked, answer, type Fault, meta } from './fault.ts';
import { falling, isPage, limitOf, offsetOf, query } from './listing.ts';

/** Pages with wrong counts, or with wrong parameters in `meta`. */

/** Changes a member of `meta`. */
const echo = (member: string, value: (answered: Answered, asked: Asked) => unknown) =>
  answer(isPage, (answered, asked) => {
    if (member in meta(answered)) meta(answered)[member] = value(answered, asked);
  });

export const pageMetaFaults: Fault[] = [
  {
    id: 'count-is-total',
    statement: 'meta.count is the total.',
    breaks: ['list.count-equals-length'],
    intercept: echo('count', (answered) => meta(answered).total_count),
  },
  {
    id: 'count-off-by-one',
    statement: 'meta.count is one more than it should be.',
    breaks: ['list.count-equals-length'],
    intercept: echo('count', (answered) => Number(meta(answered).count) + 1),
  },
  {
    id: 'count-is-limit',
    statement: 'meta.count is the limit.',
    breaks: ['list.count-equals-length'],
    intercept: echo('count', (answered) => meta(answered).limit),
  },
  {
    id: 'total-is-count',
    statement: 'meta.total_count counts only the page.',
    breaks: ['list.total-independent-of-page'],
    intercept: echo('total_count', (answered) => meta(answered).count),
  },
  {
    id: 'total-without-offset',
    statement: 'meta.total_count counts only the groups after the offset.',
    breaks: ['list.total-independent-of-page'],
    intercept: echo('total_count', (answered, asked) =>
      Math.max(0, Number(meta(answered).total_count) - offsetOf(asked)),
    ),
  },
  {
    id: 'total-one-more',
    statement: 'meta.total_count is one more than it should be.',
    breaks: ['list.page-full'],
    intercept: echo('total_count', (answered) => Number(meta(answered).total_count) + 1),
  },
  {
    id: 'total-by-order',
    statement: 'In descending order, meta.total_count is different.',
    breaks: ['list.total-independent-of-page'],
    mayBreak: ['list.page-full'],
    intercept: echo('total_count', (answered, asked) => Number(meta(answered).total_count) + (falling(asked) ? 3 : 0)),
  },
  {
    id: 'limit-echo-default',
    statement: 'meta.limit is always 100.',
    breaks: ['list.echo-limit'],
    intercept: echo('limit', () => 100),
  },
  {
    id: 'offset-echo-zero',
    statement: 'meta.offset is always 0.',
    breaks: ['list.echo-offset'],
    intercept: echo('offset', () => 0),
  },
  {
    id: 'offset-echo-page',
    statement: 'meta.offset is the number of the page.',
    breaks: ['list.echo-offset'],
    intercept: echo('offset', (_, asked) => Math.floor(offsetOf(asked) / (limitOf(asked) || Infinity))),
  },
  {
    id: 'order-echo-asc',
    statement: 'meta.order is always ASC.',
    breaks: ['list.echo-order'],
    intercept: echo('order', () => 'ASC'),
  },
  {
    id: 'sort-echo-id',
    statement: 'meta.sort is always id.',
    breaks: ['list.echo-sort'],
    intercept: echo('sort', () => 'id'),
  },
  {
    id: 'limit-default-50',
    statement: 'Without a limit, meta.limit is 50.',
    breaks: ['list.query.limit.default'],
    intercept: echo('limit', (answered, asked) => (query(asked, 'limit') === null ? 50 : meta(answered).limit)),
  },
];

import { type Answered, type Asked, answer, type Fault, meta } from './fault.ts';
import { falling, isPage, limitOf, offsetOf, query } from './listing.ts';

/** Pages that count wrongly, or misstate what was asked for. */

/** Says something else in `meta`. */
const echo = (member: string, value: (answered: Answered, asked: Asked) => unknown) =>
  answer(isPage, (answered, asked) => {
    if (member in meta(answered)) meta(answered)[member] = value(answered, asked);
  });

export const pageMetaFaults: Fault[] = [
  {
    id: 'count-is-total',
    lie: 'meta.count is the total.',
    breaks: ['list.count-equals-length'],
    tell: echo('count', (answered) => meta(answered).total_count),
  },
  {
    id: 'count-off-by-one',
    lie: 'meta.count is one too many.',
    breaks: ['list.count-equals-length'],
    tell: echo('count', (answered) => Number(meta(answered).count) + 1),
  },
  {
    id: 'count-is-limit',
    lie: 'meta.count is the limit.',
    breaks: ['list.count-equals-length'],
    tell: echo('count', (answered) => meta(answered).limit),
  },
  {
    id: 'total-is-count',
    lie: 'meta.total_count counts the page.',
    breaks: ['list.total-independent-of-page'],
    tell: echo('total_count', (answered) => meta(answered).count),
  },
  {
    id: 'total-without-offset',
    lie: 'meta.total_count counts what follows the offset.',
    breaks: ['list.total-independent-of-page'],
    tell: echo('total_count', (answered, asked) => Math.max(0, Number(meta(answered).total_count) - offsetOf(asked))),
  },
  {
    id: 'total-one-more',
    lie: 'meta.total_count is one too many.',
    breaks: ['list.page-full'],
    tell: echo('total_count', (answered) => Number(meta(answered).total_count) + 1),
  },
  {
    id: 'total-by-order',
    lie: 'In falling order the total is another.',
    breaks: ['list.total-independent-of-page'],
    mayBreak: ['list.page-full'],
    tell: echo('total_count', (answered, asked) => Number(meta(answered).total_count) + (falling(asked) ? 3 : 0)),
  },
  {
    id: 'limit-echo-default',
    lie: 'meta.limit is always 100.',
    breaks: ['list.echo-limit'],
    tell: echo('limit', () => 100),
  },
  {
    id: 'offset-echo-zero',
    lie: 'meta.offset is always 0.',
    breaks: ['list.echo-offset'],
    tell: echo('offset', () => 0),
  },
  {
    id: 'offset-echo-page',
    lie: 'meta.offset is the number of the page.',
    breaks: ['list.echo-offset'],
    tell: echo('offset', (_, asked) => Math.floor(offsetOf(asked) / (limitOf(asked) || Infinity))),
  },
  {
    id: 'order-echo-asc',
    lie: 'meta.order is always ASC.',
    breaks: ['list.echo-order'],
    tell: echo('order', () => 'ASC'),
  },
  {
    id: 'sort-echo-id',
    lie: 'meta.sort says id whatever was asked.',
    breaks: ['list.echo-sort'],
    tell: echo('sort', () => 'id'),
  },
  {
    id: 'limit-default-50',
    lie: 'Without a limit a page may hold 50.',
    breaks: ['list.query.limit.default'],
    tell: echo('limit', (answered, asked) => (query(asked, 'limit') === null ? 50 : meta(answered).limit)),
  },
];

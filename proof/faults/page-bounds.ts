import { type Asked, answer, type Fault, isQueryValid, keep, refused, request } from './fault.ts';
import { asking, isPage, limitOf, offsetOf, query } from './listing.ts';

/** Limits and offsets that are not respected. */

const isWhole = (text: string | null) => /^\d+$/.test(text ?? '');
/** Whether a page is not the first one. */
const isLater = (asked: Asked) => offsetOf(asked) > 0;

export const pageBoundFaults: Fault[] = [
  {
    id: 'limit-ignored',
    statement: 'The limit is ignored.',
    breaks: ['list.limit-honoured', 'list.page-full', 'list.limit-zero', 'list.pages-partition'],
    intercept: asking(
      (asked) => isWhole(query(asked, 'limit')) && limitOf(asked) <= 1000,
      'limit',
      () => '1000',
    ),
  },
  {
    id: 'limit-plus-one',
    statement: 'A page has one group more than its limit.',
    breaks: ['list.limit-honoured', 'list.page-full', 'list.limit-zero', 'list.pages-partition'],
    intercept: asking(
      (asked) => isWhole(query(asked, 'limit')) && limitOf(asked) < 1000,
      'limit',
      (asked) => String(limitOf(asked) + 1),
    ),
  },
  {
    id: 'limit-minus-one',
    statement: 'A page with a limit above 1 has one group less than its limit.',
    breaks: ['list.page-full', 'list.pages-partition'],
    intercept: asking(
      (asked) => isWhole(query(asked, 'limit')) && limitOf(asked) > 1 && limitOf(asked) <= 1000,
      'limit',
      (asked) => String(limitOf(asked) - 1),
    ),
  },
  {
    id: 'limit-capped',
    statement: 'A page has at most 5 groups.',
    breaks: ['list.page-full'],
    intercept: answer(isPage, (answered) => keep(answered, (_, index) => index < 5)),
  },
  {
    id: 'limit-default-small',
    statement: 'Without a limit, a page has 3 groups, and meta.limit is 100.',
    breaks: ['list.query.limit.default'],
    mayBreak: ['list.page-full'],
    intercept: answer(
      (asked) => isPage(asked) && query(asked, 'limit') === null,
      (answered) => keep(answered, (_, index) => index < 3),
    ),
  },
  {
    id: 'limit-zero-everything',
    statement: 'A limit of 0 means no limit.',
    breaks: ['list.limit-zero', 'list.limit-honoured'],
    intercept: asking(
      (asked) => query(asked, 'limit') === '0',
      'limit',
      () => '1000',
    ),
  },
  {
    id: 'limit-zero-500',
    statement: 'A limit of 0 is answered with 500.',
    breaks: ['list.no-server-error', 'list.limit-zero'],
    intercept: answer(
      (asked, { status }) =>
        isPage(asked) && query(asked, 'limit') === '0' && (status === 200 || (status === 400 && !isQueryValid(asked))),
      refused(500),
    ),
  },
  {
    id: 'limit-1000-refused',
    statement: 'The largest limit is refused.',
    breaks: ['list.query.limit.served', 'list.allowed'],
    mayBreak: ['list.query.sort.served'],
    intercept: request(
      (asked) => isPage(asked) && query(asked, 'limit') === '1000',
      (asked) => asked.url.searchParams.set('limit', '1001'),
    ),
  },
  {
    id: 'offset-ignored',
    statement: 'The offset is ignored.',
    breaks: ['list.offset-honoured', 'list.pages-partition', 'list.page-full', 'list.beyond-the-end'],
    intercept: asking(
      (asked) => isWhole(query(asked, 'offset')),
      'offset',
      () => '0',
    ),
  },
  {
    id: 'offset-in-pages',
    statement: 'The offset counts pages.',
    breaks: ['list.offset-honoured', 'list.pages-partition', 'list.page-full'],
    intercept: asking(
      (asked) => isLater(asked) && query(asked, 'limit') !== null,
      'offset',
      (asked) => String(offsetOf(asked) * limitOf(asked)),
    ),
  },
  {
    id: 'offset-one-more',
    statement: 'Every page except the first starts one group too late.',
    breaks: ['list.offset-honoured', 'list.pages-partition', 'list.page-full'],
    intercept: asking(isLater, 'offset', (asked) => String(offsetOf(asked) + 1)),
  },
  {
    id: 'offset-one-less',
    statement: 'Every page except the first starts one group too early.',
    breaks: ['list.offset-honoured', 'list.pages-partition', 'list.page-full', 'list.beyond-the-end'],
    intercept: asking(isLater, 'offset', (asked) => String(offsetOf(asked) - 1)),
  },
  {
    id: 'offset-default-one',
    statement: 'Without an offset, the first group is missing.',
    breaks: ['list.echo-offset', 'list.query.limit.default', 'list.query.order.default', 'list.query.sort.default'],
    mayBreak: ['list.page-full'],
    intercept: request(
      (asked) => isPage(asked) && query(asked, 'offset') === null,
      (asked) => asked.url.searchParams.set('offset', '1'),
    ),
  },
];

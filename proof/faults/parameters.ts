import { queryWords } from '../../harness/checks/page.ts';
import {
  type Asked,
  answer,
  CREATE,
  type Fault,
  hasUnknownParameter,
  intercepting,
  is,
  LIST,
  OTHER,
  refuse,
  refused,
  request,
  TOKEN,
} from './fault.ts';
import { isPage, query } from './listing.ts';
import type { Subject } from './subject.ts';

/** Headers and query parameters that should be refused, or that cause an error of the server. */

const hasMalformedKey = (asked: Asked) =>
  is(CREATE)(asked) &&
  asked.headers.has('idempotency-key') &&
  !/^[0-9a-f-]{32,36}$/i.test(asked.headers.get('idempotency-key') ?? '');
const hasUnknownSort = (asked: Asked) =>
  isPage(asked) && ![...queryWords(asked.contract, 'sort'), null].includes(query(asked, 'sort'));

export const parameterFaults = (about: Subject): Fault[] => [
  {
    id: 'key-malformed-500',
    statement: 'A malformed idempotency key is answered with 500.',
    breaks: ['create.no-server-error', 'create.header.idempotency-key.pattern'],
    intercept: refuse(hasMalformedKey, 500),
  },
  {
    id: 'client-id-500',
    statement: 'A missing client id is answered with 500.',
    breaks: about.verbs.flatMap((verb) => [`${verb}.header.upvest-client-id.required`, `${verb}.no-server-error`]),
    intercept: refuse(
      (asked) => asked.operation !== OTHER && asked.operation !== TOKEN && !asked.headers.has('upvest-client-id'),
      500,
    ),
  },
  {
    id: 'order-lower-case',
    statement: 'An order in lower case is accepted.',
    breaks: ['list.query.order.enum'],
    intercept: request(
      (asked) => isPage(asked) && query(asked, 'order') === 'asc',
      (asked) => asked.url.searchParams.set('order', 'ASC'),
    ),
  },
  {
    id: 'sort-500',
    statement: 'An unknown sort is answered with 500.',
    breaks: ['list.no-server-error', 'list.query.sort.enum'],
    intercept: refuse(hasUnknownSort, 500),
  },
  {
    id: 'unknown-query-500',
    statement: 'An unknown parameter is answered with 500.',
    breaks: ['list.no-server-error', 'list.unknown-query'],
    intercept: answer(hasUnknownParameter, refused(500)),
  },
  {
    id: 'odd-query-500',
    statement: 'An invalid query is answered with 500.',
    breaks: [
      'list.no-server-error',
      'list.unusual-query',
      'list.query.limit.type',
      'list.query.limit.minimum',
      'list.query.limit.maximum',
      'list.query.offset.type',
      'list.query.offset.minimum',
      'list.query.order.enum',
      'list.query.sort.enum',
    ],
    mayBreak: ['list.limit-zero'],
    intercept: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      if (!is(LIST, 400)(asked, answered) || asked.url.search === '') return answered;
      const bare = await forward({ ...asked, url: new URL(asked.url.pathname, asked.url) });
      if (bare.status === 200) refused(500)(answered);
      return answered;
    }),
  },
];

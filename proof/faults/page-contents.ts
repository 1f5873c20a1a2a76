import { kebab } from '../../harness/contract/keywords/values.ts';
import {
  answer,
  collectionUrl,
  data,
  type Fault,
  group,
  intercepting,
  is,
  isJson,
  keep,
  LIST,
  meta,
  refused,
} from './fault.ts';
import { falling, isPage, limitOf, offsetOf, query } from './listing.ts';
import type { Subject } from './subject.ts';

/** Pages with the wrong groups, or with wrong data of groups. */

export const pageContentFaults = (about: Subject): Fault[] => [
  {
    id: 'page-duplicate',
    statement: 'The first group of a page is repeated at its end.',
    breaks: [
      'list.no-duplicates',
      'list.order-by-created-at',
      'list.descending-mirrors-ascending',
      'list.pages-partition',
    ],
    intercept: answer(isPage, (answered) => {
      const page = data(answered);
      if (page.length > 2 && page[0] !== undefined) page[page.length - 1] = page[0];
    }),
  },
  {
    id: 'page-hides-locked',
    statement: 'Locked groups are counted, but not shown.',
    breaks: ['list.page-full', 'list.pages-partition', 'list.offset-honoured'],
    intercept: answer(isPage, (answered) => keep(answered, ({ status }) => status !== about.locked)),
  },
  {
    id: 'page-loses-last',
    statement: 'The last group of a full page is missing.',
    breaks: ['list.page-full', 'list.pages-partition'],
    intercept: answer(
      (asked) => isPage(asked) && limitOf(asked) > 1 && !falling(asked),
      (answered, asked) => keep(answered, (_, index) => index < limitOf(asked) - 1),
    ),
  },
  {
    id: 'beyond-404',
    statement: 'A page beyond the end is answered with 404.',
    breaks: ['list.query.offset.served', 'list.beyond-the-end', 'list.status-documented', 'list.allowed'],
    intercept: answer(
      (asked, answered) => is(LIST, 200)(asked, answered) && offsetOf(asked) > 0 && data(answered).length === 0,
      refused(404),
    ),
  },
  {
    id: 'beyond-last-page',
    statement: 'A page beyond the end shows the last group.',
    breaks: ['list.beyond-the-end', 'list.page-full'],
    intercept: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      const total = Number(meta(answered).total_count);
      if (!isPage(asked) || !(offsetOf(asked) >= total) || query(asked, 'limit') === '0') return answered;
      const last = await forward({
        ...asked,
        url: collectionUrl(asked, `?limit=1&offset=${total - 1}`),
      });
      data(answered).push(...data(last));
      meta(answered).count = data(answered).length;
      return answered;
    }),
  },
  {
    id: 'beyond-null',
    statement: 'An empty page has null instead of a list.',
    breaks: [`${kebab(about.page)}.${about.items}.type`, 'list.beyond-the-end'],
    intercept: answer(
      (asked, answered) => is(LIST, 200)(asked, answered) && data(answered).length === 0,
      ({ body }) => void (isJson(body) && (body[about.items] = null)),
    ),
  },
  {
    id: 'listed-stale-status',
    statement: 'The list shows every group with its initial status.',
    breaks: ['list.equals-retrieved', about.of('status-forward')],
    mayBreak: ['close.bystanders-untouched'],
    intercept: group((one) => void (one.status = about.waiting), isPage),
  },
  {
    id: 'listed-without-updates',
    statement: 'The list shows updated_at as created_at.',
    breaks: ['list.equals-retrieved', about.of('updated-at-forward')],
    intercept: group((one) => void (one.updated_at = one.created_at), isPage),
  },
];

import { type Answered, type Asked, answer, data, type Fault, lying, meta, request } from './lie.ts';

/** Lists that count, cut, sort or repeat wrongly. */

const isPage = (asked: Asked) => asked.operation === 'list';
const query = (asked: Asked, name: string) => asked.url.searchParams.get(name);
const offsetOf = (asked: Asked) => Number(query(asked, 'offset') ?? 0);
const falling = (asked: Asked) => query(asked, 'order') === 'DESC';
const set = (member: string, value: (answered: Answered, asked: Asked) => unknown) =>
  answer(
    isPage,
    (answered, asked) => void (member in meta(answered) && (meta(answered)[member] = value(answered, asked))),
  );
/** Changes what is asked of the list, and lets `meta` repeat what was really asked. */
const asking = (when: (asked: Asked) => boolean, parameter: string, value: (asked: Asked) => string): Fault['tell'] =>
  lying(() => async (asked, forward) => {
    if (!isPage(asked) || !when(asked)) return forward();
    const said = query(asked, parameter);
    asked.url.searchParams.set(parameter, value(asked));
    const answered = await forward();
    if (said !== null && parameter in meta(answered))
      meta(answered)[parameter] = /^\d+$/.test(said) ? Number(said) : said;
    return answered;
  });
const shorten = (answered: Answered, keep: (count: number) => number) => {
  const page = data(answered);
  page.splice(keep(page.length));
  if ('count' in meta(answered)) meta(answered).count = page.length;
};

export const listingFaults: Fault[] = [
  {
    id: 'count-is-total',
    lie: 'meta.count is the total.',
    breaks: ['list.count-equals-length'],
    tell: set('count', (answered) => meta(answered).total_count),
  },
  {
    id: 'count-off-by-one',
    lie: 'meta.count is one too many.',
    breaks: ['list.count-equals-length'],
    tell: set('count', (answered) => Number(meta(answered).count) + 1),
  },
  {
    id: 'count-is-limit',
    lie: 'meta.count is the limit.',
    breaks: ['list.count-equals-length'],
    tell: set('count', (answered) => meta(answered).limit),
  },
  {
    id: 'total-is-count',
    lie: 'meta.total_count counts the page.',
    breaks: ['list.total-independent-of-page'],
    tell: set('total_count', (answered) => meta(answered).count),
  },
  {
    id: 'total-without-offset',
    lie: 'meta.total_count counts what follows the offset.',
    breaks: ['list.total-independent-of-page'],
    tell: answer(
      (asked) => isPage(asked) && offsetOf(asked) > 0,
      (answered, asked) =>
        void (
          'total_count' in meta(answered) &&
          (meta(answered).total_count = Math.max(0, Number(meta(answered).total_count) - offsetOf(asked)))
        ),
    ),
  },
  {
    id: 'total-one-more',
    lie: 'meta.total_count is one too many.',
    breaks: ['list.page-full'],
    tell: set('total_count', (answered) => Number(meta(answered).total_count) + 1),
  },
  {
    id: 'total-by-order',
    lie: 'In falling order the total is another.',
    breaks: ['list.total-independent-of-page'],
    tell: answer(
      (asked) => isPage(asked) && falling(asked),
      (answered) =>
        void ('total_count' in meta(answered) && (meta(answered).total_count = Number(meta(answered).total_count) + 3)),
    ),
  },
  {
    id: 'limit-echo-default',
    lie: 'meta.limit is always 100.',
    breaks: ['list.echo-limit'],
    tell: set('limit', () => 100),
  },
  {
    id: 'offset-echo-zero',
    lie: 'meta.offset is always 0.',
    breaks: ['list.echo-offset'],
    tell: set('offset', () => 0),
  },
  {
    id: 'offset-echo-page',
    lie: 'meta.offset is the number of the page.',
    breaks: ['list.echo-offset'],
    tell: set('offset', (_, asked) =>
      Number(query(asked, 'limit') ?? 100) > 0 ? Math.floor(offsetOf(asked) / Number(query(asked, 'limit') ?? 100)) : 0,
    ),
  },
  {
    id: 'order-echo-asc',
    lie: 'meta.order is always ASC.',
    breaks: ['list.echo-order'],
    tell: set('order', () => 'ASC'),
  },
  {
    id: 'sort-echo-id',
    lie: 'meta.sort says id whatever was asked.',
    breaks: ['list.echo-sort'],
    tell: set('sort', () => 'id'),
  },
  {
    id: 'limit-ignored',
    lie: 'The limit is ignored.',
    breaks: ['list.limit-honoured', 'list.page-full', 'list.limit-zero', 'list.pages-partition'],
    tell: asking(
      (asked) => /^\d+$/.test(query(asked, 'limit') ?? '') && Number(query(asked, 'limit')) <= 1000,
      'limit',
      () => '1000',
    ),
  },
  {
    id: 'limit-plus-one',
    lie: 'A page holds one group more than its limit.',
    breaks: ['list.limit-honoured', 'list.page-full', 'list.limit-zero', 'list.pages-partition'],
    tell: asking(
      (asked) => /^\d+$/.test(query(asked, 'limit') ?? '') && Number(query(asked, 'limit')) < 1000,
      'limit',
      (asked) => String(Number(query(asked, 'limit')) + 1),
    ),
  },
  {
    id: 'limit-minus-one',
    lie: 'A page of more than one holds one group less than its limit.',
    breaks: ['list.page-full', 'list.pages-partition'],
    tell: asking(
      (asked) => Number(query(asked, 'limit') ?? 0) > 1 && Number(query(asked, 'limit')) < 12,
      'limit',
      (asked) => String(Number(query(asked, 'limit')) - 1),
    ),
  },
  {
    id: 'limit-capped',
    lie: 'A page holds 5 groups at most.',
    breaks: ['list.page-full'],
    tell: answer(isPage, (answered) => shorten(answered, (count) => Math.min(5, count))),
  },
  {
    id: 'offset-ignored',
    lie: 'The offset is ignored.',
    breaks: [
      'list.offset-honoured',
      'list.pages-partition',
      'list.page-full',
      'list.beyond-the-end',
      'list.order-by-created-at',
      'list.descending-mirrors-ascending',
    ],
    tell: asking(
      (asked) => /^\d+$/.test(query(asked, 'offset') ?? ''),
      'offset',
      () => '0',
    ),
  },
  {
    id: 'offset-in-pages',
    lie: 'The offset counts pages.',
    breaks: ['list.offset-honoured', 'list.pages-partition', 'list.page-full'],
    tell: asking(
      (asked) => offsetOf(asked) > 0 && offsetOf(asked) < 100 && query(asked, 'limit') !== null,
      'offset',
      (asked) => String(offsetOf(asked) * Number(query(asked, 'limit'))),
    ),
  },
  {
    id: 'offset-one-more',
    lie: 'Pages but the first begin one group too late.',
    breaks: ['list.offset-honoured', 'list.pages-partition', 'list.page-full'],
    tell: asking(
      (asked) => offsetOf(asked) > 0 && offsetOf(asked) < 100,
      'offset',
      (asked) => String(offsetOf(asked) + 1),
    ),
  },
  {
    id: 'offset-one-less',
    lie: 'Pages but the first begin one group too early.',
    breaks: [
      'list.offset-honoured',
      'list.pages-partition',
      'list.page-full',
      'list.beyond-the-end',
      'list.descending-mirrors-ascending',
    ],
    tell: asking(
      (asked) => offsetOf(asked) > 0 && offsetOf(asked) < 100,
      'offset',
      (asked) => String(offsetOf(asked) - 1),
    ),
  },
  {
    id: 'order-ignored',
    lie: 'The order is ignored.',
    breaks: ['list.order-by-created-at', 'list.descending-mirrors-ascending'],
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
    tell: asking(
      (asked) => falling(asked) && offsetOf(asked) > 0 && offsetOf(asked) < 9,
      'order',
      () => 'ASC',
    ),
  },
  {
    id: 'order-inside-page-only',
    lie: 'DESC turns each page round, not the list.',
    breaks: ['list.order-by-created-at', 'list.descending-mirrors-ascending'],
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
    id: 'order-by-id',
    lie: 'Pages are sorted by id.',
    breaks: [
      'list.order-by-created-at',
      'list.offset-honoured',
      'list.descending-mirrors-ascending',
      'list.pages-partition',
    ],
    tell: answer(
      (asked) => isPage(asked),
      (answered) =>
        void data(answered).sort((a, b) =>
          String(a.securities_account_number) < String(b.securities_account_number) ? 1 : -1,
        ),
    ),
  },
  {
    id: 'order-default-desc',
    lie: 'Without an order the list falls.',
    breaks: ['list.query.order.default', 'list.query.limit.default', 'list.query.sort.default'],
    tell: request(
      (asked) => isPage(asked) && query(asked, 'order') === null && asked.url.search === '',
      (asked) => asked.url.searchParams.set('order', 'DESC'),
    ),
  },
  {
    id: 'limit-default-50',
    lie: 'Without a limit a page may hold 50.',
    breaks: ['list.query.limit.default'],
    tell: answer(
      (asked) => isPage(asked) && query(asked, 'limit') === null,
      (answered) => void ('limit' in meta(answered) && (meta(answered).limit = 50)),
    ),
  },
  {
    id: 'limit-default-small',
    lie: 'Without a limit a page holds 3, and says 100.',
    breaks: ['list.query.limit.default', 'list.query.order.default', 'list.query.sort.default'],
    tell: answer(
      (asked) => isPage(asked) && asked.url.search === '',
      (answered) => shorten(answered, (count) => Math.min(3, count)),
    ),
  },
  {
    id: 'offset-default-one',
    lie: 'Without an offset the first group is left out.',
    breaks: ['list.echo-offset', 'list.query.limit.default', 'list.query.order.default', 'list.query.sort.default'],
    tell: request(
      (asked) => isPage(asked) && asked.url.search === '',
      (asked) => asked.url.searchParams.set('offset', '1'),
    ),
  },
  {
    id: 'page-duplicate',
    lie: 'The first group of a page stands at its end again.',
    breaks: [
      'list.no-duplicates',
      'list.order-by-created-at',
      'list.descending-mirrors-ascending',
      'list.pages-partition',
    ],
    tell: answer(
      (asked) => isPage(asked),
      (answered) => {
        const page = data(answered);
        if (page.length > 2 && page[0] !== undefined) page[page.length - 1] = page[0];
      },
    ),
  },
  {
    id: 'page-hides-locked',
    lie: 'Locked groups are counted and not shown.',
    breaks: ['list.page-full', 'list.pages-partition', 'list.offset-honoured'],
    tell: answer(isPage, (answered) => {
      const page = data(answered);
      const shown = page.filter(({ status }) => status !== 'LOCKED');
      page.splice(0, page.length, ...shown);
      if ('count' in meta(answered)) meta(answered).count = page.length;
    }),
  },
  {
    id: 'page-loses-last',
    lie: 'The last group of a full page is lost.',
    breaks: ['list.page-full', 'list.pages-partition'],
    tell: answer(
      (asked) => isPage(asked) && [2, 3, 5].includes(Number(query(asked, 'limit'))) && !falling(asked),
      (answered, asked) =>
        data(answered).length === Number(query(asked, 'limit')) && shorten(answered, (count) => count - 1),
    ),
  },
  {
    id: 'beyond-404',
    lie: 'A page beyond the end is not found.',
    breaks: ['list.beyond-the-end', 'list.status-documented', 'list.allowed'],
    tell: answer(
      (asked, answered) =>
        isPage(asked) && offsetOf(asked) > 0 && data(answered).length === 0 && answered.status === 200,
      (answered) =>
        void Object.assign(answered, {
          status: 404,
          headers: new Headers({
            'content-type': 'application/problem+json',
            'upvest-request-id': crypto.randomUUID(),
          }),
          body: { type: 'not_found', status: 404 },
        }),
    ),
  },
  {
    id: 'beyond-last-page',
    lie: 'A page beyond the end shows the last group.',
    breaks: ['list.beyond-the-end', 'list.page-full'],
    tell: lying(() => async (asked, forward) => {
      const answered = await forward();
      const total = Number(meta(answered).total_count);
      if (!isPage(asked) || !(offsetOf(asked) >= total) || Number(query(asked, 'limit')) === 0) return answered;
      const last = await forward({
        ...asked,
        url: new URL(`${asked.url.origin}/account_groups?limit=1&offset=${total - 1}`),
      });
      data(answered).push(...data(last));
      meta(answered).count = data(answered).length;
      return answered;
    }),
  },
  {
    id: 'beyond-null',
    lie: 'An empty page has no data.',
    breaks: ['account-group-list.data.type', 'list.beyond-the-end'],
    tell: answer(
      (asked, answered) => isPage(asked) && data(answered).length === 0 && answered.status === 200,
      ({ body }) => void ((body as { data: unknown }).data = null),
    ),
  },
  {
    id: 'limit-zero-everything',
    lie: 'A limit of 0 means no limit.',
    breaks: ['list.limit-zero', 'list.limit-honoured'],
    tell: asking(
      (asked) => query(asked, 'limit') === '0',
      'limit',
      () => '1000',
    ),
  },
  {
    id: 'limit-zero-500',
    lie: 'A limit of 0 breaks the server.',
    breaks: ['list.limit-zero'],
    tell: answer((asked) => isPage(asked) && query(asked, 'limit') === '0', broken),
  },
  {
    id: 'limit-1000-refused',
    lie: 'The largest limit is refused.',
    breaks: ['list.allowed'],
    tell: request(
      (asked) => isPage(asked) && query(asked, 'limit') === '1000',
      (asked) => asked.url.searchParams.set('limit', '1001'),
    ),
  },
  {
    id: 'unknown-query-500',
    lie: 'An unknown parameter breaks the server.',
    breaks: ['list.unknown-query'],
    tell: answer((asked) => asked.url.searchParams.has('undocumented_parameter'), broken),
  },
  {
    id: 'odd-query-500',
    lie: 'A query that cannot be read breaks the server.',
    breaks: [
      'list.unusual-query',
      'list.query.limit.type',
      'list.query.limit.minimum',
      'list.query.limit.maximum',
      'list.query.offset.type',
      'list.query.offset.minimum',
      'list.query.order.enum',
      'list.query.sort.enum',
    ],
    tell: answer(
      (asked, { status }) =>
        isPage(asked) && status === 400 && asked.headers.has('upvest-client-id') && asked.url.search !== '',
      broken,
    ),
  },
  {
    id: 'listed-stale-status',
    lie: 'The list shows every group as it was created.',
    breaks: ['list.equals-retrieved', 'account-group.status-forward'],
    tell: answer(
      (asked) => isPage(asked),
      (answered) => data(answered).forEach((one) => void (one.status = 'PENDING_APPROVAL')),
    ),
  },
  {
    id: 'listed-without-updates',
    lie: 'The list shows updated_at as created_at.',
    breaks: ['list.equals-retrieved', 'account-group.updated-at-forward'],
    tell: answer(
      (asked) => isPage(asked),
      (answered) => data(answered).forEach((one) => void (one.updated_at = one.created_at)),
    ),
  },
];

function broken(answered: Answered): void {
  Object.assign(answered, {
    status: 500,
    headers: new Headers({ 'content-type': 'application/problem+json', 'upvest-request-id': crypto.randomUUID() }),
    body: { type: 'internal', title: 'Internal error', status: 500 },
  });
}

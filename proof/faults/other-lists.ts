import { randomUUID } from 'node:crypto';
import {
  type Answered,
  type Asked,
  answer,
  becomes,
  data,
  type Fault,
  groups,
  is,
  keep,
  meta,
  refused,
  request,
} from './fault.ts';
import { offsetOf, query } from './listing.ts';
import { belongingIn, type Subject } from './subject.ts';

/** Faults in lists other than that of all items. */

/** For each such list, a fault for each of its promises. */
export function otherListFaults(about: Subject): Fault[] {
  return about.otherLists.flatMap((name) => faultsOf(about, name));
}

function faultsOf(about: Subject, name: string): Fault[] {
  const here = is(name, 200);
  const of = (promise: string) => `${name}.${promise}`;
  const { parameters } = about.contract.operations.find((operation) => operation.name === name) ?? { parameters: [] };
  const inPath = parameters.filter(({ in: place }) => place === 'path').map((parameter) => parameter.name);
  const whole = belongingIn({ parameters });
  const isOfOwners = inPath.includes(about.owner);
  const fault = (
    id: string,
    statement: string,
    breaks: readonly string[],
    intercept: Fault['intercept'],
    mayBreak: string[] = [],
    ofItems: readonly string[] = [],
  ) => ({
    id: of(id),
    statement: `${name}: ${statement}`,
    breaks: [...breaks.map(of), ...ofItems],
    mayBreak: mayBreak.map(of),
    intercept,
  });
  const inMeta = (member: string, change: (value: unknown, asked: Asked) => unknown) =>
    answer(here, (answered, asked) => {
      const values = meta(answered);
      if (member in values) values[member] = change(values[member], asked);
    });
  const asking = (when: (asked: Asked) => boolean, change: (parameters: URLSearchParams) => void) =>
    request(
      (asked) => is(name)(asked) && when(asked),
      ({ url }) => change(url.searchParams),
    );
  const contents = (change: (answered: Answered, asked: Asked) => void) => answer(here, change);
  return [
    fault(
      'hides-closed',
      'What is closing or closed is left out.',
      [whole],
      contents((one) => keep(one, ({ status }) => !about.resource.life.final.includes(String(status)))),
      ['page-full', 'total-independent-of-page'],
    ),
    fault(
      'shows-closed-as-open',
      `What is closing or closed is shown as ${about.open}.`,
      isOfOwners ? ['equals-retrieved'] : [],
      contents((one) => {
        for (const item of data(one))
          if (about.resource.life.final.includes(String(item.status))) item.status = about.open;
      }),
      [],
      // Of an item that was there before the run, the suite sees only that its status goes back.
      isOfOwners ? [] : [about.of('status-forward')],
    ),
    fault('201', 'The status is 201.', ['allowed', 'status-documented'], contents(becomes(201)), [
      ...['accounts-read', 'accounts-admin', 'all-scopes'].map((caller) => `caller.${caller}`),
      'accept.served',
      ...parameters.map(({ in: place, name: parameter }) => `${place}.${parameter}.served`),
    ]),
    fault(
      'accepts-anything',
      'Accept is ignored.',
      ['not-acceptable'],
      request(is(name), ({ headers }) => headers.set('accept', '*/*')),
    ),
    fault(
      'count-more',
      'meta.count is one more than it should be.',
      ['count-equals-length'],
      inMeta('count', (value) => Number(value) + 1),
    ),
    fault(
      'limit-echo',
      'meta.limit is always 7.',
      ['echo-limit', 'query.limit.default'],
      inMeta('limit', () => 7),
    ),
    fault(
      'offset-echo',
      'meta.offset is always 7.',
      ['echo-offset'],
      inMeta('offset', () => 7),
    ),
    fault(
      'order-echo',
      'meta.order is always ASC.',
      ['echo-order'],
      inMeta('order', () => 'ASC'),
    ),
    fault(
      'sort-echo',
      'meta.sort is always id.',
      ['echo-sort'],
      inMeta('sort', () => 'id'),
    ),
    fault(
      'limit-ignored',
      'The limit is ignored.',
      ['limit-honoured', 'pages-partition'],
      asking(
        (asked) => query(asked, 'limit') !== null && Number(query(asked, 'limit')) < 1000,
        (parameters) => parameters.set('limit', '1000'),
      ),
      ['echo-limit', 'offset-honoured', 'query.limit.maximum', 'query.limit.minimum', 'query.limit.type'],
    ),
    fault(
      'last-lost',
      'The last item of a page is missing.',
      ['page-full', 'pages-partition', whole, 'descending-mirrors-ascending'],
      contents((answered) => keep(answered, (_, index) => index < data(answered).length - 1)),
      ['offset-honoured', 'query.limit.default', 'query.sort.default', 'query.order.default'],
    ),
    fault(
      'order-ignored',
      'The order is ignored.',
      ['order-by-created-at', 'descending-mirrors-ascending'],
      asking(
        (asked) => query(asked, 'order') === 'DESC',
        (parameters) => parameters.set('order', 'ASC'),
      ),
      ['echo-order'],
    ),
    fault(
      'order-default',
      'Without an order, the list is descending.',
      ['query.order.default', 'query.sort.default'],
      asking(
        (asked) => query(asked, 'order') === null,
        (parameters) => parameters.set('order', 'DESC'),
      ),
    ),
    fault(
      'offset-ignored',
      'The offset is ignored.',
      ['offset-honoured', 'pages-partition', 'echo-offset'],
      asking(
        (asked) => /^\d+$/.test(query(asked, 'offset') ?? ''),
        (parameters) => parameters.set('offset', '0'),
      ),
    ),
    fault(
      'first-twice',
      'The first item replaces the second.',
      ['no-duplicates'],
      contents((answered) => {
        const [first, second] = data(answered);
        if (first !== undefined && second !== undefined) data(answered)[1] = { ...first };
      }),
      [
        'pages-partition',
        whole,
        'descending-mirrors-ascending',
        'query.limit.default',
        'query.sort.default',
        'query.order.default',
      ],
    ),
    fault(
      'total-of-page',
      'meta.total_count counts only the items after the offset.',
      ['total-independent-of-page'],
      inMeta('total_count', (value, asked) => Math.max(0, Number(value) - offsetOf(asked))),
      ['page-full'],
    ),
    fault(
      'strangers',
      'Items belong to another owner.',
      [whole, 'equals-retrieved'],
      contents((answered) => {
        for (const one of groups(answered))
          if (inPath.some((member) => member in one)) for (const member of inPath) one[member] = randomUUID();
          else one[about.owners] = [{ id: randomUUID(), ...about.ownerShown }];
      }),
    ),
    fault(
      'unknown-id-empty',
      'The list of an unknown owner is empty.',
      ['unknown-id', ...inPath.map((parameter) => `path.${parameter}.format`)],
      answer(is(name, 404), (answered) => {
        const nothing = { meta: { offset: 0, limit: LIMIT, count: 0, total_count: 0 }, [about.items]: [] };
        Object.assign(answered, { status: 200, body: nothing });
        answered.headers.set('content-type', 'application/json');
      }),
    ),
    ...spelled(name, inPath, of),
    ...parameters
      .filter(({ in: place }) => place === 'query')
      .map(({ name: parameter }) =>
        fault(
          `refuses-${parameter}`,
          `${parameter} is refused.`,
          [`query.${parameter}.served`, 'allowed'],
          answer((asked, answered) => here(asked, answered) && query(asked, parameter) !== null, refused(403)),
          ['accounts-read', 'accounts-admin', 'all-scopes'].map((caller) => `caller.${caller}`),
        ),
      ),
  ];
}

/** Faults that refuse one valid spelling each. */
function spelled(name: string, inPath: readonly string[], of: (promise: string) => string): Fault[] {
  const isUpper = (text: string) => /[A-F]/.test(text) && !/[a-f]/.test(text);
  const ways: ReadonlyArray<readonly [promise: string, when: (asked: Asked) => boolean, status: number]> = [
    ['accept', ({ headers }) => !headers.has('accept'), 406],
    ['header.upvest-client-id', ({ headers }) => isUpper(headers.get('upvest-client-id') ?? ''), 403],
    ['header.upvest-api-version', ({ headers }) => headers.get('upvest-api-version') === '1', 400],
    ...inPath.map((one) => [`path.${one}`, ({ url }: Asked) => url.pathname.split('/').some(isUpper), 404] as const),
  ];
  return ways.map(([promise, when, status]) => ({
    id: of(`legal-${promise}`),
    statement: `${name} refuses a valid spelling of ${promise}.`,
    breaks: [of(`${promise}.served`)],
    intercept: answer((asked, answered) => is(name, 200)(asked, answered) && when(asked), refused(status)),
  }));
}

/** The default limit. */
const LIMIT = 100;

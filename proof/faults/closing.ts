import {
  type Answered,
  type Asked,
  CLOSE,
  collectionUrl,
  data,
  empty,
  type Fault,
  type Forward,
  groups,
  intercepting,
  is,
  isQueryValid,
  isUuid,
  type Json,
  mayWrite,
  problem,
  RETRIEVE,
  refused,
} from './fault.ts';
import { closed, created, current, isClosing, isOld, later, remembering } from './lifecycle.ts';
import { relist } from './listing.ts';
import { another, type Subject } from './subject.ts';

/** Closings that do less or more than they should, or whose repetition is answered wrongly. */

/** Changes closed groups wherever they appear. */
const afterClosing = (change: (group: Json, asked: Asked) => void) =>
  remembering(closed, (answered, ids, asked) => {
    for (const one of groups(answered)) if (ids.has(one.id)) change(one, asked);
  });

/** Changes the answer to the closing of a group that was closed before. */
function secondTime(about: Subject, change: () => Answered): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => {
    if (!is(CLOSE)(asked)) return forward();
    const group = await current(asked, forward);
    const answered = await forward();
    return answered.status === 409 && group !== undefined && isClosing(about)(group) ? change() : answered;
  });
}

/** Whether only the status of the group could be a reason to refuse a request. */
const isFlawless = (asked: Asked) =>
  isQueryValid(asked) &&
  mayWrite(asked) &&
  asked.headers.get('accept') === 'application/json' &&
  !asked.headers.has('upvest-api-version') &&
  isUuid(asked.headers.get('upvest-client-id') ?? '');

/** What cannot be judged if a group is closed before the suite closes it. */
const alreadyClosed = (about: Subject) => [
  'close.allowed',
  ...['accounts-admin', 'all-scopes'].map((caller) => `close.caller.${caller}`),
  ...['accept', `path.${about.resource.idParameter}`, 'header.upvest-client-id', 'header.upvest-api-version'].map(
    (what) => `close.${what}.served`,
  ),
  about.of('updated-at-forward'),
  about.of('updated-at-with-status'),
];

/** Time from a closing to that of the other group, in milliseconds: later than the answer, within the run. */
const LATER_MS = 40;

function closingMoreLater(about: Subject, times: number): Fault['intercept'] {
  return intercepting(({ now }) => {
    const due: number[] = [];
    let left = times;
    return async (asked, forward) => {
      if (isFlawless(asked) && (due[0] ?? Number.POSITIVE_INFINITY) <= now()) {
        due.shift();
        await closeAnother(about, asked, forward);
      }
      const answered = await forward();
      if (is(CLOSE, 202)(asked, answered) && left-- > 0) due.push(now() + LATER_MS);
      return answered;
    };
  });
}

/** Closes a group that existed before the run, with the credentials of another request. */
async function closeAnother(about: Subject, asked: Asked, forward: Forward): Promise<void> {
  const list = collectionUrl(asked, '?limit=1000');
  const all = data(await forward({ ...asked, method: 'GET', url: list, text: '' }));
  const other = all.find((one) => isOld(one) && one.status === about.open);
  if (other === undefined) return;
  const url = new URL(`${collectionUrl(asked).pathname}/${other.id}`, asked.url);
  await forward({ ...asked, method: 'DELETE', url, id: String(other.id), text: '' });
}

export const closingFaults = (about: Subject): Fault[] => [
  {
    id: 'close-not-forwarded',
    statement: 'A closing is acknowledged, but not executed.',
    breaks: ['close.reaches-closing', 'close.second-conflict'],
    intercept: intercepting(() => async (asked, forward) => {
      if (!is(CLOSE)(asked) || !isFlawless(asked) || (await current(asked, forward))?.status !== about.open)
        return forward();
      return empty(202);
    }),
  },
  {
    id: 'close-to-locked',
    statement: `A group that is closed becomes ${about.locked}.`,
    breaks: ['close.reaches-closing', 'event.locked', 'event.object-as-retrieved'],
    intercept: afterClosing((one) => void (one.status = about.locked)),
  },
  {
    id: 'close-vanishes',
    statement: `A closed ${about.other} cannot be retrieved.`,
    breaks: ['close.stays-readable'],
    intercept: remembering(closed, (answered, gone, asked) => {
      if (is(RETRIEVE)(asked) && gone.has(asked.id) && groups(answered)[0]?.[about.kind] === about.other)
        refused(404)(answered);
    }),
  },
  {
    id: 'close-unlisted',
    statement: 'A closed group is not in the list.',
    breaks: ['close.stays-listed'],
    mayBreak: ['list.total-independent-of-page'],
    intercept: intercepting(() => {
      const gone = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await relist(asked, forward, (all) => all.filter(({ id }) => !gone.has(id)));
        for (const id of closed(asked, answered)) gone.add(id);
        return answered;
      };
    }),
  },
  {
    id: 'close-new-number',
    statement: 'Closing gives a group another account number.',
    breaks: ['close.identity-kept', about.of('immutable')],
    intercept: afterClosing((one) => void (one[about.number] = another(one[about.number]))),
  },
  {
    id: 'close-drops-owners',
    statement: 'Closing removes the owners of a group.',
    breaks: ['close.identity-kept'],
    mayBreak: ['create.same-key-same-group'],
    intercept: afterClosing((one) => void (one[about.owners] = [])),
  },
  {
    id: 'close-new-created-at',
    statement: 'After closing, retrieval shows a new created_at.',
    breaks: ['list.equals-retrieved', 'close.identity-kept', about.of('immutable')],
    intercept: afterClosing((one, asked) => {
      if (is(RETRIEVE)(asked) && one[about.kind] === about.usual) one.created_at = one.updated_at;
    }),
  },
  {
    id: 'close-all',
    statement: 'Closing one group closes all groups of the run.',
    breaks: ['close.bystanders-untouched'],
    blocks: alreadyClosed(about),
    intercept: intercepting(() => {
      const own = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        for (const id of created(asked, answered)) own.add(id);
        if (is(CLOSE, 202)(asked, answered))
          for (const id of own) if (id !== asked.id) await forward({ ...asked, id: String(id) });
        return answered;
      };
    }),
  },
  {
    id: 'close-another',
    statement: `Closing a group also closes another ${about.open} group.`,
    breaks: ['close.bystanders-untouched', 'close.bystanders-untouched-later'],
    intercept: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      if (is(CLOSE, 202)(asked, answered)) await closeAnother(about, asked, forward);
      return answered;
    }),
  },
  ...[1, Number.POSITIVE_INFINITY].map(
    (times): Fault => ({
      id: `close-another-later${times === 1 ? '-once' : ''}`,
      statement: `Some time after ${times === 1 ? 'the first' : 'each'} closing, another ${about.open} group is closed.`,
      breaks: ['close.bystanders-untouched-later', ...(times === 1 ? [] : ['close.bystanders-untouched'])],
      intercept: closingMoreLater(about, times),
    }),
  ),
  {
    id: 'close-second-touches',
    statement: 'A second closing is refused, but changes updated_at.',
    breaks: ['close.refused-closes-nothing'],
    mayBreak: ['create.same-key-changes-nothing'],
    intercept: intercepting(() => {
      const gone = new Set<unknown>();
      const again = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        const id = asked.id.toLowerCase();
        if (is(CLOSE, 409)(asked, answered) && gone.has(id)) again.add(id);
        if (is(CLOSE, 202)(asked, answered)) gone.add(id);
        for (const one of groups(answered))
          if (again.has(one.id) && isClosing(about)(one)) one.updated_at = later(one.updated_at, 1000);
        return answered;
      };
    }),
  },
  {
    id: 'close-pending-later',
    statement: 'A closing that is refused before the approval is executed after it.',
    breaks: ['close.refused-closes-nothing'],
    blocks: alreadyClosed(about),
    intercept: intercepting(() => {
      const refused = new Map<string, Asked>();
      return async (asked, forward) => {
        const earlier = refused.get(asked.id.toLowerCase());
        if (is(RETRIEVE)(asked) && earlier !== undefined) await forward(earlier);
        const answered = await forward();
        if (is(CLOSE, 409)(asked, answered)) refused.set(asked.id.toLowerCase(), asked);
        return answered;
      };
    }),
  },
  {
    id: 'close-never-allowed',
    statement: `An ${about.open} group cannot be closed.`,
    breaks: ['close.allowed', 'close.caller.accounts-admin', 'close.caller.all-scopes'],
    intercept: intercepting(
      () => async (asked, forward) =>
        is(CLOSE)(asked) && isQueryValid(asked) && (await current(asked, forward))?.status === about.open
          ? problem(409)
          : forward(),
    ),
  },
  {
    id: 'close-second-404',
    statement: 'A second closing is answered with 404.',
    breaks: ['close.second', 'close.second-conflict'],
    intercept: secondTime(about, () => problem(404)),
  },
  {
    id: 'close-second-200',
    statement: 'A second closing is answered with 200.',
    breaks: ['close.second', 'close.second-conflict', 'close.status-documented'],
    intercept: secondTime(about, () => empty(200)),
  },
  {
    id: 'close-second-500',
    statement: 'A second closing is answered with 500.',
    breaks: ['close.no-server-error', 'close.second', 'close.second-conflict'],
    intercept: secondTime(about, () => problem(500)),
  },
  {
    id: 'close-second-202',
    statement: 'A second closing is answered with 202.',
    breaks: ['close.second-conflict'],
    intercept: secondTime(about, () => empty(202)),
  },
];

import {
  type Answered,
  type Asked,
  CLOSE,
  CREATE,
  empty,
  type Fault,
  type Forward,
  groups,
  intercepting,
  is,
  isQueryValid,
  isUuid,
  mayWrite,
  problem,
  RETRIEVE,
  refused,
} from './fault.ts';
import { current } from './lifecycle.ts';
import type { Subject } from './subject.ts';

/** Closings that go wrong for one of several groups only, or at their end. */

/** Intercepts one closing of the run. `number`: counted from 1 in the order in which the groups are closed. */
function atClosing(
  about: Subject,
  number: number,
  intercept: (asked: Asked, forward: Forward, ours: readonly string[]) => Promise<Answered>,
): Fault['intercept'] {
  return intercepting(() => {
    const ours: string[] = [];
    const numbers = new Map<string, number>();
    return async (asked, forward) => {
      const id = asked.id.toLowerCase();
      const group = is(CLOSE)(asked) && ours.includes(id) ? await current(asked, forward) : undefined;
      if (group?.status === about.open && !numbers.has(id) && isPermitted(asked)) numbers.set(id, numbers.size + 1);
      if (is(CLOSE)(asked) && isPermitted(asked) && numbers.get(id) === number) return intercept(asked, forward, ours);
      const answered = await forward();
      if (is(CREATE)(asked)) ours.push(...groups(answered).map((one) => String(one.id).toLowerCase()));
      return answered;
    };
  });
}

/** Whether only the status of the group could be a reason to refuse a closing. */
const isPermitted = (asked: Asked) =>
  isQueryValid(asked) &&
  mayWrite(asked) &&
  !/xml|html$/.test(asked.headers.get('accept') ?? '') &&
  isUuid(asked.headers.get('upvest-client-id') ?? '') &&
  (asked.headers.get('upvest-api-version') ?? '1') === '1';

const ignored = async () => empty(202);

export const lastClosingFaults = (about: Subject): Fault[] => [
  ...[2, 3].map(
    (number): Fault => ({
      id: `close-${number}-ignored`,
      statement: `Closing number ${number} of the run is acknowledged, but not executed.`,
      breaks: ['close.reaches-closing'],
      intercept: atClosing(about, number, ignored),
    }),
  ),
  {
    id: 'close-3-failed',
    statement: 'The third closing is executed, but answered with 500.',
    breaks: ['close.no-server-error', 'close.allowed', 'close.caller.accounts-admin'],
    intercept: atClosing(about, 3, async (_, forward) => {
      await forward();
      return problem(500);
    }),
  },
  {
    id: 'close-3-204',
    statement: 'The third closing is answered with 204.',
    breaks: ['close.status-documented', 'close.allowed', 'close.caller.accounts-admin'],
    intercept: atClosing(about, 3, async (_, forward) => {
      await forward();
      return empty(204);
    }),
  },
  {
    id: 'close-instead',
    statement: 'The first closing closes another group of the run instead.',
    breaks: ['close.reaches-closing', 'close.bystanders-untouched', 'close.second-conflict'],
    intercept: atClosing(about, 1, async (asked, forward, ours) => {
      for (const id of ours)
        if (id !== asked.id.toLowerCase() && (await forward({ ...asked, id })).status === 202) return empty(202);
      return forward();
    }),
  },
  {
    id: 'close-unreadable',
    statement: 'A group of the run can no longer be retrieved once it is CLOSED.',
    breaks: ['close.stays-readable'],
    intercept: intercepting(() => {
      const ours = new Set<unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        if (is(CREATE)(asked)) for (const { id } of groups(answered)) ours.add(id);
        const [group] = groups(answered);
        if (is(RETRIEVE)(asked) && group?.status === about.closed && ours.has(group.id)) refused(404)(answered);
        return answered;
      };
    }),
  },
];

import { CREATE, data, type Fault, group, groups, intercepting, is, type Json, RETRIEVE } from './fault.ts';
import { isClosing, isOld, later } from './lifecycle.ts';
import { falling, offsetOf, query } from './listing.ts';
import type { Subject } from './subject.ts';

/** Groups that return to an earlier status, or that differ from one answer to the next. */

/** Changes groups that a condition selects. `times`: how often this group was selected, including this time. */
function counting(when: (group: Json) => boolean, change: (group: Json, times: number) => void): Fault['intercept'] {
  return intercepting(() => {
    const counts = new Map<unknown, number>();
    return async (_, forward) => {
      const answered = await forward();
      for (const one of groups(answered).filter(when)) {
        const times = (counts.get(one.id) ?? 0) + 1;
        counts.set(one.id, times);
        change(one, times);
      }
      return answered;
    };
  });
}

export const historyFaults = (about: Subject): Fault[] => [
  {
    id: 'close-reopens',
    statement: `A closed group becomes ${about.open} again.`,
    breaks: [about.of('status-forward'), 'event.object-as-retrieved'],
    mayBreak: ['list.equals-retrieved'],
    intercept: counting(isClosing(about), (one, times) => void (times > 2 && !isOld(one) && (one.status = about.open))),
  },
  {
    id: 'close-back-to-closing',
    statement: `A ${about.closed} group is ${about.closing} again.`,
    breaks: [about.of('status-forward')],
    intercept: group(
      (one) => void (one.status === about.closed && isOld(one) && (one.status = about.closing)),
      (asked) => falling(asked) && offsetOf(asked) > 0,
    ),
  },
  {
    id: 'close-keeps-updated-at',
    statement: 'Closing does not change updated_at.',
    breaks: ['close.updated-at-moves', about.of('updated-at-with-status')],
    intercept: intercepting(() => {
      const stamps = new Map<unknown, unknown>();
      return async (asked, forward) => {
        const answered = await forward();
        for (const one of groups(answered).filter((candidate) => !isOld(candidate))) {
          if (isClosing(about)(one)) one.updated_at = stamps.get(one.id) ?? one.updated_at;
          else if (!is(CREATE)(asked)) stamps.set(one.id, one.updated_at);
        }
        return answered;
      };
    }),
  },
  {
    id: 'approval-keeps-updated-at',
    statement: 'Approval does not change updated_at.',
    breaks: [about.of('updated-at-with-status')],
    intercept: group((one) => void (one.status === about.open && !isOld(one) && (one.updated_at = one.created_at))),
  },
  {
    id: 'status-pending-after-active',
    statement: `The longest page shows an ${about.open} group as ${about.waiting}.`,
    breaks: [about.of('status-forward')],
    intercept: group(
      (one) => void (isOld(one) && one.status === about.open && (one.status = about.waiting)),
      (asked) => query(asked, 'limit') === '1000',
    ),
  },
  {
    id: 'updated-at-back',
    statement: 'updated_at of one group once returns to the time of its creation.',
    breaks: [about.of('updated-at-forward')],
    intercept: intercepting(() => {
      let count = 0;
      return async (asked, forward) => {
        const answered = await forward();
        for (const one of data(answered))
          if (isOld(one) && one.status === about.closing && falling(asked) && count++ === 2)
            one.updated_at = later(one.created_at, 1);
        return answered;
      };
    }),
  },
  {
    id: 'read-adds-user',
    statement: 'A retrieved group has one owner more than it was created with.',
    breaks: ['create.equals-retrieved', 'list.equals-retrieved'],
    mayBreak: ['close.refused-closes-nothing'],
    intercept: group(
      (one) =>
        void (one[about.owners] as Json[]).push({ id: '11111111-2222-4333-8444-555555555555', ...about.ownerShown }),
      is(RETRIEVE),
    ),
  },
  {
    id: 'reading-renumbers',
    statement: 'Each retrieval shows another owner id.',
    breaks: [
      'retrieve.repeatable',
      'create.equals-retrieved',
      'list.equals-retrieved',
      'close.identity-kept',
      'close.refused-closes-nothing',
      'refusal.changes-nothing',
    ],
    intercept: intercepting(() => {
      let count = 0;
      return async (asked, forward) => {
        const answered = await forward();
        if (is(RETRIEVE)(asked))
          for (const one of groups(answered))
            one[about.owners] = [
              { id: `11111111-2222-4333-8444-${String(count++).padStart(12, '0')}`, ...about.ownerShown },
            ];
        return answered;
      };
    }),
  },
];

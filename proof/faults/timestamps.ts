import { type Fault, group, groups, intercepting, is, type Json, LIST } from './fault.ts';
import type { Subject } from './subject.ts';

/** Timestamps with the wrong format or the wrong time. */

const stamp =
  (change: (stamp: string) => string, members = ['created_at', 'updated_at']) =>
  (one: Json) => {
    for (const member of members) one[member] = change(String(one[member]));
  };
const shifted = (hours: number) => (text: string) => new Date(Date.parse(text) + hours * 3_600_000).toISOString();

export const timestampFaults = (about: Subject): Fault[] => [
  {
    id: 'time-with-offset',
    statement: 'Timestamps are in local time, with its offset.',
    breaks: [about.of('timestamps-utc')],
    intercept: group(stamp((text) => shifted(2)(text).replace('Z', '+02:00'))),
  },
  {
    id: 'time-with-offset-in-list',
    statement: 'The list shows timestamps in local time.',
    breaks: [about.of('timestamps-utc')],
    intercept: group(
      stamp((text) => shifted(-5)(text).replace('Z', '-05:00')),
      is(LIST),
    ),
  },
  {
    id: 'time-local-as-utc',
    statement: 'Timestamps are local time east of UTC, marked as UTC.',
    breaks: [
      about.of('not-in-the-future'),
      'create.created-now',
      'event.object-as-retrieved',
      'event.not-before-its-step',
    ],
    intercept: group(stamp(shifted(2))),
  },
  {
    id: 'time-local-west-as-utc',
    statement: 'Timestamps are local time west of UTC, marked as UTC.',
    breaks: ['create.created-now', 'event.object-as-retrieved'],
    intercept: group(stamp(shifted(-6))),
  },
  {
    id: 'time-compact-offset',
    statement: 'The offset of a timestamp has no colon.',
    breaks: [about.of('updated_at.format')],
    intercept: group(stamp((text) => text.replace('Z', '+0000'), ['updated_at'])),
  },
  {
    id: 'time-updated-first',
    statement: 'updated_at is a year before created_at.',
    breaks: [about.of('created-before-updated')],
    intercept: group((one) => void (one.updated_at = shifted(-8760)(String(one.updated_at)))),
  },
  {
    id: 'time-future',
    statement: `updated_at of a ${about.other} is in the next century.`,
    breaks: [about.of('not-in-the-future'), 'close.updated-at-moves'],
    mayBreak: ['list.order-by-updated-at'],
    intercept: group((one) => void (one[about.kind] === about.other && (one.updated_at = '2126-01-01T00:00:00Z'))),
  },
  {
    id: 'time-updated-is-now',
    statement: 'updated_at is always the time of the answer.',
    breaks: [
      'retrieve.repeatable',
      'list.equals-retrieved',
      'close.refused-closes-nothing',
      'refusal.changes-nothing',
      'close.bystanders-untouched',
    ],
    mayBreak: ['create.same-key-changes-nothing'],
    intercept: intercepting((clock) => {
      let tick = 0;
      return async (_, forward) => {
        const answered = await forward();
        for (const one of groups(answered)) one.updated_at = new Date(clock.now() + 5 * tick++).toISOString();
        return answered;
      };
    }),
  },
];

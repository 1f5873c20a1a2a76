import { randomUUID } from 'node:crypto';
import { events } from '../faults/delivered.ts';
import {
  type Asked,
  CLOSE,
  empty,
  type Fault,
  groups,
  intercepting,
  is,
  isJson,
  type Json,
  mayWrite,
  problem,
} from '../faults/fault.ts';
import { current } from '../faults/lifecycle.ts';
import type { Subject } from '../faults/subject.ts';
import type { Variant } from './index.ts';

/** Conforming differences in when a group can be closed. */

/** Time from the approval of a group to its lock, in milliseconds: short, so that a run sees both. */
const LOCK_MS = 20;
const after = (stamp: unknown, milliseconds: number) => Date.parse(String(stamp)) + milliseconds;
const written = (instant: number) => new Date(instant).toISOString();

/** Accepts a closing before the approval of the group, and carries it out afterwards. */
function closedOnceApproved(about: Subject): Fault['intercept'] {
  const [pending] = about.resource.life.initial;
  return intercepting(() => {
    const promised = new Map<string, Asked>();
    return async (asked, forward) => {
      const id = asked.id.toLowerCase();
      const earlier = promised.get(id);
      if (earlier !== undefined && (await forward(earlier)).status === 202) promised.delete(id);
      const answered = await forward();
      if (!is(CLOSE, 409)(asked, answered)) return answered;
      const group = await current(asked, forward);
      if (group?.status !== pending || promised.has(id)) return answered;
      promised.set(id, asked);
      return empty(202);
    };
  });
}

/** Whether the target locks a group: one of the run, of the other kind. */
const isLockable = (about: Subject, group: Json) =>
  group[about.kind] === about.other && group.status === about.open && String(group.created_at) > '2026';

function lock(about: Subject, group: Json): void {
  group.status = about.locked;
  group.updated_at = written(after(group.updated_at, LOCK_MS));
}

function locking(about: Subject): Fault['intercept'] {
  return intercepting((clock) => {
    const isLocked = (group: Json) => isLockable(about, group) && clock.now() >= after(group.updated_at, LOCK_MS);
    return async (asked, forward) => {
      if (is(CLOSE)(asked) && mayWrite(asked)) {
        const group = await current(asked, forward);
        if (group !== undefined && isLocked(group)) return problem(409);
      }
      const answered = await forward();
      for (const group of groups(answered)) if (isLocked(group)) lock(about, group);
      return answered;
    };
  });
}

/** Announces the lock together with the approval, under the same event id each time. */
function announcingLocks(about: Subject): NonNullable<Variant['interceptEvent']> {
  const { announcements } = about.resource.events;
  const typeOf = (status: string) => announcements.find(({ step }) => step === status)?.type;
  return (post, clock) => {
    const ids = new Map<unknown, string>();
    return events((all) =>
      all
        .flatMap((event) => {
          const { object } = event;
          if (event.type !== typeOf(about.open) || !isJson(object) || !isLockable(about, object)) return [event];
          const locked = { ...object };
          lock(about, locked);
          ids.set(event.id, ids.get(event.id) ?? randomUUID());
          const type = typeOf(about.locked);
          return [event, { ...event, id: ids.get(event.id), type, created_at: locked.updated_at, object: locked }];
        })
        .toSorted((a, b) => after(a.created_at, 0) - after(b.created_at, 0)),
    )(post, clock);
  };
}

export const closingVariants = (about: Subject): Variant[] => [
  {
    id: 'closable-before-approval',
    aspect: 'approval',
    difference: 'A closing is accepted before the approval of the group, and carried out after it.',
    intercept: closedOnceApproved(about),
  },
  {
    id: 'locked-after-approval',
    difference: `A ${about.other} becomes ${about.locked} soon after its approval, and can then not be closed.`,
    intercept: locking(about),
    interceptEvent: announcingLocks(about),
  },
];

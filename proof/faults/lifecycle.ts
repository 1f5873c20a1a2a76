import {
  type Answered,
  type Asked,
  CLOSE,
  CREATE,
  type Fault,
  type Forward,
  groups,
  intercepting,
  is,
  type Json,
} from './fault.ts';
import type { Subject } from './subject.ts';

/** Shared parts of faults in the life cycle of groups. */

export const isClosing =
  ({ resource }: Subject) =>
  ({ status }: Json) =>
    resource.life.final.includes(String(status));

/** Whether a group existed before the run. */
export const isOld = (one: Json) => Date.parse(String(one.created_at)) < Date.UTC(2025, 5);

export const later = (stamp: unknown, milliseconds: number) =>
  new Date(Date.parse(String(stamp)) + milliseconds).toISOString();

/** The group that a request names, as the target shows it to the same caller. */
export async function current(asked: Asked, forward: Forward): Promise<Json | undefined> {
  const [one] = groups(await forward({ ...asked, method: 'GET' }));
  return one;
}

/** Ids of the groups that an answer creates. */
export const created = (asked: Asked, answered: Answered) =>
  is(CREATE)(asked) ? groups(answered).map(({ id }) => id) : [];

/** Id of the group whose closing an answer accepts, in lower case as in answers. */
export const closed = (asked: Asked, answered: Answered) =>
  is(CLOSE, 202)(asked, answered) ? [asked.id.toLowerCase()] : [];

/** Collects ids from answers, and changes answers depending on them. */
export function remembering(
  ids: (asked: Asked, answered: Answered) => readonly unknown[],
  change: (answered: Answered, known: ReadonlySet<unknown>, asked: Asked) => void,
): Fault['intercept'] {
  return intercepting(() => {
    const known = new Set<unknown>();
    return async (asked, forward) => {
      const answered = await forward();
      for (const id of ids(asked, answered)) known.add(id);
      change(answered, known, asked);
      return answered;
    };
  });
}

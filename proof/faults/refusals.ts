import { type Asked, CREATE, type Fault, groups, intercepting, is, type Json, OTHER, RETRIEVE } from './fault.ts';
import { created } from './lifecycle.ts';
import type { Subject } from './subject.ts';

/** Refused requests that change a group nevertheless. */

/** Changes the group that a refused request names, or every group of the run, in all later answers. */
function leavesTraces(
  about: Subject,
  when: (asked: Asked) => boolean,
  change: (group: Json, now: string) => void,
  whose: 'named' | 'every' = 'named',
): Fault['intercept'] {
  return intercepting(({ now }) => {
    const changed = new Map<unknown, string>();
    const ours: unknown[] = [];
    return async (asked, forward) => {
      const answered = await forward();
      ours.push(...created(asked, answered));
      const ids = whose === 'named' ? [asked.id.toLowerCase()].filter((id) => ours.includes(id)) : ours;
      if (when(asked) && answered.status >= 400) for (const id of ids) changed.set(id, new Date(now()).toISOString());
      for (const group of groups(answered)) {
        const since = changed.get(group.id);
        if (since !== undefined && group.status === about.open && since > String(group.updated_at))
          change(group, since);
      }
      return answered;
    };
  });
}

const locksIn =
  ({ locked }: Subject) =>
  (group: Json, now: string) =>
    void Object.assign(group, { status: locked, updated_at: now });
const touches = (group: Json, now: string) => void (group.updated_at = now);

const fault = (id: string, statement: string, breaks: readonly string[], intercept: Fault['intercept']): Fault => ({
  id: `refusal-${id}`,
  statement,
  breaks,
  intercept,
});

export const refusalFaults = (about: Subject): Fault[] => [
  {
    ...fault(
      'put-locks',
      'PUT is refused, but locks the group.',
      ['refusal.changes-nothing'],
      leavesTraces(about, (asked) => asked.operation === OTHER && asked.method === 'PUT', locksIn(about)),
    ),
    mayBreak: ['event.locked'],
  },
  ...(about.contract.operations.some(({ method }) => method === 'PATCH')
    ? []
    : [
        fault(
          'patch-touches',
          'PATCH is refused, but changes updated_at.',
          ['refusal.changes-nothing'],
          leavesTraces(about, (asked) => asked.operation === OTHER && asked.method === 'PATCH', touches),
        ),
      ]),
  fault(
    'creation-touches',
    'A creation without the scope is refused, but changes updated_at of every group of the run.',
    ['refusal.changes-nothing'],
    leavesTraces(about, (asked) => is(CREATE)(asked) && asked.scopes === 'accounts:read', touches, 'every'),
  ),
  fault(
    'read-touches',
    'A retrieval without a token is refused, but changes updated_at of every group of the run.',
    ['refusal.changes-nothing'],
    leavesTraces(about, (asked) => is(RETRIEVE)(asked) && !asked.headers.has('authorization'), touches, 'every'),
  ),
];

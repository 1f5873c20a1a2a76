import {
  CREATE,
  type Fault,
  group,
  groups,
  intercepting,
  is,
  type Json,
  keep,
  RETRIEVE,
  refused,
  request,
} from './fault.ts';
import { created, isOld, later, remembering } from './lifecycle.ts';
import { another, type Subject } from './subject.ts';

/** Groups that differ from what was requested, or that cannot be found after their creation. */

export const creationFaults = (about: Subject): Fault[] => [
  {
    id: 'create-other-type',
    statement: `A ${about.other} is created as ${about.usual}.`,
    breaks: [`create.${about.kind}.as-asked`],
    intercept: request(
      is(CREATE),
      (asked) => void (asked.text = asked.text.replace(`"${about.other}"`, `"${about.usual}"`)),
    ),
  },
  {
    id: 'create-says-other-type',
    statement: `The answer to a creation always shows the type ${about.usual}.`,
    breaks: [`create.${about.kind}.as-asked`, 'create.equals-retrieved', about.of('immutable')],
    intercept: group((one) => void (one[about.kind] = about.usual), is(CREATE)),
  },
  {
    id: 'create-for-other-user',
    statement: `A ${about.other} belongs to another owner.`,
    breaks: [`create.${about.owners}.as-asked`, 'event.object-as-retrieved'],
    mayBreak: about.belongings,
    intercept: group(
      (one) =>
        void (
          one[about.kind] === about.other &&
          (one[about.owners] = [{ id: '11111111-2222-4333-8444-666666666666', ...about.ownerShown }])
        ),
    ),
  },
  {
    id: 'create-closed',
    statement: `A new group is ${about.closed}.`,
    breaks: ['create.initial-status', 'event.object-as-retrieved'],
    // A list may show the group before the creation is answered.
    mayBreak: [about.of('status-forward')],
    intercept: group((one) => void (one.status = about.closed), is(CREATE)),
  },
  {
    id: 'create-locked',
    statement: `A new group is ${about.locked}.`,
    breaks: ['create.initial-status', 'event.object-as-retrieved'],
    mayBreak: [about.of('status-forward')],
    intercept: group((one) => void (one.status = about.locked), is(CREATE)),
  },
  {
    id: 'create-yesterday',
    statement: 'created_at of a new group is a day early.',
    breaks: ['create.created-now', 'event.object-as-retrieved'],
    intercept: group((one) => void (!isOld(one) && (one.created_at = later(one.created_at, -86_400_000)))),
  },
  {
    id: 'create-same-id',
    statement: 'A new group has the id of an earlier group of another type.',
    breaks: ['create.new-group', 'create.one-group', about.of('immutable'), about.of(`${about.number}.unique`)],
    mayBreak: ['create.other-key-other-group'],
    intercept: intercepting(() => {
      let first: Json | undefined;
      return async (asked, forward) => {
        const answered = await forward();
        for (const one of is(CREATE)(asked) ? groups(answered) : []) {
          first ??= { ...one };
          if (one[about.kind] !== first[about.kind]) one.id = first.id;
        }
        return answered;
      };
    }),
  },
  {
    id: 'create-not-retrievable',
    statement: `A new ${about.other} cannot be retrieved.`,
    breaks: ['create.retrievable', 'list.retrievable'],
    intercept: remembering(
      (asked, answered) => (asked.json[about.choice] === about.other ? created(asked, answered) : []),
      (answered, fresh, asked) => {
        if (is(RETRIEVE, 200)(asked, answered) && fresh.has(asked.id)) refused(404)(answered);
      },
    ),
  },
  {
    id: 'create-not-listed',
    statement: 'New groups are not in the list.',
    breaks: ['create.listed', 'close.stays-listed', 'list.page-full'],
    intercept: remembering(created, (answered, fresh) => keep(answered, (one) => !fresh.has(one.id))),
  },
  {
    id: 'create-not-stored',
    statement: 'The answer to a creation shows another number than the stored one.',
    breaks: ['create.equals-retrieved', about.of('immutable')],
    intercept: group((one) => void (one[about.number] = another(one[about.number])), is(CREATE)),
  },
];

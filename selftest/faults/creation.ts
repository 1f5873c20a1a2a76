import { CREATE, type Fault, group, groups, is, keep, lying, RETRIEVE, refused, request } from './lie.ts';
import { created, isOld, later, remembering } from './lifecycle.ts';

/** Groups that are created otherwise than asked, or that cannot be found afterwards. */

export const creationFaults: Fault[] = [
  {
    id: 'create-other-type',
    lie: 'A LEGAL_ENTITY is created as PERSONAL.',
    breaks: ['create.type.as-asked'],
    tell: request(is(CREATE), (asked) => void (asked.text = asked.text.replace('"LEGAL_ENTITY"', '"PERSONAL"'))),
  },
  {
    id: 'create-says-other-type',
    lie: 'The answer to a creation always says PERSONAL.',
    breaks: ['create.type.as-asked', 'create.equals-retrieved', 'account-group.immutable'],
    tell: group((one) => void (one.type = 'PERSONAL'), is(CREATE)),
  },
  {
    id: 'create-for-other-user',
    lie: 'A LEGAL_ENTITY belongs to somebody else.',
    breaks: ['create.users.as-asked', 'event.object-as-retrieved'],
    tell: group(
      (one) =>
        void (
          one.type === 'LEGAL_ENTITY' && (one.users = [{ id: '11111111-2222-4333-8444-666666666666', type: 'OWNER' }])
        ),
    ),
  },
  {
    id: 'create-closed',
    lie: 'A new group starts as CLOSED.',
    breaks: ['create.initial-status', 'event.object-as-retrieved'],
    // A list may show the group before the answer to its creation does.
    mayBreak: ['account-group.status-forward'],
    tell: group((one) => void (one.status = 'CLOSED'), is(CREATE)),
  },
  {
    id: 'create-locked',
    lie: 'A new group starts as LOCKED.',
    breaks: ['create.initial-status', 'event.object-as-retrieved'],
    mayBreak: ['account-group.status-forward'],
    tell: group((one) => void (one.status = 'LOCKED'), is(CREATE)),
  },
  {
    id: 'create-yesterday',
    lie: 'A new group was created yesterday.',
    breaks: ['create.created-now', 'event.object-as-retrieved'],
    tell: group((one) => void (!isOld(one) && (one.created_at = later(one.created_at, -86_400_000)))),
  },
  {
    id: 'create-same-id',
    lie: 'A new LEGAL_ENTITY has the id of an earlier group.',
    breaks: [
      'create.new-group',
      'create.one-group',
      'account-group.immutable',
      'account-group.securities_account_number.unique',
    ],
    tell: lying(() => {
      let id: unknown;
      return async (asked, forward) => {
        const answered = await forward();
        for (const one of is(CREATE)(asked) ? groups(answered) : []) {
          id ??= one.id;
          if (one.type === 'LEGAL_ENTITY') one.id = id;
        }
        return answered;
      };
    }),
  },
  {
    id: 'create-not-retrievable',
    lie: 'A new LEGAL_ENTITY cannot be retrieved.',
    breaks: ['create.retrievable', 'list.retrievable'],
    tell: remembering(
      (asked, answered) => (asked.json.type === 'LEGAL_ENTITY' ? created(asked, answered) : []),
      (answered, fresh, asked) => {
        if (is(RETRIEVE, 200)(asked, answered) && fresh.has(asked.id)) refused(404)(answered);
      },
    ),
  },
  {
    id: 'create-not-listed',
    lie: 'New groups are not in the list.',
    breaks: ['create.listed', 'close.stays-listed', 'list.page-full'],
    tell: remembering(created, (answered, fresh) => keep(answered, (one) => !fresh.has(one.id))),
  },
  {
    id: 'create-not-stored',
    lie: 'The number that a creation answers is not the one that is stored.',
    breaks: ['create.equals-retrieved', 'account-group.immutable'],
    tell: group(
      (one) => void (one.securities_account_number = `98765432${String(one.securities_account_number).slice(-1)}`),
      is(CREATE),
    ),
  },
];

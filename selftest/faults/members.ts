import { CREATE, type Fault, group, is, type Json, LIST, RETRIEVE } from './lie.ts';

/** Members of a group, its users among them, that are missing, too many or wrong. */

export const memberFaults: Fault[] = [
  {
    id: 'retrieve-other-group',
    lie: 'A retrieved group has another id than the one asked for.',
    breaks: [
      'retrieve.the-asked-group',
      'create.equals-retrieved',
      'list.equals-retrieved',
      'account-group.securities_account_number.unique',
    ],
    tell: group(
      (one) => void (one.id = String(one.id).replace(/^./, (first) => (first === '0' ? '1' : '0'))),
      (asked) => asked.operation === RETRIEVE,
    ),
  },
  {
    id: 'users-empty',
    lie: 'A group has no users.',
    breaks: ['create.users.as-asked', 'event.object-as-retrieved'],
    tell: group((one) => void (one.users = [])),
  },
  {
    id: 'users-stranger',
    lie: 'A group belongs to somebody else.',
    breaks: ['create.users.as-asked', 'event.object-as-retrieved'],
    tell: group((one) => void (one.users = [{ id: '11111111-2222-4333-8444-555555555555', type: 'OWNER' }])),
  },
  {
    id: 'users-missing-in-list',
    lie: 'The list leaves out users.',
    breaks: ['account-group.users.required', 'list.equals-retrieved'],
    tell: group((one) => void delete one.users, is(LIST)),
  },
  {
    id: 'users-as-ids',
    lie: 'users is a list of ids.',
    breaks: ['account-group-user.type'],
    tell: group((one) => void (one.users = (one.users as Json[]).map(({ id }) => id))),
  },
  {
    id: 'users-as-object',
    lie: 'users is a single user.',
    breaks: ['account-group.users.type'],
    tell: group((one) => void (one.users = (one.users as Json[])[0])),
  },
  {
    id: 'users-unknown-role',
    lie: 'The owner is called a HOLDER.',
    breaks: ['account-group-user.type.enum'],
    tell: group((one) => (one.users as Json[]).forEach((user) => void (user.type = 'HOLDER'))),
  },
  {
    id: 'members-leak',
    lie: 'Groups show the name of their owner.',
    breaks: ['account-group.additionalProperties'],
    tell: group((one) => void (one.owner_name = 'Karla Muster')),
  },
  {
    id: 'members-leak-on-create',
    lie: 'Only a creation shows an internal member.',
    breaks: ['account-group.additionalProperties', 'create.equals-retrieved'],
    tell: group((one) => void (one._internal_id = 17), is(CREATE)),
  },
  {
    id: 'status-lower-case',
    lie: 'Statuses are written in lower case.',
    breaks: ['account-group.status.enum'],
    tell: group((one) => void (one.status = String(one.status).toLowerCase())),
  },
  {
    id: 'status-unknown-when-closed',
    lie: 'A closed group is ARCHIVED.',
    breaks: ['account-group.status.enum'],
    tell: group((one) => void (one.status === 'CLOSED' && (one.status = 'ARCHIVED'))),
  },
  {
    id: 'type-in-words',
    lie: 'A type is written in words.',
    breaks: ['account-group.type.enum'],
    tell: group((one) => void (one.type = one.type === 'PERSONAL' ? 'Personal' : 'Legal entity')),
  },
  {
    id: 'id-prefixed',
    lie: 'Ids carry a prefix.',
    breaks: ['account-group.id.format'],
    tell: group((one) => void (one.id = `ag_${String(one.id)}`)),
  },
  {
    id: 'id-urn',
    lie: 'Ids are URNs.',
    breaks: ['account-group.id.format'],
    tell: group((one) => void (one.id = `urn:uuid:${String(one.id)}`)),
  },
];

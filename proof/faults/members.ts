import { CREATE, type Fault, group, is, LIST, RETRIEVE } from './fault.ts';
import type { Subject } from './subject.ts';

/** Missing, additional and wrong members of a group, including its owners. */

export const memberFaults = (about: Subject): Fault[] => [
  {
    id: 'retrieve-other-group',
    statement: 'A retrieved group has another id than the one asked for.',
    breaks: [
      'retrieve.the-asked-group',
      'create.equals-retrieved',
      'list.equals-retrieved',
      'close.refused-closes-nothing',
      about.of(`${about.number}.unique`),
    ],
    intercept: group(
      (one) => void (one.id = String(one.id).replace(/^./, (first) => (first === '0' ? '1' : '0'))),
      (asked) => asked.operation === RETRIEVE,
    ),
  },
  {
    id: 'owners-empty',
    statement: 'A group has no owners.',
    breaks: [`create.${about.owners}.as-asked`, 'event.object-as-retrieved'],
    mayBreak: about.belongings,
    intercept: group((one) => void (one[about.owners] = [])),
  },
  {
    id: 'owners-stranger',
    statement: 'A group belongs to another owner.',
    breaks: [`create.${about.owners}.as-asked`, 'event.object-as-retrieved'],
    mayBreak: about.belongings,
    intercept: group(
      (one) => void (one[about.owners] = [{ id: '11111111-2222-4333-8444-555555555555', ...about.ownerShown }]),
    ),
  },
  {
    id: 'owners-missing-in-list',
    statement: 'The list shows groups without their owners.',
    breaks: [about.of(`${about.owners}.required`), 'list.equals-retrieved'],
    intercept: group((one) => void delete one[about.owners], is(LIST)),
  },
  {
    id: 'members-leak-on-create',
    statement: 'The answer to a creation has an internal member.',
    breaks: [about.of('additionalProperties'), 'create.equals-retrieved'],
    intercept: group((one) => void (one._internal_id = 17), is(CREATE)),
  },
  {
    id: 'type-in-words',
    statement: 'Types are in lower case, with spaces.',
    breaks: [about.of(`${about.kind}.enum`)],
    intercept: group((one) => void (one[about.kind] = String(one[about.kind]).toLowerCase().replace(/_/g, ' '))),
  },
  {
    id: 'id-prefixed',
    statement: 'Ids have a prefix.',
    breaks: [about.of('id.format')],
    intercept: group((one) => void (one.id = `ag_${String(one.id)}`)),
  },
  {
    id: 'id-urn',
    statement: 'Ids are URNs.',
    breaks: [about.of('id.format')],
    intercept: group((one) => void (one.id = `urn:uuid:${String(one.id)}`)),
  },
];

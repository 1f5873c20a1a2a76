import { CREATE, type Fault, group, is, LIST, RETRIEVE } from './fault.ts';
import type { Subject } from './subject.ts';

/** Members of a group, its owners among them, that are missing, too many or wrong. */

export const memberFaults = (about: Subject): Fault[] => [
  {
    id: 'retrieve-other-group',
    lie: 'A retrieved group has another id than the one asked for.',
    breaks: [
      'retrieve.the-asked-group',
      'create.equals-retrieved',
      'list.equals-retrieved',
      about.of(`${about.number}.unique`),
    ],
    tell: group(
      (one) => void (one.id = String(one.id).replace(/^./, (first) => (first === '0' ? '1' : '0'))),
      (asked) => asked.operation === RETRIEVE,
    ),
  },
  {
    id: 'owners-empty',
    lie: 'A group has no owners.',
    breaks: [`create.${about.owners}.as-asked`, 'event.object-as-retrieved'],
    mayBreak: about.otherLists.map((list) => `${list}.of-the-user`),
    tell: group((one) => void (one[about.owners] = [])),
  },
  {
    id: 'owners-stranger',
    lie: 'A group belongs to somebody else.',
    breaks: [`create.${about.owners}.as-asked`, 'event.object-as-retrieved'],
    mayBreak: about.otherLists.map((list) => `${list}.of-the-user`),
    tell: group(
      (one) => void (one[about.owners] = [{ id: '11111111-2222-4333-8444-555555555555', ...about.ownerShown }]),
    ),
  },
  {
    id: 'owners-missing-in-list',
    lie: 'The list leaves out owners.',
    breaks: [about.of(`${about.owners}.required`), 'list.equals-retrieved'],
    tell: group((one) => void delete one[about.owners], is(LIST)),
  },
  {
    id: 'members-leak-on-create',
    lie: 'Only a creation shows an internal member.',
    breaks: [about.of('additionalProperties'), 'create.equals-retrieved'],
    tell: group((one) => void (one._internal_id = 17), is(CREATE)),
  },
  {
    id: 'type-in-words',
    lie: 'A type is written in words.',
    breaks: [about.of(`${about.kind}.enum`)],
    tell: group((one) => void (one[about.kind] = String(one[about.kind]).toLowerCase().replace(/_/g, ' '))),
  },
  {
    id: 'id-prefixed',
    lie: 'Ids carry a prefix.',
    breaks: [about.of('id.format')],
    tell: group((one) => void (one.id = `ag_${String(one.id)}`)),
  },
  {
    id: 'id-urn',
    lie: 'Ids are URNs.',
    breaks: [about.of('id.format')],
    tell: group((one) => void (one.id = `urn:uuid:${String(one.id)}`)),
  },
];

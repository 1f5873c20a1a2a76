import type { Contract } from '../../harness/contract/index.ts';
import { eachEvent, events } from '../faults/delivered.ts';
import { group, intercepting, type Json } from '../faults/fault.ts';
import { relist } from '../faults/listing.ts';
import { subjectOf } from '../faults/subject.ts';
import type { Variant } from './index.ts';

/** Conforming differences in what later versions of the contract add; none for a contract that does not have it. */

/** The longest account number that a later version permits. */
const LONGEST_NUMBER = 12;

export function laterVariants(contract: Contract): Variant[] {
  const { forms, events: declared, members } = contract.resource;
  const about = subjectOf(contract);
  const [usual, ...others] = forms;
  const announced = declared.announcements.map(({ type }) => type);
  const number = members.find(({ name }) => name === about.number)?.schema;
  const lengthen = (one: Json) => {
    one[about.number] = String(one[about.number]).padStart(LONGEST_NUMBER, '0');
  };
  const all: ReadonlyArray<readonly [isPermitted: boolean, variant: Variant]> = [
    [
      usual !== undefined && others.length > 0,
      {
        id: 'usual-form-only',
        aspect: 'others',
        difference: 'There are no groups of businesses.',
        // As ever, but with an option every case runs: what a run looks for before them is in no recording of a case.
        reference: { seeds: true },
        intercept: intercepting(
          () => (asked, forward) =>
            relist(asked, forward, (items) =>
              items.filter((one) => usual === undefined || contract.schemas.accepts(usual, one)),
            ),
        ),
      },
    ],
    [
      declared.types.some((type) => !announced.includes(type)),
      {
        id: 'events-announced-only',
        difference: 'Only events that the contract promises are sent.',
        interceptEvent: events((some) => some.filter(({ type }) => announced.includes(String(type)))),
      },
    ],
    [
      number !== undefined && contract.schemas.accepts(number, '0'.repeat(LONGEST_NUMBER)),
      {
        id: 'numbers-of-12-digits',
        difference: `Account numbers have ${LONGEST_NUMBER} digits.`,
        intercept: group(lengthen),
        interceptEvent: eachEvent((_, object) => lengthen(object)),
      },
    ],
  ];
  return all.flatMap(([isPermitted, variant]) => (isPermitted ? [variant] : []));
}

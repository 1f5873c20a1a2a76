import { randomUUID } from 'node:crypto';
import type { Contract } from '../../harness/contract/index.ts';
import { comparedIn, groupDependent } from '../consequences.ts';
import { type Fault, groups, type Json } from './fault.ts';
import { inSituation } from './generated.ts';
import { later } from './lifecycle.ts';
import { objectsIn } from './parts.ts';
import type { Situation } from './situations.ts';
import { another, subjectOf } from './subject.ts';

/** Values that are valid but wrong: those of another group, another time or another owner. */

interface WrongValue {
  readonly id: string;
  readonly title: string;
  readonly change: (group: Json) => void;
}

export function generatedValueFaults(
  contract: Contract,
  anywhere: readonly Situation[],
  inOne: readonly Situation[],
): Fault[] {
  const about = subjectOf(contract);
  const wrongValues: WrongValue[] = [
    {
      id: 'created-a-second-later',
      title: 'created_at is a second late',
      change: (group) => void (group.created_at = later(group.created_at, 1000)),
    },
    {
      id: 'created-a-second-earlier',
      title: 'created_at is a second early',
      change: (group) => void (group.created_at = later(group.created_at, -1000)),
    },
    {
      id: 'type-of-another',
      title: 'the type is wrong',
      change: (group) => void (group[about.kind] = group[about.kind] === about.usual ? about.other : about.usual),
    },
    {
      id: 'number-off-by-one',
      title: 'the account number is off by one',
      change: (group) => void (group[about.number] = next(group[about.number])),
    },
    {
      id: 'owner-unknown',
      title: 'the owner is unknown',
      change: (group) => {
        for (const owner of objectsIn(group[about.owners])) owner.id = randomUUID();
      },
    },
    { id: 'owners-empty', title: 'there is no owner', change: (group) => void (group[about.owners] = []) },
    {
      id: 'owners-doubled',
      title: 'each owner is repeated',
      change: (group) =>
        void (group[about.owners] = [...objectsIn(group[about.owners]), ...objectsIn(group[about.owners])]),
    },
  ];
  const isThere = ({ id }: WrongValue) =>
    (!id.startsWith('number') || about.number !== '') && (!/^(owner|owners)/.test(id) || about.owners !== '');
  const scarce = (contract.resource.creation.choice?.words ?? [])
    .filter((word) => ![about.usual, about.other].includes(word))
    .map((word) => `type-${word.toLowerCase()}`);
  // An item that seems to be of another type need not be in a sample with one item of each type.
  const isByChance = (id: string, situation: Situation) =>
    id === 'type-of-another' && scarce.some((one) => situation.id.endsWith(one));
  return wrongValues.filter(isThere).flatMap(({ id, title, change }) =>
    [...anywhere, ...inOne]
      .filter((situation) => !isByChance(id, situation))
      .map(
        (situation): Fault => ({
          id: `when.${situation.id}.${id}`,
          statement: `In a group, ${title}, ${situation.title}.`,
          breaks: [],
          breaksOneOf: comparedIn(contract),
          mayBreak: groupDependent(contract),
          blocks: ['event.object-as-retrieved'],
          intercept: inSituation(
            situation,
            (answered) => groups(answered).map((group) => ({ part: group, group })),
            change,
          ),
        }),
      ),
  );
}

/** The next number with as many digits, or another value if this is not a number. */
function next(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return another(value);
  return String((Number(value) + 1) % 10 ** value.length).padStart(value.length, '0');
}

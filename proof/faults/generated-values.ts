import { randomUUID } from 'node:crypto';
import type { Contract } from '../../harness/contract/index.ts';
import { comparedIn, groupDependent } from '../consequences.ts';
import { type Fault, groups, type Json } from './fault.ts';
import { telling } from './generated.ts';
import { objectsIn } from './parts.ts';
import type { Situation } from './situations.ts';
import { another, subjectOf } from './subject.ts';

/** Values that keep the schema and are not true: of another group, of another time, of nobody. */

interface Untruth {
  readonly id: string;
  readonly title: string;
  readonly change: (group: Json) => void;
  /** Requirements of which it breaks one at least, besides comparisons. */
  readonly tells?: readonly string[];
}

const shifted = (stamp: unknown, milliseconds: number) =>
  new Date(Date.parse(String(stamp)) + milliseconds).toISOString();

export function generatedValueFaults(
  contract: Contract,
  anywhere: readonly Situation[],
  inOne: readonly Situation[],
): Fault[] {
  const about = subjectOf(contract);
  const untruths: Untruth[] = [
    {
      id: 'created-a-second-later',
      title: 'created_at is a second late',
      change: (group) => void (group.created_at = shifted(group.created_at, 1000)),
    },
    {
      id: 'created-a-second-earlier',
      title: 'created_at is a second early',
      change: (group) => void (group.created_at = shifted(group.created_at, -1000)),
    },
    {
      id: 'type-of-another',
      title: 'the type is another one',
      change: (group) => void (group[about.kind] = group[about.kind] === about.usual ? about.other : about.usual),
    },
    {
      id: 'number-off-by-one',
      title: 'the account number is one more',
      change: (group) => void (group[about.number] = next(group[about.number])),
    },
    {
      id: 'owner-unknown',
      title: 'the owner is somebody else',
      change: (group) => {
        for (const owner of objectsIn(group[about.owners])) owner.id = randomUUID();
      },
    },
    { id: 'owners-empty', title: 'there is no user', change: (group) => void (group[about.owners] = []) },
    {
      id: 'owners-doubled',
      title: 'each user stands twice',
      change: (group) =>
        void (group[about.owners] = [...objectsIn(group[about.owners]), ...objectsIn(group[about.owners])]),
    },
  ];
  const isThere = ({ id }: Untruth) =>
    (!id.startsWith('number') || about.number !== '') && (!/^(owner|owners)/.test(id) || about.owners !== '');
  return untruths.filter(isThere).flatMap(({ id, title, change }) =>
    [...anywhere, ...inOne].map(
      (situation): Fault => ({
        id: `when.${situation.id}.${id}`,
        statement: `Of a group ${title}, ${situation.title}.`,
        breaks: [],
        breaksOneOf: comparedIn(contract),
        mayBreak: groupDependent(contract),
        blocks: ['event.object-as-retrieved'],
        intercept: telling(situation, (answered) => groups(answered).map((group) => ({ part: group, group })), change),
      }),
    ),
  );
}

/** The number after this one, with as many digits; another value if it is no number. */
function next(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return another(value);
  return String((Number(value) + 1) % 10 ** value.length).padStart(value.length, '0');
}

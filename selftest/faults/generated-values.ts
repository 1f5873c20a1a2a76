import { randomUUID } from 'node:crypto';
import type { Contract } from '../../harness/contract/index.ts';
import { COMPARED, groupDependent } from '../consequences.ts';
import { telling } from './generated.ts';
import { type Fault, groups, isJson, type Json } from './lie.ts';
import type { Situation } from './situations.ts';

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
  const other = (member: string, value: unknown): unknown => {
    const schema = contract.doc.find(`#/components/schemas/AccountGroup/properties/${member}`)?.value as
      | { readonly enum?: readonly unknown[] }
      | undefined;
    return schema?.enum?.find((word) => word !== value) ?? value;
  };
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
      change: (group) => void (group.type = other('type', group.type)),
    },
    {
      id: 'number-off-by-one',
      title: 'the account number is one more',
      change: (group) =>
        void (group.securities_account_number = String((Number(group.securities_account_number) + 1) % 1e9).padStart(
          9,
          '0',
        )),
    },
    {
      id: 'owner-unknown',
      title: 'the owner is somebody else',
      change: (group) => {
        for (const user of Array.isArray(group.users) ? group.users.filter(isJson) : []) user.id = randomUUID();
      },
    },
    { id: 'users-empty', title: 'there is no user', change: (group) => void (group.users = []) },
    {
      id: 'users-doubled',
      title: 'each user stands twice',
      change: (group) => void (group.users = Array.isArray(group.users) ? [...group.users, ...group.users] : []),
    },
  ];
  return untruths.flatMap(({ id, title, change }) =>
    [...anywhere, ...inOne].map(
      (situation): Fault => ({
        id: `when.${situation.id}.${id}`,
        lie: `Of a group ${title}, ${situation.title}.`,
        breaks: [],
        breaksOneOf: COMPARED,
        mayBreak: groupDependent(contract),
        blocks: ['event.object-as-retrieved'],
        tell: telling(situation, (answered) => groups(answered).map((group) => ({ part: group, group })), change),
      }),
    ),
  );
}

import type { Api } from '../harness/case.ts';
import { type Group, idOf, instant, text } from '../harness/checks/group.ts';
import { kindShown } from './creation.ts';
import { seeded } from './seeded.ts';

/** Some groups of many, so that every kind of them is there. */

/** A sample is no larger than this. */
const MOST = 12;

/** A group that was picked. */
export interface Picked {
  readonly group: Group;
  readonly id: string;
  /** `ACTIVE PERSONAL` and the like. */
  readonly kind: string;
}

/** One group of each status and type, the oldest and the newest one, and others by chance, the same for the same seed. */
export function sampleOf(api: Api, groups: readonly Group[]): Picked[] {
  const kindOf = (group: Group) => `${text(group, 'status') ?? '?'} ${kindShown(api, group) ?? '?'}`;
  const known = new Map<string, Group>();
  for (const group of groups) {
    const id = idOf(group);
    if (id !== undefined && !known.has(id)) known.set(id, group);
  }
  const random = seeded(api.seed);
  const shuffled = [...known.values()]
    .map((group) => ({ group, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ group }) => group);
  const byAge = [...known.values()].sort((a, b) => (instant(a, 'created_at') ?? 0) - (instant(b, 'created_at') ?? 0));
  const kinds = new Map<string, Group>();
  for (const group of shuffled) if (!kinds.has(kindOf(group))) kinds.set(kindOf(group), group);
  const picked = new Set<Group>([...kinds.values()].slice(0, MOST));
  for (const group of [byAge[0], byAge.at(-1), ...shuffled])
    if (group !== undefined && picked.size < MOST) picked.add(group);
  return [...picked].map((group) => ({
    group,
    id: idOf(group) ?? '',
    kind: kindOf(group),
  }));
}

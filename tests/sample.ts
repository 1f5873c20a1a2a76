import type { Api } from '../harness/case.ts';
import { type Group, idOf, instant, pageOf, text } from '../harness/checks/group.ts';
import { kindShown } from './creation.ts';
import { seeded } from './seeded.ts';
import { wholeList } from './whole-list.ts';

/** Some groups of many, so that every kind of them is there. */

/** A sample is no larger than this. */
const MOST = 12;
/** Groups of so many kinds are asked for by every caller. */
const MOST_KINDS = 7;
/** A group that is younger may be listed before it can be retrieved, by the clocks of both sides, in milliseconds. */
const CLOCKS_MS = 5 * 60_000;

/** A group that was picked. */
export interface Picked {
  readonly group: Group;
  readonly id: string;
  /** `ACTIVE PERSONAL` and the like. */
  readonly kind: string;
}

/** One group of each status and type, the oldest and the newest one, and others by chance, the same for the same seed. */
export function sampleOf(api: Api, groups: readonly Group[]): Picked[] {
  const shuffled = shuffle(api, groups);
  const age = ({ group }: Picked) => instant(group, 'created_at') ?? 0;
  const byAge = shuffled.toSorted((a, b) => age(a) - age(b));
  const picked = new Set(oneOfEachKind(shuffled).slice(0, MOST));
  for (const one of [byAge[0], byAge.at(-1), ...shuffled]) if (one !== undefined && picked.size < MOST) picked.add(one);
  return [...picked];
}

/** A group that was there before the run, to be asked for. */
export interface Known {
  readonly title: string;
  readonly id: string;
}

/** One group of each status and type that the list shows, apart from those of the run. */
export const kindsOf = async (api: Api): Promise<Known[]> =>
  oneOfEachKind(await settledGroups(api))
    .slice(0, MOST_KINDS)
    .map(known);

/** As few of these groups as hold each status and each type. */
export async function someKindsOf(api: Api): Promise<Known[]> {
  const seen = new Set<string>();
  const isNew = ({ kind }: Picked) => {
    const words = kind.split(' ').filter((word) => !seen.has(word));
    for (const word of words) seen.add(word);
    return words.length > 0;
  };
  return (await settledGroups(api)).filter(isNew).slice(0, MOST_KINDS).map(known);
}

const known = ({ id, kind }: Picked): Known => ({ title: `a group that is ${kind}`, id });

/** Groups of the list that were there before the run, and that can be retrieved by now. */
async function settledGroups(api: Api): Promise<Picked[]> {
  const page = await wholeList(api);
  const youngest = api.clock.now() - api.settleMs - CLOCKS_MS;
  const isSettled = (group: Group) =>
    !api.groups.has(idOf(group) ?? '') && (instant(group, 'created_at') ?? 0) < youngest;
  return shuffle(api, (pageOf(page)?.data ?? []).filter(isSettled));
}

const oneOfEachKind = (groups: readonly Picked[]): Picked[] =>
  groups.filter(({ kind }, index) => groups.findIndex((other) => other.kind === kind) === index);

/** Groups that have an id, each once, in a sequence that is the same for the same seed. */
function shuffle(api: Api, groups: readonly Group[]): Picked[] {
  const byId = new Map<string, Group>();
  for (const group of groups) {
    const id = idOf(group);
    if (id !== undefined && !byId.has(id)) byId.set(id, group);
  }
  const random = seeded(api.seed);
  return [...byId]
    .map(([id, group]) => ({ id, group, kind: kindOf(api, group), key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ key: _, ...picked }) => picked);
}

const kindOf = (api: Api, group: Group) => `${text(group, 'status') ?? '?'} ${kindShown(api, group) ?? '?'}`;

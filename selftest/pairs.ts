import type { DeliveryLies } from './delivering.ts';
import type { Liberty } from './liberties.ts';

/** Several liberties at once. */

/** The liberty to take all of these; what comes first stands nearest to the target. */
export function compose(taken: readonly Liberty[]): Liberty {
  const [only, ...rest] = taken;
  if (only !== undefined && rest.length === 0) return only;
  const tells = taken.flatMap(({ tell }) => (tell === undefined ? [] : [tell]));
  const outsides = taken.flatMap(({ outside }) => (outside === undefined ? [] : [outside]));
  const ignores = taken.flatMap((liberty) => liberty.ignores ?? []);
  return {
    id: taken.map(({ id }) => id).join(' + ') || 'none',
    difference: taken.map(({ difference }) => difference).join(' '),
    tell: (honest, clock) => tells.reduce((inner, tell) => tell(inner, clock), honest),
    ...(ignores.length > 0 && { ignores }),
    ...(outsides.length > 0 && {
      outside: (honest, clock) => outsides.reduce((inner, outside) => outside(inner, clock), honest),
    }),
    reference: Object.assign({}, ...taken.map(({ reference }) => reference ?? {})),
    profile: Object.assign({}, ...taken.map(({ profile }) => profile ?? {})),
    blocks: taken.flatMap(({ blocks = [] }) => blocks),
    deliver: joined(taken.map(({ deliver }) => deliver)),
    deliverSigned: joined(taken.map(({ deliverSigned }) => deliverSigned)),
  };
}

function joined(lies: readonly DeliveryLies['deliver'][]): DeliveryLies['deliver'] {
  const told = lies.filter((lie) => lie !== undefined);
  if (told.length === 0) return undefined;
  return (honest, clock) => told.reduce((inner, lie) => lie(inner, clock), honest);
}

/** Whether two liberties can be taken at once: of one aspect, and of one option of the reference, there is one value. */
export function agree(one: Liberty, other: Liberty): boolean {
  if (one.id === other.id) return false;
  if (one.aspect !== undefined && one.aspect === other.aspect) return false;
  const namesOf = ({ reference = {}, profile = {} }: Liberty) => [...Object.keys(reference), ...Object.keys(profile)];
  return namesOf(one).every((name) => !namesOf(other).includes(name));
}

/**
 * Sets of at most `size` liberties that agree with each other, in which every two that agree stand together at least once.
 */
export function pairwise(all: readonly Liberty[], size: number): Liberty[][] {
  const open = new Set(
    all.flatMap((one, index) =>
      all.slice(index + 1).flatMap((other) => (agree(one, other) ? [pairOf(one, other)] : [])),
    ),
  );
  const sets: Liberty[][] = [];
  while (open.size > 0) {
    const set: Liberty[] = [];
    while (set.length < size) {
      const gain = (liberty: Liberty) => set.filter((member) => open.has(pairOf(member, liberty))).length;
      const fitting = all.filter((liberty) => set.every((member) => agree(member, liberty)));
      // The first one is whoever has most pairs open.
      const worth = (liberty: Liberty) =>
        set.length > 0 ? gain(liberty) : all.filter((other) => open.has(pairOf(liberty, other))).length;
      const best = fitting.reduce<Liberty | undefined>(
        (leader, liberty) => (leader === undefined || worth(liberty) > worth(leader) ? liberty : leader),
        undefined,
      );
      if (best === undefined || worth(best) === 0) break;
      set.push(best);
    }
    for (const one of set) for (const other of set) open.delete(pairOf(one, other));
    sets.push(set);
  }
  return sets;
}

const pairOf = (one: { readonly id: string }, other: { readonly id: string }) =>
  one.id < other.id ? `${one.id} ${other.id}` : `${other.id} ${one.id}`;

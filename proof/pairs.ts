import type { DeliveryLies } from './delivering.ts';
import type { Liberty } from './variants/index.ts';

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
 * Sets of at most `size` liberties that agree with each other, in which every two that agree stand together at least
 * once. Each next one is the one with which the most pairs are new; the first, the one with the most open pairs.
 */
export function pairwise(all: readonly Liberty[], size: number): Liberty[][] {
  const agreed = all.map((one) => all.map((other) => agree(one, other)));
  const open = agreed.map((row) => [...row]);
  const left = open.map((row) => row.filter(Boolean).length);
  const sets: Liberty[][] = [];
  for (;;) {
    const set: number[] = [];
    const fits = all.map(() => true);
    let worth = left;
    while (set.length < size) {
      const best = worth.reduce((leader, gain, at) => (fits[at] && gain > (worth[leader] ?? 0) ? at : leader), -1);
      if (best < 0) break;
      const gains = set.length === 0 ? all.map(() => 0) : worth;
      worth = gains.map((gain, at) => gain + Number(open[best]?.[at] ?? false));
      for (const [at, agrees] of (agreed[best] ?? []).entries()) if (!agrees) fits[at] = false;
      set.push(best);
    }
    if (set.length === 0) return sets;
    for (const one of set)
      for (const other of set) {
        if (!open[one]?.[other]) continue;
        (open[one] as boolean[])[other] = false;
        left[one] = (left[one] ?? 0) - 1;
      }
    sets.push(set.flatMap((at) => all[at] ?? []));
  }
}

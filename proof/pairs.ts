import type { EventIntercepts } from './delivering.ts';
import type { Variant } from './variants/index.ts';

/** Combining variants. */

/** A variant with all these differences; the first one is closest to the target, unless one has to be closest to the client. */
export function compose(variants: readonly Variant[]): Variant {
  const taken = variants.toSorted((one, other) => Number(one.outermost ?? false) - Number(other.outermost ?? false));
  const [only, ...rest] = taken;
  if (only !== undefined && rest.length === 0) return only;
  const intercepts = taken.flatMap(({ intercept }) => (intercept === undefined ? [] : [intercept]));
  const outsides = taken.flatMap(({ outside }) => (outside === undefined ? [] : [outside]));
  const ignores = taken.flatMap((variant) => variant.ignores ?? []);
  return {
    id: taken.map(({ id }) => id).join(' + ') || 'none',
    difference: taken.map(({ difference }) => difference).join(' '),
    intercept: (honest, clock) => intercepts.reduce((inner, intercept) => intercept(inner, clock), honest),
    ...(ignores.length > 0 && { ignores }),
    ...(outsides.length > 0 && {
      outside: (honest, clock) => outsides.reduce((inner, outside) => outside(inner, clock), honest),
    }),
    reference: Object.assign({}, ...taken.map(({ reference }) => reference ?? {})),
    profile: Object.assign({}, ...taken.map(({ profile }) => profile ?? {})),
    blocks: taken.flatMap(({ blocks = [] }) => blocks),
    interceptEvent: joined(taken.map(({ interceptEvent }) => interceptEvent)),
    interceptSignedEvent: joined(taken.map(({ interceptSignedEvent }) => interceptSignedEvent)),
  };
}

function joined(some: readonly EventIntercepts['interceptEvent'][]): EventIntercepts['interceptEvent'] {
  const intercepts = some.filter((one) => one !== undefined);
  if (intercepts.length === 0) return undefined;
  return (honest, clock) => intercepts.reduce((inner, intercept) => intercept(inner, clock), honest);
}

/** Whether two variants can be combined: they must not share an aspect, or an option of the reference or the profile. */
export function agree(one: Variant, other: Variant): boolean {
  if (one.id === other.id) return false;
  if (one.aspect !== undefined && one.aspect === other.aspect) return false;
  const namesOf = ({ reference = {}, profile = {} }: Variant) => [...Object.keys(reference), ...Object.keys(profile)];
  return namesOf(one).every((name) => !namesOf(other).includes(name));
}

/**
 * Sets of at most `size` compatible variants in which every compatible pair occurs at least once (greedy pairwise
 * covering). Each set starts with the variant that has most uncovered pairs, and grows by the one that covers most.
 */
export function pairwise(all: readonly Variant[], size: number): Variant[][] {
  const agreed = all.map((one) => all.map((other) => agree(one, other)));
  const open = agreed.map((row) => [...row]);
  const left = open.map((row) => row.filter(Boolean).length);
  const sets: Variant[][] = [];
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

/** Few of these sets that together contain everything that any of them contains (greedy set cover). */
export function covering<S, T>(sets: readonly S[], contentOf: (set: S) => readonly T[]): S[] {
  const open = new Set(sets.flatMap(contentOf));
  const gainOf = (set: S) => contentOf(set).filter((one) => open.has(one)).length;
  const chosen: S[] = [];
  while (open.size > 0) {
    const best = sets
      .map((set) => ({ set, gain: gainOf(set) }))
      .reduce((one, other) => (other.gain > one.gain ? other : one));
    for (const one of contentOf(best.set)) open.delete(one);
    chosen.push(best.set);
  }
  return chosen;
}

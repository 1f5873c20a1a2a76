import type { EventIntercepts } from './delivering.ts';
import type { Variant } from './variants/index.ts';

/** Several variants at once. */

/** The variant to take all of these; what comes first stands nearest to the target. */
export function compose(taken: readonly Variant[]): Variant {
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

/** Whether two variants can be taken at once: of one aspect, and of one option of the reference, there is one value. */
export function agree(one: Variant, other: Variant): boolean {
  if (one.id === other.id) return false;
  if (one.aspect !== undefined && one.aspect === other.aspect) return false;
  const namesOf = ({ reference = {}, profile = {} }: Variant) => [...Object.keys(reference), ...Object.keys(profile)];
  return namesOf(one).every((name) => !namesOf(other).includes(name));
}

/**
 * Sets of at most `size` variants that agree with each other, in which every two that agree stand together at least
 * once. Each next one is the one with which the most pairs are new; the first, the one with the most open pairs.
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

import { createHash } from 'node:crypto';
import type { Contract } from '../harness/contract/index.ts';
import type { Fault } from './faults/fault.ts';
import { isGenerated } from './faults/generated.ts';
import { allFaults } from './faults/index.ts';
import { type Variant, variants } from './variants/index.ts';

/** Everything that the proof tries. */
export interface Catalogue {
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
}

/** @throws {TypeError} where two faults, or two variants, have one id. */
export function catalogue(contract: Contract): Catalogue {
  const all = { faults: allFaults(contract), variants: variants(contract) };
  for (const list of Object.values(all)) {
    const ids = new Set<string>();
    for (const { id } of list) {
      if (ids.has(id)) throw new TypeError(`${id} stands twice in the catalogue`);
      ids.add(id);
    }
  }
  return all;
}

/** So many faults are tried by default, and some more where it takes them to break every requirement. */
const SAMPLE = 450;
/** One in so many of the sample was generated. */
const GENERATED = 4;

/**
 * As many faults as a gate has time for, by the hash of the contract: for each requirement one that names it, if there is
 * one, and a sample of all others.
 */
export function sampled(contract: Contract, faults: readonly Fault[]): Fault[] {
  const [written, generated] = [faults.filter((fault) => !isGenerated(fault)), faults.filter(isGenerated)];
  const ranked = [...inTurn(contract, written), ...inTurn(contract, generated)];
  const chosen = new Set<Fault>();
  const met = new Set<string>();
  for (const fault of ranked) {
    if (fault.breaks.every((id) => met.has(id))) continue;
    for (const id of fault.breaks) met.add(id);
    chosen.add(fault);
  }
  const rest = Math.max(0, SAMPLE - chosen.size);
  const more = (all: readonly Fault[], count: number) =>
    inTurn(contract, all)
      .filter((fault) => !chosen.has(fault))
      .slice(0, count);
  return [
    ...chosen,
    ...more(written, rest - Math.floor(rest / GENERATED)),
    ...more(generated, Math.floor(rest / GENERATED)),
  ];
}

/** The same things in an order by lot, which the contract decides. */
export function inTurn<T extends { readonly id: string }>(contract: Contract, all: readonly T[]): T[] {
  const rank = ({ id }: T) => createHash('sha256').update(`${contract.hash} ${id}`).digest('hex');
  return all
    .map((one) => ({ one, at: rank(one) }))
    .sort((left, right) => (left.at < right.at ? -1 : 1))
    .map(({ one }) => one);
}

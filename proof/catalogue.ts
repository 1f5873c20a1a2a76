import { createHash } from 'node:crypto';
import { changesBetween } from '../harness/contract/delta.ts';
import type { Contract } from '../harness/contract/index.ts';
import type { Fault } from './faults/fault.ts';
import { allFaults } from './faults/index.ts';
import { covering } from './pairs.ts';
import { type Variant, variants } from './variants/index.ts';

/** All faults and variants of a contract. */
export interface Catalogue {
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
}

/** The catalogue of a contract. @throws {TypeError} if two faults, or two variants, have the same id. */
export function catalogue(contract: Contract): Catalogue {
  const all = { faults: allFaults(contract), variants: variants(contract) };
  for (const list of Object.values(all)) {
    const ids = new Set<string>();
    for (const { id } of list) {
      if (ids.has(id)) throw new TypeError(`the catalogue contains the id ${id} twice; rename one of them`);
      ids.add(id);
    }
  }
  return all;
}

/** Faults tried by default, or more if that is needed to break every requirement: about ten seconds on two cores. */
const SAMPLE = 320;

/**
 * The faults for a quick proof: few that together break every requirement that any fault breaks, and some more. The hash
 * of the contract decides which.
 *
 * @param always faults that are tried in any case, in addition to the sample
 */
export function sampled(contract: Contract, faults: readonly Fault[], always: readonly Fault[] = []): Fault[] {
  const ranked = inTurn(contract, faults);
  const breaking = covering(
    ranked.filter(({ breaks }) => breaks.length > 0),
    ({ breaks }) => breaks,
  );
  const others = ranked.filter((fault) => !breaking.includes(fault));
  const sample = [...breaking, ...others.slice(0, Math.max(0, SAMPLE - breaking.length))];
  return [...new Set([...sample, ...always])];
}

/** The faults of a version that the version before does not have, or that break what changed since. */
export function changedFaults(older: Contract, newer: Contract, faults: readonly Fault[]): Fault[] {
  const changed = new Set(changesBetween(older, newer).map(({ id }) => id));
  const keyOf = ({ id, breaks, breaksOneOf = [] }: Fault) => [id, ...breaks, '', ...breaksOneOf].join(' ');
  const known = new Set(allFaults(older).map(keyOf));
  return faults.filter(
    (fault) =>
      !known.has(keyOf(fault)) || [...fault.breaks, ...(fault.breaksOneOf ?? [])].some((id) => changed.has(id)),
  );
}

/** The same items in a pseudorandom order that depends only on their ids and the contract. */
export function inTurn<T extends { readonly id: string }>(contract: Contract, all: readonly T[]): T[] {
  const rank = ({ id }: T) => createHash('sha256').update(`${contract.hash} ${id}`).digest('hex');
  return all
    .map((one) => ({ one, at: rank(one) }))
    .sort((left, right) => (left.at < right.at ? -1 : 1))
    .map(({ one }) => one);
}

import { createHash } from 'node:crypto';
import type { Contract } from '../harness/contract/index.ts';
import type { Fault } from './faults/fault.ts';
import { isGenerated } from './faults/generated.ts';
import { allFaults } from './faults/index.ts';
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

/** Faults tried by default, or more if that is needed to break every requirement. They take about half a minute. */
const SAMPLE = 450;
/** One in this many faults of the rest of the sample is generated. */
const GENERATED = 4;

/**
 * The faults for a quick proof, selected by the hash of the contract: at least one for each requirement that any fault
 * breaks, and a sample of the others.
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

/** The same items in a pseudorandom order that depends only on their ids and the contract. */
export function inTurn<T extends { readonly id: string }>(contract: Contract, all: readonly T[]): T[] {
  const rank = ({ id }: T) => createHash('sha256').update(`${contract.hash} ${id}`).digest('hex');
  return all
    .map((one) => ({ one, at: rank(one) }))
    .sort((left, right) => (left.at < right.at ? -1 : 1))
    .map(({ one }) => one);
}

import { createHash } from 'node:crypto';
import type { Contract } from '../harness/contract/index.ts';
import { isGenerated } from './faults/generated.ts';
import { allFaults } from './faults/index.ts';
import type { Fault } from './faults/lie.ts';
import { type Liberty, liberties } from './liberties.ts';

/** Everything that the proof tries. */
export interface Catalogue {
  readonly faults: readonly Fault[];
  readonly liberties: readonly Liberty[];
}

/** @throws {TypeError} where two faults, or two liberties, have one id. */
export function catalogue(contract: Contract): Catalogue {
  const all = { faults: allFaults(contract), liberties: liberties(contract) };
  for (const list of Object.values(all)) {
    const ids = new Set<string>();
    for (const { id } of list) {
      if (ids.has(id)) throw new TypeError(`${id} stands twice in the catalogue`);
      ids.add(id);
    }
  }
  return all;
}

/** So many generated faults are tried by default. */
const SAMPLE = 350;

/** Everything that was written or follows from a single promise, and a sample of what was generated, by the hash of the contract. */
export function sampled(contract: Contract, faults: readonly Fault[]): Fault[] {
  const rank = ({ id }: Fault) => createHash('sha256').update(`${contract.hash} ${id}`).digest('hex');
  const generated = faults
    .filter(isGenerated)
    .map((fault) => ({ fault, at: rank(fault) }))
    .sort((left, right) => (left.at < right.at ? -1 : 1))
    .slice(0, SAMPLE);
  return [...faults.filter((fault) => !isGenerated(fault)), ...generated.map(({ fault }) => fault)];
}

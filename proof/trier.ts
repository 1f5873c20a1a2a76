import type { Case } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { HonestRun } from './honest-run.ts';
import { compose } from './pairs.ts';
import { type Alarms, type Trial, tryFault, tryVariant } from './proof.ts';

/** Tries faults and variants by id, in this process or in others. */
export interface Trier {
  fault(id: string, seed?: number): Promise<Trial>;
  /** Tries a combination of variants; none: the honest reference. */
  variants(ids: readonly string[], seed?: number): Promise<Alarms>;
  close(): void;
}

/**
 * Tries faults and variants in this process. With `honest`, unaffected cases need not run. Its methods throw a TypeError
 * for an unknown id.
 */
export function trierHere(
  contract: Contract,
  cases: readonly Case[],
  { faults, variants }: Catalogue,
  honest: (seed: number) => Promise<HonestRun | undefined> = async () => undefined,
): Trier {
  const find = <T extends { readonly id: string }>(all: readonly T[], id: string): T => {
    const found = all.find((one) => one.id === id);
    if (found === undefined) throw new TypeError(`${id} is not in the catalogue`);
    return found;
  };
  return {
    fault: async (id, seed = 1) => tryFault(contract, cases, find(faults, id), { seed, honest: await honest(seed) }),
    variants: async (ids, seed = 1) => {
      const taken = compose(ids.map((one) => find(variants, one)));
      // A combination affects nearly every case.
      return tryVariant(contract, cases, taken, { seed, honest: ids.length > 1 ? undefined : await honest(seed) });
    },
    close: () => undefined,
  };
}

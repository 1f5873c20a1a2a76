import type { Contract } from '../../harness/contract/index.ts';
import { callerFaults } from './callers.ts';
import { derivedFaults } from './derived.ts';
import { groupFaults } from './groups.ts';
import type { Fault } from './lie.ts';
import { lifecycleFaults } from './lifecycle.ts';
import { listingFaults } from './listing.ts';
import { problemFaults } from './problems.ts';
import { requestFaults } from './requests.ts';
import { responseFaults } from './responses.ts';

/** The faults that were thought of, area by area. */
export const writtenFaults: readonly Fault[] = [
  ...responseFaults,
  ...problemFaults,
  ...groupFaults,
  ...listingFaults,
  ...lifecycleFaults,
  ...callerFaults,
  ...requestFaults,
];

/** Every fault: those that were thought of and those that follow from the document. */
export function allFaults(contract: Contract): Fault[] {
  return [...writtenFaults, ...derivedFaults(contract)];
}

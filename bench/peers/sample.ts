import { createHash } from 'node:crypto';
import type { Contract } from '../../harness/contract/index.ts';
import type { Fault } from '../../proof/faults/fault.ts';
import { isGenerated } from '../../proof/faults/generated.ts';
import type { Variant } from '../../proof/variants/index.ts';

export interface Sampled {
  readonly fault: Fault;
  readonly area: string;
}

/** Areas that no peer supports: they have neither a webhook listener nor HTTP message signatures. */
const OURS_ALONE = ['webhooks', 'signatures'];

const rank = (seed: number, id: string) => createHash('sha256').update(`${seed} ${id}`).digest('hex');

const shuffled = <T extends { readonly id: string }>(seed: number, all: readonly T[]) =>
  all.toSorted((left, right) => (rank(seed, left.id) < rank(seed, right.id) ? -1 : 1));

/**
 * `perArea` faults of each area, selected by a hash. Only faults that break a MUST, and no generated ones: most of these
 * are visible only in one situation, which would favour the suite that provokes it, ours.
 */
export function sampleFaults(faults: readonly Fault[], contract: Contract, seed: number, perArea: number): Sampled[] {
  const taken = new Map<string, Sampled[]>();
  for (const fault of shuffled(
    seed,
    faults.filter((one) => !isGenerated(one) && isPlain(one)),
  )) {
    const broken = [...fault.breaks, ...(fault.breaksOneOf ?? [])].map((id) => contract.requirements.get(id));
    const area = broken.find((requirement) => requirement?.level === 'MUST')?.area;
    if (area === undefined || OURS_ALONE.includes(area)) continue;
    const ofArea = taken.get(area) ?? [];
    if (ofArea.length < perArea) taken.set(area, [...ofArea, { fault, area }]);
  }
  return [...taken].toSorted(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, sampled]) => sampled);
}

/** `count` conforming variants, selected by a hash, without those that need a profile. */
export function sampleVariants(variants: readonly Variant[], seed: number, count: number): Variant[] {
  const plain = variants.filter((one) => isPlain(one) && one.profile === undefined && one.blocks === undefined);
  return shuffled(
    seed,
    plain.filter(({ reference }) => reference?.seeds !== false),
  ).slice(0, count);
}

/** Whether a fault or variant is visible without signatures and events. */
function isPlain({ ignores, outside, interceptEvent, interceptSignedEvent }: Fault | Variant): boolean {
  return [ignores, outside, interceptEvent, interceptSignedEvent].every((one) => one === undefined);
}

import type { Case } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { FULL_PROFILE } from '../harness/profile.ts';
import { requirementVerdicts, weight } from '../harness/verdicts.ts';
import type { Fault } from './faults/lie.ts';
import type { Liberty } from './liberties.ts';
import { runInMemory } from './memory.ts';

/** What the suite says of a target that lies. */
export interface Trial {
  readonly fault: Fault;
  /** Requirements with a violation. */
  readonly broken: readonly string[];
  /** Named by the fault, and not violated. */
  readonly missed: readonly string[];
  /** Violated, and not named by the fault. */
  readonly collateral: readonly { readonly requirement: string; readonly seen: string }[];
  /** What the suite could not tell; a proof has none. */
  readonly errors: readonly string[];
}

const OPTIONS = { writes: true, strict: true, tolerateAdditive: false };

/** Runs every case against the reference behind one lie. */
export async function tryFault(contract: Contract, cases: readonly Case[], fault: Fault): Promise<Trial> {
  const signed = 'ignores' in fault && fault.ignores instanceof RegExp ? { signed: { ignores: fault.ignores } } : {};
  const results = await runInMemory(contract, cases, fault.tell, {}, { ...signed, deliveries: fault });
  const verdicts = requirementVerdicts(contract, cases, results, OPTIONS);
  const failed = verdicts.filter(({ verdict }) => verdict === 'failed');
  const broken = failed.map(({ requirement }) => requirement.id);
  return {
    fault,
    broken,
    missed: fault.breaks.filter((id) => !broken.includes(id)),
    collateral: failed
      .filter(({ requirement }) => !fault.breaks.includes(requirement.id))
      .map(({ requirement, violations }) => ({ requirement: requirement.id, seen: violations[0]?.seen ?? '' })),
    errors: [...results.values()].flatMap(({ case: id, error }) => (error === undefined ? [] : [`${id}: ${error}`])),
  };
}

/** Runs every case against a target that takes a liberty; returns what the suite minds about it, which must be nothing. */
export async function tryLiberty(contract: Contract, cases: readonly Case[], liberty: Liberty): Promise<string[]> {
  const options = { ...OPTIONS, strict: false };
  const { tell, reference, blocks = [] } = liberty;
  const profile = { ...FULL_PROFILE, ...liberty.profile };
  const results = await runInMemory(contract, cases, tell, reference, { deliveries: liberty, profile });
  const isExpected = (id: string) => blocks.some((prefix) => id.startsWith(prefix));
  return requirementVerdicts(contract, cases, results, options)
    .filter((verdict) => weight(verdict, options) === 'gate')
    .filter(({ verdict, requirement }) => verdict !== 'blocked' || !isExpected(requirement.id))
    .map(
      ({ requirement, verdict, reason, violations }) =>
        `${requirement.id} is ${verdict}: ${violations[0]?.seen ?? reason}`,
    );
}

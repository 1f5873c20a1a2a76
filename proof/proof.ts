import type { Case, CaseResult } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { succeeded } from '../harness/exchange.ts';
import { FULL_PROFILE } from '../harness/verdicts/profile.ts';
import {
  gateEffect,
  type RequirementVerdict,
  requirementVerdicts,
  type Verdict,
} from '../harness/verdicts/verdicts.ts';
import { silencedBy } from './consequences.ts';
import type { Fault } from './faults/fault.ts';
import { subjectOf } from './faults/subject.ts';
import { type HonestRun, IN_MEMORY } from './honest-run.ts';
import { Liveness } from './liveness.ts';
import { type MemoryPolicy, runInMemory } from './memory.ts';
import type { Variant } from './variants/index.ts';

/** What the suite says of a target that lies. */
export interface Trial {
  /** Id of the fault. */
  readonly id: string;
  /** Requirements with a violation. */
  readonly broken: readonly string[];
  /** Named by the fault, and not violated. */
  readonly missed: readonly string[];
  /** Violated, or not judged any more, and not named by the fault. */
  readonly collateral: readonly { readonly requirement: string; readonly seen: string }[];
  /** What the suite could not tell; a proof has none. */
  readonly errors: readonly string[];
  /** Whether the lie was told at all. */
  readonly fired: boolean;
}

/** True where a fault was caught by exactly what it names. */
export const holds = ({ missed, collateral, errors, fired }: Trial) =>
  fired && missed.length + collateral.length + errors.length === 0;

/** Verdicts that say that a requirement was not judged. */
const SILENT: readonly Verdict[] = ['blocked', 'error', 'not-run', 'excluded'];

/** How a target wants signatures, where a fault or a variant is about these. */
const signing = ({ ignores, outside }: Pick<Variant, 'ignores' | 'outside'>) =>
  ignores === undefined && outside === undefined ? undefined : { signed: { ignores, outside } };

/** What spares running cases that meet nothing unusual. */
type Sparing = Pick<HonestRun, 'verdictsWith' | 'metBy'>;

/**
 * What the cases show of the reference behind one fault. With `honest`, a part of them is run first: all that meet it.
 * Where that does not show exactly what the fault names, all cases decide, as they may see more together.
 */
export async function tryFault(
  contract: Contract,
  cases: readonly Case[],
  fault: Fault,
  {
    seed = 1,
    honest,
    target,
  }: {
    readonly seed?: number;
    readonly honest?: Sparing | undefined;
    readonly target?: MemoryPolicy['target'];
  } = {},
): Promise<Trial> {
  // Those were recorded without signatures.
  const met = honest === undefined || signing(fault) !== undefined ? cases : await honest.metBy(fault);
  if (met.length < cases.length) {
    const trial = await trialOf(contract, cases, fault, { seed, target }, met, honest);
    if (holds(trial)) return trial;
  }
  return trialOf(contract, cases, fault, { seed, target }, cases);
}

/** Runs the cases that meet a fault; what the others come to is known. */
async function trialOf(
  contract: Contract,
  cases: readonly Case[],
  fault: Fault,
  how: Pick<MemoryPolicy, 'target'> & { readonly seed: number },
  met: readonly Case[],
  honest?: Sparing,
): Promise<Trial> {
  const liveness = new Liveness();
  const signed = signing(fault);
  const conduct = { ...signed, ...how, deliveries: fault, liveness };
  const results = await runInMemory(contract, met, fault.intercept, {}, conduct);
  const verdicts = honest?.verdictsWith(results) ?? requirementVerdicts(contract, cases, results, IN_MEMORY);
  const broken = verdicts.filter(({ verdict }) => verdict === 'failed').map(({ requirement }) => requirement.id);
  const { breaks, breaksOneOf = [], mayBreak = [], blocks = [] } = fault;
  const silenced = silencedBy(contract, broken);
  const isSigned = signed !== undefined;
  const isCollateral = ({ requirement: { id, area }, verdict, exclusion }: RequirementVerdict) => {
    if (exclusion === 'not-in-contract') return false;
    if (breaks.includes(id)) return false;
    if (verdict === 'failed' && (breaksOneOf.includes(id) || mayBreak.includes(id))) return false;
    if (verdict === 'failed') return true;
    // Without a key nothing about signatures can be tried.
    if (area === 'signatures' && !isSigned) return false;
    return SILENT.includes(verdict) && !silenced.has(id) && !blocks.includes(id);
  };
  return {
    id: fault.id,
    broken,
    missed: [
      ...breaks.filter((id) => !broken.includes(id)),
      ...(breaksOneOf.length > 0 && !breaksOneOf.some((id) => broken.includes(id))
        ? [`one of ${breaksOneOf.join(', ')}`]
        : []),
    ],
    collateral: verdicts.filter(isCollateral).map(({ requirement, verdict, reason, violations }) => ({
      requirement: requirement.id,
      seen: violations[0]?.seen ?? `${verdict}: ${reason}`,
    })),
    errors: [...results.values()].flatMap(({ case: id, error }) => (error === undefined ? [] : [`${id}: ${error}`])),
    fired: liveness.fired(),
  };
}

/** What the suite minds about a target that takes a variant, which must be nothing, and whether the variant was taken at all. */
export interface Alarms {
  readonly seen: readonly string[];
  readonly fired: boolean;
}

/** What the cases mind about a target that takes a variant; with `honest`, those that meet it, if that is known. */
export async function tryVariant(
  contract: Contract,
  cases: readonly Case[],
  variant: Variant,
  { seed = 1, honest }: { readonly seed?: number; readonly honest?: Sparing | undefined } = {},
): Promise<Alarms> {
  const { intercept, reference = {}, profile, ...rest } = variant;
  const isOptional = Object.keys({ ...reference, ...profile }).length > 0;
  if (honest !== undefined && intercept !== undefined && !isOptional && signing(variant) === undefined) {
    const met = await honest.metBy({ ...rest, intercept });
    const alarms = await alarmsOf(contract, cases, variant, seed, met, honest);
    if (alarms.fired) return alarms;
  }
  return alarmsOf(contract, cases, variant, seed, cases);
}

/** Runs the cases that meet a variant; what the others come to is known. */
async function alarmsOf(
  contract: Contract,
  cases: readonly Case[],
  variant: Variant,
  seed: number,
  met: readonly Case[],
  honest?: Sparing,
): Promise<Alarms> {
  const options = { ...IN_MEMORY, strict: false };
  const { intercept, reference, blocks = [] } = variant;
  const profile = { ...FULL_PROFILE, ...variant.profile };
  const liveness = new Liveness();
  const conduct = { ...signing(variant), seed, deliveries: variant, liveness, profile };
  const results = await runInMemory(contract, met, intercept, reference, conduct);
  const isExpected = (id: string) => blocks.some((prefix) => id.startsWith(prefix));
  const verdicts = honest?.verdictsWith(results) ?? requirementVerdicts(contract, cases, results, options);
  const seen = verdicts
    .filter((verdict) => gateEffect(verdict, options) === 'gate')
    .filter(({ verdict, requirement }) => verdict !== 'blocked' || !isExpected(requirement.id))
    .map(
      ({ requirement, verdict, reason, violations }) =>
        `${requirement.id} is ${verdict}: ${violations[0]?.seen ?? reason}`,
    );
  const isOptional = Object.keys(variant.reference ?? {}).length > 0;
  return {
    seen,
    fired: liveness.fired() || (isOptional && (await isOtherwise(contract, cases, results, seed))),
  };
}

/** Whether anything of a run happened at another time, or showed groups at another point of their lives, than with the usual reference. */
async function isOtherwise(
  contract: Contract,
  cases: readonly Case[],
  results: ReadonlyMap<string, CaseResult>,
  seed: number,
): Promise<boolean> {
  const usual =
    usually.get(seed) ?? runInMemory(contract, cases, undefined, {}, { seed }).then((run) => courseOf(contract, run));
  usually.set(seed, usual);
  return courseOf(contract, results) !== (await usual);
}

const usually = new Map<number, Promise<string>>();

/** What happened in a run and when, without anything that is drawn by lot. */
export function courseOf(contract: Contract, results: ReadonlyMap<string, CaseResult>): string {
  const { closed: ended } = subjectOf(contract);
  const steps = [...results.values()].flatMap(({ exchanges, excluded }) => [
    ...Object.entries(excluded).map((entry) => entry.join(' ')),
    ...exchanges
      .filter((exchange) => exchange.received || succeeded(exchange))
      .map(({ operation = 'event', startedAt, request, response }) => {
        const text = (request.body ?? '') + response.body;
        // The list is read whenever there is time for it; what counts is whether it shows groups of before the run.
        if (contract.resource.isListing({ operation })) return `${operation} ${text.includes(`"${ended}"`)}`;
        return [operation, startedAt, ...new Set(text.match(/"status":[^,}]*/g))].join(' ');
      }),
  ]);
  return [...new Set(steps)].sort().join('\n');
}

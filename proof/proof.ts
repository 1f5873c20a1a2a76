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

/** How the suite judges a target with a fault. */
export interface Trial {
  /** Id of the fault. */
  readonly id: string;
  /** Requirements with a violation. */
  readonly broken: readonly string[];
  /** Requirements that the fault names and that were not violated. */
  readonly missed: readonly string[];
  /** Requirements that the fault does not name and that were violated, or left unjudged without a reason. */
  readonly collateral: readonly { readonly requirement: string; readonly seen: string }[];
  /** Errors of cases; there must be none. */
  readonly errors: readonly string[];
  /** Whether the fault changed any message. */
  readonly fired: boolean;
}

/** Whether a fault was caught by exactly the requirements that it names. */
export const holds = ({ missed, collateral, errors, fired }: Trial) =>
  fired && missed.length + collateral.length + errors.length === 0;

/** Verdicts of requirements that were not judged. */
const SILENT: readonly Verdict[] = ['blocked', 'error', 'not-run', 'excluded'];

/** The signing policy of the target if a fault or a variant concerns request signatures. */
const signing = ({ ignores, outside }: Pick<Variant, 'ignores' | 'outside'>) =>
  ignores === undefined && outside === undefined ? undefined : { signed: { ignores, outside } };

/** A recorded honest run, with which unaffected cases need not run. */
type Recording = Pick<HonestRun, 'verdictsWith' | 'metBy'>;

/**
 * Runs the cases against the reference with one fault. With `honest`, only the affected cases run at first. If these do
 * not show exactly what the fault names, all cases run, because together they may see more.
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
    readonly honest?: Recording | undefined;
    readonly target?: MemoryPolicy['target'];
  } = {},
): Promise<Trial> {
  // The honest run was recorded without signatures.
  const met = honest === undefined || signing(fault) !== undefined ? cases : await honest.metBy(fault);
  if (met.length < cases.length) {
    const trial = await trialOf(contract, cases, fault, { seed, target }, met, honest);
    if (holds(trial)) return trial;
  }
  return trialOf(contract, cases, fault, { seed, target }, cases);
}

/** Runs the cases that a fault affects; `honest` knows the results of the others. */
async function trialOf(
  contract: Contract,
  cases: readonly Case[],
  fault: Fault,
  how: Pick<MemoryPolicy, 'target'> & { readonly seed: number },
  met: readonly Case[],
  honest?: Recording,
): Promise<Trial> {
  const liveness = new Liveness();
  const signed = signing(fault);
  const policy = { ...signed, ...how, deliveries: fault, liveness };
  const results = await runInMemory(contract, met, fault.intercept, {}, policy);
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
    // Without a key, nothing about request signatures is tested.
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

/** How the suite judges a target with a conforming variant. */
export interface Alarms {
  /** False alarms; there must be none. */
  readonly seen: readonly string[];
  /** Whether the variant made any difference. */
  readonly fired: boolean;
}

/** Runs the cases against the reference with a variant; with `honest`, only the affected cases, if these are known. */
export async function tryVariant(
  contract: Contract,
  cases: readonly Case[],
  variant: Variant,
  { seed = 1, honest }: { readonly seed?: number; readonly honest?: Recording | undefined } = {},
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

/** Runs the cases that a variant affects; `honest` knows the results of the others. */
async function alarmsOf(
  contract: Contract,
  cases: readonly Case[],
  variant: Variant,
  seed: number,
  met: readonly Case[],
  honest?: Recording,
): Promise<Alarms> {
  const options = { ...IN_MEMORY, strict: false };
  const { intercept, reference, blocks = [] } = variant;
  const profile = { ...FULL_PROFILE, ...variant.profile };
  const liveness = new Liveness();
  const policy = { ...signing(variant), seed, deliveries: variant, liveness, profile };
  const results = await runInMemory(contract, met, intercept, reference, policy);
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

/** Whether a run differs from that of the default reference: in the times of its steps, or in the states of groups. */
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

/** The steps of a run with their times, without anything random. */
export function courseOf(contract: Contract, results: ReadonlyMap<string, CaseResult>): string {
  const { closed: ended } = subjectOf(contract);
  const steps = [...results.values()].flatMap(({ exchanges, excluded }) => [
    ...Object.entries(excluded).map((entry) => entry.join(' ')),
    ...exchanges
      .filter((exchange) => exchange.received || succeeded(exchange))
      .map(({ operation = 'event', startedAt, request, response }) => {
        const text = (request.body ?? '') + response.body;
        // The times of list requests vary; all that counts is whether the list shows groups from before the run.
        if (contract.resource.isListing({ operation })) return `${operation} ${text.includes(`"${ended}"`)}`;
        return [operation, startedAt, ...new Set(text.match(/"status":[^,}]*/g))].join(' ');
      }),
  ]);
  return [...new Set(steps)].sort().join('\n');
}

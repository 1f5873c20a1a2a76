import type { Exclusion } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { type Settings, whoSigns } from '../harness/run/settings.ts';
import { lineOf } from '../harness/verdicts/profile.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { allCases } from '../tests/cases/index.ts';
import { runInMemory } from './memory.ts';

/** What a run is going to judge, if the target keeps every promise. */
export interface Foretold {
  readonly judged: number;
  readonly of: number;
  /** Promises that nothing provokes. */
  readonly unprovoked: number;
  /** What configuration or profile rules out, in the order of the contract. */
  readonly left: ReadonlyArray<{ readonly exclusion: Exclusion; readonly promises: number }>;
}

/** A token lives at least this long in memory, where time is cheap. */
const SHORT_S = 2;

/**
 * Runs the suite in memory with these settings against the reference, and counts. `undefined` where that says nothing:
 * the contract is about a resource that the reference does not have.
 */
export async function foretell(
  contract: Contract,
  settings: Settings,
  tokenLifetimeMs: number | undefined,
): Promise<Foretold | undefined> {
  const { webhook, deliveriesSigned, profile, writes } = settings;
  const signed = whoSigns(settings);
  const never = 1e12;
  const cases = allCases(contract);
  const results = await runInMemory(
    contract,
    cases,
    undefined,
    {
      tokenLifetimeSeconds: Number.isFinite(tokenLifetimeMs) ? Math.ceil(Number(tokenLifetimeMs) / 1000) : SHORT_S,
      ...(profile.approval === 'manual' && { activationMs: never }),
      ...(profile.closing === 'manual' && { closingMs: never }),
    },
    {
      writes,
      profile,
      deliveriesSigned,
      listens: webhook !== undefined,
      byProxy: signed === 'by-proxy',
      ...(signed === 'here' && { signed: {} }),
    },
  );
  const verdicts = requirementVerdicts(contract, cases, results, { ...settings, strict: true });
  if (verdicts.some(({ verdict }) => !['passed', 'untested', 'excluded', 'known', 'stale'].includes(verdict)))
    return undefined;
  const exclusions = [...new Set(verdicts.flatMap(({ exclusion }) => exclusion ?? []))];
  const count = (of: (one: (typeof verdicts)[number]) => boolean) => verdicts.filter(of).length;
  return {
    judged: count(({ observed }) => observed !== 'not-shown'),
    of: verdicts.length,
    unprovoked: count(({ verdict }) => verdict === 'untested'),
    left: exclusions.map((exclusion) => ({ exclusion, promises: count((one) => one.exclusion === exclusion) })),
  };
}

/** What it takes to have promises judged that are ruled out now. */
export function remedy(exclusion: Exclusion, targetPath: string | undefined): string {
  if (lineOf(exclusion) !== undefined)
    return `take the line "${lineOf(exclusion)}" out of ${targetPath} once the target can do it`;
  return REMEDIES[exclusion] ?? 'nothing that a setting could change';
}

const REMEDIES: Readonly<Partial<Record<Exclusion, string>>> = {
  'writes-off': 'set WRITES=on, so that groups may be created and closed',
  unsigned: 'set SIGNING_KEY_FILE and SIGNING_KEY_ID, so that requests are signed',
  'no-webhook-listener': 'set WEBHOOK_LISTEN, and WEBHOOK_URL to where the target reaches it, so that events are heard',
  'deliveries-unsigned': 'set WEBHOOK_SIGNED=on, if the target signs its deliveries',
  'signed-by-proxy': 'sign here, with SIGNING_KEY_FILE and SIGNING_KEY_ID, instead of behind a proxy',
  'tokens-outlive-the-run': 'have tokens issued that expire within seconds; no run waits for longer ones',
  'not-in-contract': 'say in the contract how this is prepared (x-prerequisites)',
};

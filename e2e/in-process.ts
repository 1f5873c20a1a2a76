import assert from 'node:assert/strict';
import type { Case, CaseResult } from '../harness/case.ts';
import { contract } from '../harness/fixtures.ts';
import type { Preflight } from '../harness/run/preflight.ts';
import { connect, lookAt } from '../harness/run/run.ts';
import { readSettings, type Settings } from '../harness/run/settings.ts';
import { type RequirementVerdict, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { allCases } from '../tests/cases/index.ts';
import { CREDENTIALS } from './fixtures.ts';

/** Runs over real sockets in this process, without the runner and its reports, which would take seconds. */

export interface InProcessRun {
  readonly results: ReadonlyMap<string, CaseResult>;
  readonly verdicts: readonly RequirementVerdict[];
  /** Ids of the requirements with a verdict. */
  with(verdict: RequirementVerdict['verdict']): string[];
  /** What the run left behind at the target. */
  readonly footprint: { readonly webhooks: readonly { readonly state: string }[] };
}

type Environment = Readonly<Record<string, string>>;

function settingsOf(env: Environment): Settings {
  const outcome = readSettings({ ...CREDENTIALS, ...env });
  assert.ok('settings' in outcome, JSON.stringify(outcome));
  return outcome.settings;
}

/** Runs the selected cases with these settings. */
export async function runInProcess(env: Environment, picked: (test: Case) => boolean): Promise<InProcessRun> {
  const settings = settingsOf(env);
  const all = allCases(contract);
  const cases = all.filter(picked);
  assert.ok(cases.length > 0);
  const { session, close } = await connect(contract, settings, 'x', true);
  try {
    const results = new Map(
      await Promise.all(cases.map(async (test) => [test.id, await session.result(test)] as const)),
    );
    await session.close();
    const verdicts = requirementVerdicts(contract, all, results, settings);
    return {
      results,
      verdicts,
      with: (word) => verdicts.filter(({ verdict }) => verdict === word).map(({ requirement }) => requirement.id),
      footprint: session.footprint.toJSON(),
    };
  } finally {
    await close();
  }
}

/** Performs only the preflight of a run. */
export const seenAt = (env: Environment): Promise<Preflight> => lookAt(contract, settingsOf(env));

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Case } from '../harness/case.ts';
import { type Contract, ContractError, loadContract } from '../harness/contract/index.ts';
import { exit } from '../harness/run/environment.ts';
import { Journal } from '../harness/run/journal.ts';
import { RUN_DIR, RUN_UNTIL } from '../harness/run/processes.ts';
import type { Settings } from '../harness/run/settings.ts';
import { unknownWords } from '../harness/verdicts/profile.ts';
import { casesOf, UnusableCases } from './own-cases.ts';

/**
 * Prepares a run in the process of the runner, before workers start: validates contract, cases and target file, creates
 * the run directory, and makes signals end the run in an orderly way. Ends the process with exit code 2 if the contract,
 * the cases or the target file cannot be used.
 *
 * @param keepResults whether to keep the Allure results of an earlier run, which the adapter takes for retries of new ones
 */
export async function prepareRun(
  settings: Settings,
  { keepResults }: { readonly keepResults: boolean },
): Promise<void> {
  const contract = await orExit(ContractError, loadContract(settings.contract, settings.contractVersion));
  const cases = await orExit(UnusableCases, casesOf(contract, settings.caseModules));
  const problem = problemOf(settings, contract, cases);
  if (problem !== undefined) exit(problem);
  const runDirectory = mkdtempSync(join(tmpdir(), 'conformance-'));
  process.env[RUN_DIR] = runDirectory;
  process.env[RUN_UNTIL] = String(Date.now() + settings.runTimeoutMs);
  process.once('SIGINT', () => new Journal(runDirectory).interrupt());
  // The runner handles only SIGINT; SIGTERM must end a run in the same way.
  process.once('SIGTERM', () => process.kill(process.pid, 'SIGINT'));
  // By default, the blob reporter writes next to the configuration file.
  process.env.PLAYWRIGHT_BLOB_OUTPUT_DIR ??= resolve(settings.outputDir, 'blob-report');
  if (!keepResults) rmSync(resolve(settings.outputDir, 'allure-results'), { recursive: true, force: true });
}

/** Why the target file does not fit the contract and the cases; `undefined` if it does. */
function problemOf({ deviations, profile }: Settings, contract: Contract, cases: readonly Case[]): string | undefined {
  const ids = new Set(cases.map(({ id }) => id));
  const idle = deviations
    .filter(({ requirement = '', case: test = '' }) => !contract.requirements.has(requirement) && !ids.has(test))
    .map(({ requirement, case: test }) => requirement ?? test);
  if (idle.length > 0) return `The accepted deviations name what does not exist: ${idle.join(', ')}`;
  const unknown = unknownWords(contract, profile);
  return unknown.length === 0
    ? undefined
    : `The profile of the target names what the contract does not: ${unknown.join(', ')}`;
}

/** The value of a promise; ends the process with the message of an error of this class. */
async function orExit<T>(unusable: new (...args: never[]) => Error, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof unusable) return exit(error.message);
    throw error;
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { ContractError, loadContract } from './harness/contract/index.ts';
import { exit, settingsOrExit } from './harness/run/environment.ts';
import { Journal } from './harness/run/journal.ts';
import { RUN_DIR, RUN_UNTIL } from './harness/run/processes.ts';
import { unknownWords } from './harness/verdicts/profile.ts';
import { allureOptions } from './reporters/allure.ts';
import { factsOf, metadataOf } from './reporters/facts.ts';
import { casesOf, UnusableCases } from './tests/own-cases.ts';

const settings = settingsOrExit();
/** Paths in here are relative to this file, which is not where the run was started. */
const output = (name: string) => resolve(settings.outputDir, name);

/** Somebody looks at what there is; the reports of the last run stay as they are. */
const isListing = process.argv.includes('--list');
const isRunner = process.env.TEST_WORKER_INDEX === undefined && process.env[RUN_DIR] === undefined;
if (isRunner) {
  const contract = await loadContract(settings.contract, settings.contractVersion).catch((error: unknown) =>
    error instanceof ContractError ? exit(error.message) : Promise.reject(error),
  );
  const made = await casesOf(contract, settings.caseModules).catch((error: unknown) =>
    error instanceof UnusableCases ? exit(error.message) : Promise.reject(error),
  );
  const cases = new Set(made.map(({ id }) => id));
  const idle = settings.deviations
    .filter(({ requirement = '', case: test = '' }) => !contract.requirements.has(requirement) && !cases.has(test))
    .map(({ requirement, case: test }) => requirement ?? test);
  if (idle.length > 0) exit(`The accepted deviations name what does not exist: ${idle.join(', ')}`);
  const unknown = unknownWords(contract, settings.profile);
  if (unknown.length > 0) exit(`The profile of the target names what the contract does not: ${unknown.join(', ')}`);
  const runDirectory = mkdtempSync(join(tmpdir(), 'conformance-'));
  process.env[RUN_DIR] = runDirectory;
  process.env[RUN_UNTIL] = String(Date.now() + settings.runTimeoutMs);
  process.once('SIGINT', () => new Journal(runDirectory).interrupt());
  // A run that is told to end tells what it knows and clears away, as after Ctrl-C.
  process.once('SIGTERM', () => process.kill(process.pid, 'SIGINT'));
  // The blob reporter writes next to this file otherwise.
  process.env.PLAYWRIGHT_BLOB_OUTPUT_DIR ??= output('blob-report');
  // The adapter adds to what it finds; old results would count as retries of new ones.
  if (!isListing) rmSync(output('allure-results'), { recursive: true, force: true });
}

export default defineConfig({
  testDir: 'tests',
  testMatch: '*.spec.ts',
  outputDir: output('test-results'),
  metadata: isRunner ? metadataOf(settings) : {},
  globalSetup: './tests/global-setup.ts',
  // One conversation with the target: requests overlap inside the worker, and what it creates is shared.
  workers: 1,
  retries: 0,
  // The worker ends the conversation itself when its time is over; this is for a worker that cannot.
  timeout: 0,
  globalTimeout: settings.runTimeoutMs + 3 * (settings.timeoutMs + settings.settleMs) + 120_000,
  forbidOnly: process.env.CI !== undefined,
  reporter: isListing
    ? 'list'
    : [
        ['./reporters/outcome.ts'],
        ['./reporters/conformance.ts', { outputDir: settings.outputDir, evidenceKeyFile: settings.evidenceKeyFile }],
        ['html', { open: 'never', noSnippets: true, outputFolder: output('playwright-report') }],
        ['./reporters/allure-adapter.ts', isRunner ? allureOptions(factsOf(settings), output('allure-results')) : {}],
      ],
});

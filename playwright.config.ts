import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { settingsOrExit } from './harness/run/environment.ts';
import { RUN_DIR } from './harness/run/processes.ts';
import { allureOptions } from './reporters/allure.ts';
import { factsOf, metadataOf } from './reporters/facts.ts';
import { prepareRun } from './tests/prepare-run.ts';

const settings = settingsOrExit();
/** Paths below are relative to this file, which is not where the run was started. */
const output = (name: string) => resolve(settings.outputDir, name);

/** `--list` only reads: the reports of the last run stay in place. */
const isListing = process.argv.includes('--list');
const isRunner = process.env.TEST_WORKER_INDEX === undefined && process.env[RUN_DIR] === undefined;
if (isRunner) await prepareRun(settings, { keepResults: isListing });

export default defineConfig({
  testDir: 'tests',
  testMatch: '*.spec.ts',
  outputDir: output('test-results'),
  metadata: isRunner ? metadataOf(settings) : {},
  globalSetup: './tests/global-setup.ts',
  // One worker: requests overlap inside it, and what it creates at the target is shared.
  workers: 1,
  retries: 0,
  // The worker ends its requests itself when RUN_TIMEOUT is over; globalTimeout is for a worker that hangs.
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

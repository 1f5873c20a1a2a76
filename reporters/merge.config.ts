import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { settingsOrExit } from '../harness/run/environment.ts';

const { outputDir, evidenceKeyFile } = settingsOrExit(false);

/**
 * `playwright merge-reports -c reporters/merge.config.ts blob-report`: the shards of a run as one. Allure is not among
 * the reporters: its adapter cannot merge, and takes the results folders of all shards as they are.
 */
export default defineConfig({
  testDir: '../tests',
  reporter: [
    ['./outcome.ts'],
    ['./conformance.ts', { outputDir, evidenceKeyFile }],
    ['html', { open: 'never', noSnippets: true, outputFolder: resolve(outputDir, 'playwright-report') }],
  ],
});

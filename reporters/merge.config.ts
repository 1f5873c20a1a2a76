import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { settingsOrExit } from '../harness/run/environment.ts';

const { outputDir, evidenceKeyFile } = settingsOrExit(false);

/**
 * `playwright merge-reports -c reporters/merge.config.ts blob-report`: merges the shards of a run. Allure is not among the
 * reporters because its adapter cannot merge: `npm run report:allure` takes the results folders of all shards instead.
 */
export default defineConfig({
  testDir: '../tests',
  reporter: [
    ['./outcome.ts'],
    ['./conformance.ts', { outputDir, evidenceKeyFile }],
    ['html', { open: 'never', noSnippets: true, outputFolder: resolve(outputDir, 'playwright-report') }],
  ],
});

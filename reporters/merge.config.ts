import { defineConfig } from '@playwright/test';
import { settingsOrExit } from '../harness/run/environment.ts';

/**
 * `playwright merge-reports -c reporters/merge.config.ts blob-report`: the shards of a run as one. Allure is not among
 * the reporters: its adapter cannot merge, and takes the results folders of all shards as they are.
 */
export default defineConfig({
  testDir: '../tests',
  reporter: [
    ['./outcome.ts'],
    ['./conformance.ts', { evidenceKeyFile: settingsOrExit(false).evidenceKeyFile }],
    ['html', { open: 'never', noSnippets: true, outputFolder: '../playwright-report' }],
  ],
});

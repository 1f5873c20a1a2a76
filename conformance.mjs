// @ts-check
import { createRequire } from 'node:module';
import { resolve, sep } from 'node:path';
import { isTranslating, launch } from './bin/launch.mjs';

/**
 * `npm run conformance`: the command line of the runner, with three additions.
 * - `--watch` repeats failed cases whenever the target restarts: see harness/run/watch.ts.
 * - Any other `--reporter` sees failed tests as well: see harness/run/outcome.ts.
 * - Errors of the command line are printed without a stack, and end with exit code 2.
 */

const OUTCOMES = resolve(import.meta.dirname, 'reporters/outcome.ts');
const words = process.argv.slice(2);

if (words.includes('--watch'))
  launch([resolve(import.meta.dirname, 'harness/run/watch.ts'), ...words.filter((word) => word !== '--watch')]);
else if (import.meta.dirname.split(sep).includes('node_modules') && !isTranslating())
  launch([import.meta.filename, ...words]);
else {
  // Failures reach the other reporters through this one, so it must be the first.
  const at = words.findIndex((word) => word === '--reporter' || word.startsWith('--reporter='));
  if (words[at] === '--reporter' && words[at + 1] !== undefined) words[at + 1] = `${OUTCOMES},${words[at + 1]}`;
  else if (at >= 0) words[at] = `--reporter=${OUTCOMES},${words[at]?.slice('--reporter='.length)}`;
  if (words.some((word) => word.startsWith('--ui'))) process.env.PW_TEST_REPORTER ??= OUTCOMES;
  // The runner looks for its configuration in the current folder.
  const config = resolve(import.meta.dirname, 'playwright.config.ts');
  const isConfigured = words.some((word) => /^(-c|--config)(=|$)/.test(word));
  process.argv.splice(2, Number.POSITIVE_INFINITY, 'test', ...(isConfigured ? [] : ['--config', config]), ...words);

  // The runner prints such errors with their stack, and ends with 1 as for a failed test.
  const print = console.error;
  console.error = (first, ...rest) => print(first instanceof Error ? first.message : first, ...rest);
  process.once('exit', (code) => {
    if (code === 1 && process.env.CONFORMANCE_BEGUN === undefined) process.exitCode = 2;
  });
  createRequire(import.meta.url)('@playwright/test/cli');
}

// @ts-check
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/**
 * `npm run conformance`: the command line of the runner, with three additions.
 * - `--watch` repeats what failed whenever the target restarts: see harness/run/watch.ts.
 * - Another `--reporter` than ours hears of red tests as well: see harness/verdicts/outcome.ts.
 * - What the runner refuses is said without a stack and ends with exit code 2.
 */

const OUTCOMES = resolve(import.meta.dirname, 'reporters/outcome.ts');
const words = process.argv.slice(2);

if (words.includes('--watch')) {
  const rest = words.filter((word) => word !== '--watch');
  const watch = resolve(import.meta.dirname, 'harness/run/watch.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', watch, ...rest], { stdio: 'inherit' });
  // Ctrl-C reaches both; the child clears away, and says how it ended.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  // Workers tell a failure to the first reporter, so that it must come first.
  const at = words.findIndex((word) => word === '--reporter' || word.startsWith('--reporter='));
  if (words[at] === '--reporter' && words[at + 1] !== undefined) words[at + 1] = `${OUTCOMES},${words[at + 1]}`;
  else if (at >= 0) words[at] = `--reporter=${OUTCOMES},${words[at]?.slice('--reporter='.length)}`;
  if (words.some((word) => word.startsWith('--ui'))) process.env.PW_TEST_REPORTER ??= OUTCOMES;
  process.argv.splice(2, Number.POSITIVE_INFINITY, 'test', ...words);

  // The runner prints what it refuses as an error with its stack, and ends with 1 as for a red test.
  const print = console.error;
  console.error = (first, ...rest) => print(first instanceof Error ? first.message : first, ...rest);
  process.once('exit', (code) => {
    if (code === 1 && process.env.CONFORMANCE_BEGUN === undefined) process.exitCode = 2;
  });
  createRequire(import.meta.url)('@playwright/test/cli');
}

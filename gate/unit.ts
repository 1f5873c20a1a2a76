import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { testFiles } from './apart.ts';

/**
 * `npm run unit`: runs all tests, in one process if they can share it, else in a process for each file. Prints the number
 * of passed and failed tests at the end.
 */

/** One more process than processors: most tests with their own process wait more than they compute. */
const AT_A_TIME = availableParallelism() + 1;

const files = [fileURLToPath(new URL('./all-together.ts', import.meta.url)), ...testFiles().apart];
const child = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', `--test-concurrency=${AT_A_TIME}`, '--test-reporter=spec', ...files],
  { stdio: ['inherit', 'pipe', 'inherit'] },
);
let output = '';
child.stdout.setEncoding('utf8').on('data', (text: string) => {
  process.stdout.write(text);
  output += text;
});
child.on('close', (code) => {
  const count = (word: string) => Number(new RegExp(`^\\S+ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  process.stdout.write(`${count('pass')} passed, ${count('fail') + count('cancelled')} failed\n`);
  process.exitCode = code ?? 1;
});

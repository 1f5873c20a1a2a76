import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { testFiles } from './apart.ts';

/**
 * `npm run unit`. Runs all tests but the proof: one process for those that need none of their own, and one for each of the
 * others, which wait more than they work. Ends with a line that counts.
 */

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

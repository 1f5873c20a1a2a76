import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { settingsOrExit } from './environment.ts';
import { restarted } from './restarts.ts';

/**
 * `npm run conformance -- --watch`: runs the cases, and whenever the target has restarted those that failed; once these
 * are green, all of them. Whatever else is on the command line holds for each run.
 */

const LAUNCHER = fileURLToPath(new URL('../../conformance.mjs', import.meta.url));
const RED = 1;
const INTERRUPTED = 130;

const words = process.argv.slice(2);
const { baseUrl } = settingsOrExit();
const keys = process.stdin.isTTY ? createInterface({ input: process.stdin }) : undefined;
let isRunning = false;
let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    isEnding = true;
    // A run that is under way clears away first.
    if (!isRunning) process.exit(INTERRUPTED);
  });

let isRed = false;
for (;;) {
  const stop = new AbortController();
  // A restart in the middle of a run is a reason to run again, too.
  const back = baseUrl === undefined ? undefined : restarted(new URL(baseUrl), stop.signal);
  let code = await run(isRed ? ['--last-failed', ...words] : words);
  if (isRed && code !== RED && !isEnding) code = await run(words);
  if (isEnding || code === INTERRUPTED) process.exit(INTERRUPTED);
  isRed = code === RED;
  if (back === undefined && keys === undefined) process.exit(code);
  const wanted = await reason(back, stop.signal);
  stop.abort();
  if (wanted === 'q') process.exit(code);
  if (wanted === 'a') isRed = false;
}

async function run(these: readonly string[]): Promise<number> {
  isRunning = true;
  const child = spawn(process.execPath, [LAUNCHER, ...these], { stdio: ['ignore', 'inherit', 'inherit'] });
  const end = () => child.kill('SIGTERM');
  process.once('SIGTERM', end);
  const [code] = await once(child, 'exit');
  process.off('SIGTERM', end);
  isRunning = false;
  return typeof code === 'number' ? code : INTERRUPTED;
}

/** Waits until there is a reason to run again; a key says which, and nothing else does. */
async function reason(back: Promise<void> | undefined, signal: AbortSignal): Promise<string> {
  const what = isRed ? 'what failed' : 'everything';
  const when = back === undefined ? '' : `, once ${baseUrl} has restarted`;
  const hint = keys === undefined ? '' : ' (Enter: now; a: everything now; q: end)';
  process.stdout.write(`\nwatching: runs ${what}${when}${hint}\n`);
  const reasons = [
    ...(back === undefined ? [] : [back.then(() => '')]),
    ...(keys === undefined ? [] : [once(keys, 'line', { signal }).then(([line]) => String(line).trim())]),
  ];
  for (const one of reasons) one.catch(() => undefined);
  return Promise.race(reasons);
}

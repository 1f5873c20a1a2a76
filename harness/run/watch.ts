import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { settingsOrExit } from './environment.ts';
import { restarted } from './restarts.ts';

/**
 * `npm run conformance -- --watch`: runs the cases, and after each restart of the target those that failed; once these
 * are green, all of them. The other arguments apply to every run.
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
    // A run in progress cleans up first.
    if (!isRunning) process.exit(INTERRUPTED);
  });

let isRed = false;
for (;;) {
  const stop = new AbortController();
  // Watches from here on, so that a restart during the run triggers another one.
  const back = baseUrl === undefined ? undefined : restarted(new URL(baseUrl), stop.signal);
  let code = await run(isRed ? ['--last-failed', ...words] : words);
  if (isRed && code !== RED && !isEnding) code = await run(words);
  if (isEnding || code === INTERRUPTED) process.exit(INTERRUPTED);
  isRed = code === RED;
  if (back === undefined && keys === undefined) process.exit(code);
  const key = await nextTrigger(back, stop.signal);
  stop.abort();
  if (key === 'q') process.exit(code);
  if (key === 'a') isRed = false;
}

async function run(args: readonly string[]): Promise<number> {
  isRunning = true;
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const end = () => child.kill('SIGTERM');
  process.once('SIGTERM', end);
  const [code] = await once(child, 'exit');
  process.off('SIGTERM', end);
  isRunning = false;
  return typeof code === 'number' ? code : INTERRUPTED;
}

/** Waits for a restart (returns an empty text) or for a line of input (returns it). */
async function nextTrigger(back: Promise<void> | undefined, signal: AbortSignal): Promise<string> {
  const what = isRed ? 'the failed cases' : 'all cases';
  const when = back === undefined ? '' : ` when ${baseUrl} restarts`;
  const hint = keys === undefined ? '' : ' (Enter: now; a: all cases now; q: quit)';
  process.stdout.write(`\nwatching: runs ${what}${when}${hint}\n`);
  const triggers = [
    ...(back === undefined ? [] : [back.then(() => '')]),
    ...(keys === undefined ? [] : [once(keys, 'line', { signal }).then(([line]) => String(line).trim())]),
  ];
  for (const one of triggers) one.catch(() => undefined);
  return Promise.race(triggers);
}

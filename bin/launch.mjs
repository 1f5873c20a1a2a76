import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** Where this package lies. */
export const ROOT = resolve(import.meta.dirname, '..');

/** Neither Node nor the runner translates TypeScript below node_modules; this does. */
const TRANSLATOR = import.meta.resolve('tsx');

/** Is TypeScript translated in this process, wherever it lies? */
export const isTranslating = () => process.execArgv.includes(TRANSLATOR);

/**
 * Runs a program of this package in a process of its own, and ends as it does.
 *
 * @param {readonly string[]} command path of the program, and its words
 */
export function launch(command) {
  const child = spawn(process.execPath, ['--import', TRANSLATOR, ...command], {
    stdio: 'inherit',
    // The settings of a compiler that lie where the run is started are not those of this package.
    env: { ...process.env, TSX_TSCONFIG_PATH: resolve(ROOT, 'tsconfig.json') },
  });
  // Ctrl-C reaches both; the child clears away, and says how it ended.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}

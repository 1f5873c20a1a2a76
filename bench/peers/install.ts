import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { command } from './command.ts';
import type { Peer } from './peer.ts';

/** Outside the repository, so that neither `npm ci` nor `npm test` is affected. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'account-groups-peers');

/**
 * The folder in which a peer is installed; installs it on first use.
 *
 * @throws {Error} with the first error message of the package manager
 */
export async function install({ packages, registry }: Peer): Promise<string> {
  const home = join(CACHE, packages.join('+').replaceAll(/[^\w.+-]+/g, '_'));
  const done = join(home, 'installed');
  if (packages.length === 0 || existsSync(done)) return home;
  mkdirSync(home, { recursive: true });
  if (registry === 'npm') {
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
    await must('npm', ['install', '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], home);
  } else {
    await must('python3', ['-m', 'venv', '.'], home);
    await must(join(home, 'bin', 'pip'), ['install', '--quiet', ...packages], home);
  }
  writeFileSync(done, '');
  return home;
}

async function must(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { exitCode, output } = await command(program, args, { cwd });
  if (exitCode === 0) return;
  throw new Error(output.split('\n').find((line) => /error/i.test(line)) ?? `${program} ended with ${exitCode}`);
}

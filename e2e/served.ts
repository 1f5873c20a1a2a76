import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServedElsewhere {
  /** The settings for a run against the target, as it prints them. */
  readonly settings: Readonly<Record<string, string>>;
  /** The lines that it printed before the settings. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** Serves a target in another process, for tests that block while they wait for programs. */
export async function servedBy(command: string, words: readonly string[], cwd: string): Promise<ServedElsewhere> {
  const child = spawn(command, words, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('BASE_URL=')) {
      const settings = Object.fromEntries(line.split(' ').map((word) => word.split(/=(.*)/s, 2)));
      const stop = async () => {
        child.kill();
        await once(child, 'close');
      };
      return { settings, lines, stop };
    }
    lines.push(line);
  }
  return assert.fail(`the target ended without printing its URL: ${lines.join('\n')}`);
}

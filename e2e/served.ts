import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServedElsewhere {
  /** The settings of a run against it, as it prints them. */
  readonly settings: Readonly<Record<string, string>>;
  /** What it printed before them. */
  readonly told: readonly string[];
  stop(): Promise<void>;
}

/** Serves a target in a process of its own, for tests that wait for programs and answer nothing meanwhile. */
export async function servedBy(command: string, words: readonly string[], cwd: string): Promise<ServedElsewhere> {
  const child = spawn(command, words, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('BASE_URL=')) {
      const settings = Object.fromEntries(line.split(' ').map((word) => word.split(/=(.*)/s, 2)));
      const stop = async () => {
        child.kill();
        await once(child, 'close');
      };
      return { settings, told, stop };
    }
    told.push(line);
  }
  return assert.fail(`nothing is served: ${told.join('\n')}`);
}

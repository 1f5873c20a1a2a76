import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Left } from '../harness/run/footprint.ts';
import { LEFT_BEHIND } from '../harness/run/journal.ts';
import { isFootprint } from './report-file.ts';

/** The footprint in a chunk of a worker's output; `undefined` if it contains something else. */
export function footprintIn(output: string): Left | undefined {
  if (!output.startsWith(LEFT_BEHIND)) return undefined;
  return footprintOf(output.slice(LEFT_BEHIND.length));
}

/** The footprints that the workers on this machine recorded in the run directory. */
export function footprintsOf(directory: string | undefined): Left[] {
  if (directory === undefined || !existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /^footprint-.*\.json$/.test(name))
    .flatMap((name) => footprintOf(readFileSync(join(directory, name), 'utf8')) ?? []);
}

/**
 * The sum of several footprints. A resource in more than one of them counts once, and as left behind if any part left it
 * behind.
 */
export function sum(parts: readonly Left[]): Left {
  return {
    prerequisites: [
      ...new Map(parts.flatMap(({ prerequisites }) => prerequisites.map((one) => [one.id, one] as const))).values(),
    ],
    groups: once(
      parts.flatMap(({ groups }) => groups),
      'open',
    ),
    webhooks: once(
      parts.flatMap(({ webhooks }) => webhooks),
      'registered',
    ),
  };
}

function once<S extends string>(resources: ReadonlyArray<{ id: string; state: S }>, left: S) {
  const states = new Map<string, S>();
  for (const { id, state } of resources) if (states.get(id) !== left) states.set(id, state);
  return [...states].map(([id, state]) => ({ id, state }));
}

function footprintOf(text: string): Left | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFootprint(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

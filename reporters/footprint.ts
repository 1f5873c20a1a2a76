import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Left } from '../harness/run/footprint.ts';
import { isFootprint } from './report-file.ts';

/** How a worker tells at its end what it has left behind: in a line on its output, which also travels through blob reports. */
const LINE = 'left behind by a worker: ';

/** The footprint in a piece of a worker's output; `undefined` where it is something else. */
export function footprintIn(output: string): Left | undefined {
  if (!output.startsWith(LINE)) return undefined;
  return footprintOf(output.slice(LINE.length));
}

/** The footprints that the workers of this machine have noted down. */
export function footprintsOf(directory: string | undefined): Left[] {
  if (directory === undefined || !existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /^footprint-.*\.json$/.test(name))
    .flatMap((name) => footprintOf(readFileSync(join(directory, name), 'utf8')) ?? []);
}

/** All of them as one; what several have told of counts once, and as left where one has left it. */
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

function once<S extends string>(things: ReadonlyArray<{ id: string; state: S }>, left: S) {
  const states = new Map<string, S>();
  for (const { id, state } of things) if (states.get(id) !== left) states.set(id, state);
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

import { existsSync, readFileSync } from 'node:fs';
import { isObject, type JsonObject } from '../../harness/contract/document.ts';
import type { ServedTarget } from './target.ts';

/** Another tool for the same job, set up as its user would. */
export interface Peer {
  readonly name: string;
  /** Exact versions, in the words of the registry's client; the first one is the tool. Empty for ourselves. */
  readonly packages: readonly string[];
  readonly registry: 'npm' | 'PyPI';
  /** Paths of the files that a user of the tool has to write for this API. */
  readonly config: readonly string[];
  /** Runs the tool once; `home` is the folder that it is installed in. */
  run(target: ServedTarget, home: string): Promise<Outcome>;
}

/** What one run of a tool says. */
export interface Outcome {
  readonly exitCode: number;
  /** Failing checks, each by a name that is the same from run to run. */
  readonly findings: ReadonlySet<string>;
}

/** Calls back for every object in a JSON value, outermost first. */
export function eachObject(node: unknown, visit: (object: JsonObject) => void): void {
  if (isObject(node)) visit(node);
  if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) eachObject(child, visit);
}

/** The lines of a report, parsed; none if the tool has left no report. */
export function readReport(path: string): unknown[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').trim();
  return (path.endsWith('.ndjson') ? text.split('\n') : [text]).map((line) => JSON.parse(line));
}

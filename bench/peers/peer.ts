import { existsSync, readFileSync } from 'node:fs';
import { isObject, type JsonObject } from '../../harness/contract/document.ts';
import type { ServedTarget } from './target.ts';

/** Another tool for the same purpose, set up as its user would. */
export interface Peer {
  readonly name: string;
  /** Packages with exact versions, the tool first; empty for this suite. */
  readonly packages: readonly string[];
  readonly registry: 'npm' | 'PyPI';
  /** Paths of the files that a user of the tool must write for this API. */
  readonly config: readonly string[];
  /** Runs the tool once; `home`: the folder in which it is installed. */
  run(target: ServedTarget, home: string): Promise<Outcome>;
}

/** The result of one run of a tool. */
export interface Outcome {
  readonly exitCode: number;
  /** Failed checks, each with a name that is stable across runs. */
  readonly findings: ReadonlySet<string>;
}

/** Visits every object in a JSON value, outermost first. */
export function eachObject(node: unknown, visit: (object: JsonObject) => void): void {
  if (isObject(node)) visit(node);
  if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) eachObject(child, visit);
}

/** The parsed lines of a report; empty if the tool wrote no report. */
export function readReport(path: string): unknown[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').trim();
  return (path.endsWith('.ndjson') ? text.split('\n') : [text]).map((line) => JSON.parse(line));
}

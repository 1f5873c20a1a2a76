import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { hashOf } from '../harness/contract/versions.ts';
import { portable } from '../harness/package.ts';
import type { Settings } from '../harness/run/settings.ts';
import type { Deviation } from '../harness/verdicts/deviations.ts';
import type { Profile } from '../harness/verdicts/profile.ts';
import { type Suite, suiteOf } from './provenance.ts';
import { isFacts } from './report-file.ts';
import { joinedSettings, type ShownSettings, sharedSettings } from './shown-settings.ts';

/** The facts on which all parts of a run must agree, as plain data without secrets. */
export interface RunFacts {
  /** Id of the run, or of this part of it. */
  readonly run: string;
  readonly target: string;
  readonly settings: ShownSettings;
  readonly options: {
    readonly writes: boolean;
    readonly strict: boolean;
    readonly tolerateAdditive: boolean;
    readonly deviations: readonly Deviation[];
    readonly profile: Profile;
  };
  /** The file that declares the target, and its SHA-256. */
  readonly targetFile?: { readonly path: string; readonly sha256: string };
  /** SHA-256 of the contract at its version. */
  readonly contract: string;
  readonly suite: Suite;
  readonly node: string;
  /** Who is responsible for the run. */
  readonly operator?: string;
}

const KEY = 'conformance ';

/** The facts of a new run with these settings. */
export function factsOf(settings: Settings): RunFacts {
  const { writes, strict, tolerateAdditive, deviations, profile, targetFile } = settings;
  return {
    run: randomUUID(),
    target: settings.baseUrl ?? 'the embedded reference',
    settings: settings.shown,
    options: { writes, strict, tolerateAdditive, deviations, profile },
    ...(targetFile && { targetFile: { ...targetFile, path: portable(targetFile.path) } }),
    contract: hashOf(settings.contract, settings.contractVersion),
    suite: suiteOf(),
    node: process.version,
    ...(settings.operator !== undefined && { operator: settings.operator }),
  };
}

/** The facts as metadata of a test run, under a key of their own, so that a merge keeps those of all shards. */
export function metadataOf(settings: Settings): Record<string, unknown> {
  const facts = factsOf(settings);
  return { [KEY + facts.run]: facts };
}

/** The facts in the metadata of a test run, one entry for each of its parts. */
export function factsIn(metadata: Readonly<Record<string, unknown>>): RunFacts[] {
  return Object.entries(metadata).flatMap(([key, value]) => (key.startsWith(KEY) && isFacts(value) ? [value] : []));
}

/** The facts of a run as a whole; `undefined` if it has no parts. */
export function joined(parts: readonly RunFacts[]): RunFacts | undefined {
  const [first] = parts;
  return first && { ...first, settings: joinedSettings(parts.map(({ settings }) => settings)) };
}

/** The disagreements between parts of one run, as problems of the run. */
export function disagreements(parts: readonly RunFacts[]): string[] {
  const [first, ...rest] = parts.map((part) => ({ ...part, settings: sharedSettings(part.settings) }));
  if (first === undefined) return [];
  return (['target', 'settings', 'options', 'targetFile', 'contract', 'suite'] as const)
    .filter((name) => rest.some((other) => !isDeepStrictEqual(other[name], first[name])))
    .map((name) => `the shards of this run differ in their ${name}; merge only shards of one run`);
}

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Deviation } from '../harness/deviations.ts';
import type { Settings } from '../harness/settings.ts';
import { type Suite, suiteOf } from './provenance.ts';
import { isFacts } from './report-file.ts';

/** What every part of a run must agree on. Plain data, without secrets. */
export interface RunFacts {
  readonly target: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly options: {
    readonly writes: boolean;
    readonly strict: boolean;
    readonly tolerateAdditive: boolean;
    readonly deviations: readonly Deviation[];
  };
  /** SHA-256 of the contract. */
  readonly contract: string;
  readonly suite: Suite;
  readonly node: string;
}

const KEY = 'conformance ';

/** The facts of a run with these settings. */
export function factsOf(settings: Settings): RunFacts {
  const { writes, strict, tolerateAdditive, deviations } = settings;
  return {
    target: settings.baseUrl ?? 'the embedded reference',
    settings: shownSettings(settings),
    options: { writes, strict, tolerateAdditive, deviations },
    contract: createHash('sha256').update(readFileSync(settings.contract)).digest('hex'),
    suite: suiteOf(),
    node: process.version,
  };
}

/** The facts as metadata of a test run. Each run has a key of its own, so that those of all shards survive a merge. */
export function metadataOf(settings: Settings): Record<string, unknown> {
  return { [KEY + randomUUID()]: factsOf(settings) };
}

/** The facts in the metadata of a test run: one for each part that it is made of. */
export function factsIn(metadata: Readonly<Record<string, unknown>>): RunFacts[] {
  return Object.entries(metadata).flatMap(([key, value]) => (key.startsWith(KEY) && isFacts(value) ? [value] : []));
}

/** In what parts of one run differ although they must not. */
export function disagreements(parts: readonly RunFacts[]): string[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  return (['target', 'settings', 'options', 'contract', 'suite'] as const)
    .filter((name) => rest.some((other) => !isDeepStrictEqual(other[name], first[name])))
    .map((name) => `the parts of this run differ in their ${name}`);
}

/** Every setting by its name. What is secret is not read here at all, but for whether it is set. */
function shownSettings(settings: Settings): Record<string, string | number> {
  const onOff = (value: boolean) => (value ? 'on' : 'off');
  const { signing } = settings;
  return {
    BASE_URL: settings.baseUrl ?? '(the embedded reference)',
    TOKEN_URL: settings.tokenUrl ?? (settings.baseUrl === undefined ? '(its own)' : `${settings.baseUrl}/auth/token`),
    CLIENT_ID: settings.clientId ?? '(its own)',
    CLIENT_SECRET: settings.clientSecret === undefined ? '(its own)' : '(set)',
    SIGNING: signing === undefined ? 'off' : signing === 'by-proxy' ? 'by proxy' : `key ${signing.keyId}`,
    WRITES: onOff(settings.writes),
    USER_ID: settings.userIds.join(', ') || '(created)',
    CONTRACT: portable(settings.contract),
    STRICT: onOff(settings.strict),
    TOLERATE: settings.tolerateAdditive ? 'additive' : 'off',
    SEED: settings.seed,
    RATE_LIMIT: settings.rateLimit ?? 'off',
    TIMEOUT: settings.timeoutMs / 1000,
    SETTLE_TIMEOUT: settings.settleMs / 1000,
  };
}

/** A path as others may see it: relative to where the run was started, or its last part only. */
export function portable(path: string): string {
  const inside = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return inside.startsWith('..') || isAbsolute(inside) ? (path.split(/[\\/]/).at(-1) ?? '') : inside;
}

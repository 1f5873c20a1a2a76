import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../harness/contract/index.ts';
import { SEED } from '../harness/contract/versions.ts';
import type { RequirementVerdict } from '../harness/verdicts/verdicts.ts';
import type { Proof, Report, suite as suiteShape } from './schema/report.ts';
import type { Of } from './schema/shape.ts';

const ROOT = join(import.meta.dirname, '..');

/** The suite that judged a run. */
export type Suite = Of<typeof suiteShape>;

/** Version of this suite and, in its own git work tree, the commit. */
export function suiteOf(root = ROOT): Suite {
  const version = String(member(readJson(join(root, 'package.json')), 'version') ?? 'unknown');
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    }).trim();
  try {
    // A copy of the suite in another repository has no commit of its own.
    git('ls-files', '--error-unmatch', 'package.json');
    return { version, commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain', '--', '.') !== '' };
  } catch {
    return { version };
  }
}

/** Folders whose change invalidates the proof. The contract has a hash of its own. */
const JUDGES = ['harness', 'tests'];

/** Whether a path is a unit test, or a module that only unit tests import. */
export const isUnitTest = (path: string) => /\.test\.ts$|(?:^|[\\/-])fixtures\.ts$/.test(path);
/** npm never packs the first; the second has the same content. */
const [LOCKFILE, SHRINKWRAP] = ['package-lock.json', 'npm-shrinkwrap.json'];

/**
 * SHA-256 of all code that judges, by path, independent of line endings. An installed package
 * has its lockfile under another name; without either, it counts as empty.
 */
export function suiteHash(root = ROOT): string {
  const hash = createHash('sha256');
  const files = JUDGES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !isUnitTest(name))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  for (const name of [...files, LOCKFILE].sort()) {
    const isPacked = name === LOCKFILE && !existsSync(join(root, name));
    const path = join(root, isPacked ? SHRINKWRAP : name);
    const text = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : '';
    hash.update(`${name} ${text.length}\n${text}`);
  }
  return hash.digest('hex');
}

/** The record of the proof of a version, relative to the suite. */
export const recordPath = (version: string) =>
  version === SEED ? 'proof/record.json' : `proof/records/${version}.json`;

/** The record that `npm run proof -- --update` writes. */
export interface ProofRecord {
  /** The version of the contract that was proven. */
  readonly version: string;
  /** SHA-256 of the code that judges, of the contract, and of the ids of all faults and variants. */
  readonly suite: string;
  readonly contract: string;
  readonly catalogue: string;
  /** The day on which the proof ran, as `2026-01-31`. */
  readonly date: string;
  /** The commit that was checked out. Informative only: a record is committed after it was made. */
  readonly commit?: string | undefined;
  readonly faults: number;
  readonly caught: number;
  readonly variants: number;
  readonly alarms: number;
  readonly requirements: number;
  readonly covered: number;
  /** How many of the faults break each set of requirements. */
  readonly broken: readonly { readonly requirements: readonly string[]; readonly faults: number }[];
}

const FIGURES = ['faults', 'caught', 'variants', 'alarms', 'requirements', 'covered'] as const;

/**
 * What the record of the last proof of a version says about a run; `undefined` if there is no valid record.
 *
 * @param judged ids of the requirements that the run judged
 * @param options.own how many of its cases are not part of the suite
 */
export function proofOf(
  { hash: contractHash, vendorVersion }: Pick<Contract, 'hash' | 'vendorVersion'>,
  judged: ReadonlySet<string>,
  { root = ROOT, path = join(root, recordPath(vendorVersion)), own = 0 } = {},
): Proof | undefined {
  const record = readJson(path);
  if (!isRecord(record)) return undefined;
  const { suite, contract, date, commit, faults, caught, variants, alarms, requirements, covered, broken } = record;
  const whole = faults > 0 && caught === faults && alarms === 0 && covered === requirements;
  const isJudged = (set: { readonly requirements: readonly string[] }) =>
    set.requirements.every((id) => judged.has(id));
  const noticeable = broken.filter(isJudged).reduce((sum, set) => sum + set.faults, 0);
  const named = new Set(broken.flatMap((set) => set.requirements));
  const shown = [...judged].filter((id) => named.has(id));
  const trouble =
    contract !== contractHash
      ? 'the proof belongs to another contract'
      : suite !== suiteHash(root)
        ? 'the suite has changed since the proof'
        : whole
          ? undefined
          : 'the proof is incomplete';
  return {
    version: vendorVersion,
    suite,
    contract,
    date,
    ...(commit !== undefined && { commit }),
    faults: noticeable,
    // If all faults were caught, so were those that this run could detect.
    caught: whole ? noticeable : Math.min(caught, noticeable),
    variants,
    alarms,
    requirements: judged.size,
    covered: shown.length,
    qualified: trouble === undefined,
    statement: `${trouble === undefined ? `qualified for this suite and ${vendorVersion === SEED ? '' : `version ${vendorVersion} of the `}contract` : `not qualified: ${trouble}`}${own > 0 ? `; it does not cover ${own} own ${own === 1 ? 'case' : 'cases'}` : ''}`,
  };
}

/** What is said of a run whose contract has no record of a proof. */
export function withoutProof({ settings }: Pick<Report, 'settings'>): string {
  const version = String(settings.CONTRACT_VERSION ?? SEED);
  return version === SEED ? 'none on record' : `none on record for version ${version}`;
}

/** Ids of the requirements that a run judged. */
export function judgedIn(verdicts: readonly RequirementVerdict[]): ReadonlySet<string> {
  return new Set(verdicts.filter(({ observed }) => observed !== 'not-shown').map(({ requirement }) => requirement.id));
}

function isRecord(value: unknown): value is ProofRecord {
  const isCount = (name: string) => Number.isInteger(member(value, name)) && Number(member(value, name)) >= 0;
  const isText = (name: string) => typeof member(value, name) === 'string';
  const sets = member(value, 'broken');
  const isSet = (set: unknown) => {
    const requirements = member(set, 'requirements');
    return (
      Array.isArray(requirements) &&
      requirements.every((id) => typeof id === 'string') &&
      Number.isInteger(member(set, 'faults'))
    );
  };
  return (
    FIGURES.every(isCount) &&
    ['suite', 'contract', 'date'].every(isText) &&
    ['string', 'undefined'].includes(typeof member(value, 'commit')) &&
    Array.isArray(sets) &&
    sets.every(isSet)
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

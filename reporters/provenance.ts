import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequirementVerdict } from '../harness/verdicts/verdicts.ts';
import type { Proof, suite as suiteShape } from './schema/report.ts';
import type { Of } from './schema/shape.ts';

const ROOT = join(import.meta.dirname, '..');

/** Which suite has judged. */
export type Suite = Of<typeof suiteShape>;

/** Version and, in a git work tree, commit of this suite. */
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
    // A copy of the suite that lies in somebody else's repository has no commit of its own.
    git('ls-files', '--error-unmatch', 'package.json');
    return { version, commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain', '--', '.') !== '' };
  } catch {
    return { version };
  }
}

/** What judges: whoever changes one of these has to show again that the checks can fail. The contract has a hash of its own. */
const JUDGES = ['harness', 'tests'];

/** True of the path of a unit test, or of what only unit tests import. */
export const isUnitTest = (path: string) => /\.test\.ts$|(?:^|[\\/-])fixtures\.ts$/.test(path);
const LOCKFILE = 'package-lock.json';

/**
 * SHA-256 of everything that judges, by path; the same whichever way lines end. A lockfile that is not there counts as
 * an empty one.
 */
export function suiteHash(root = ROOT): string {
  const hash = createHash('sha256');
  const files = JUDGES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !isUnitTest(name))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  for (const name of [...files, LOCKFILE].sort()) {
    const path = join(root, name);
    const text = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : '';
    hash.update(`${name} ${text.length}\n${text}`);
  }
  return hash.digest('hex');
}

/** What `npm run proof -- --update` writes down. */
export interface ProofRecord {
  /** SHA-256 of what judges, of the contract, and of the ids of all faults and variants. */
  readonly suite: string;
  readonly contract: string;
  readonly catalogue: string;
  /** The day on which it was made, as `2026-01-31`. */
  readonly date: string;
  /** What was checked out then; informative only, as a record is committed after it was made. */
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

/** The record of the last proof; `undefined` where there is none that can be read. `judged`: ids of the requirements that the run has judged. */
export function proofOf(
  contractHash: string,
  judged: ReadonlySet<string>,
  { root = ROOT, path = join(root, 'proof/record.json') } = {},
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
      ? 'the proof was made with another contract'
      : suite !== suiteHash(root)
        ? 'the suite has changed since the proof'
        : whole
          ? undefined
          : 'the proof has gaps';
  return {
    suite,
    contract,
    date,
    ...(commit !== undefined && { commit }),
    faults: noticeable,
    // Where all were caught, those that this run could notice were.
    caught: whole ? noticeable : Math.min(caught, noticeable),
    variants,
    alarms,
    requirements: judged.size,
    covered: shown.length,
    qualified: trouble === undefined,
    statement: trouble === undefined ? 'qualified for this suite and contract' : `not qualified: ${trouble}`,
  };
}

/** Ids of the requirements that a run has judged. */
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

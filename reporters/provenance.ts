import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Which suite has judged. */
export interface Suite {
  readonly version: string;
  readonly commit?: string;
  readonly dirty?: boolean;
}

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

const FIGURES = ['faults', 'caught', 'liberties', 'alarms', 'requirements', 'covered'] as const;

/** What the last proof has shown, and whether it speaks of the contract that is used now. */
export type Proof = Readonly<Record<(typeof FIGURES)[number], number>> & {
  readonly contract: string;
  readonly qualified: boolean;
  readonly statement: string;
};

/** The record of the last proof; `undefined` where there is none that can be read. */
export function proofOf(contractHash: string, path = join(ROOT, 'selftest/proof.json')): Proof | undefined {
  const record = readJson(path);
  const contract = member(record, 'contract');
  const figure = (name: (typeof FIGURES)[number]) => {
    const value = member(record, name);
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
  };
  const [faults, caught, liberties, alarms, requirements, covered] = FIGURES.map(figure);
  if (typeof contract !== 'string' || faults === undefined || caught === undefined || liberties === undefined)
    return undefined;
  if (alarms === undefined || requirements === undefined || covered === undefined) return undefined;
  const figures = { faults, caught, liberties, alarms, requirements, covered };
  const whole = faults > 0 && caught === faults && alarms === 0 && covered === requirements;
  const same = contract === contractHash;
  return {
    contract,
    ...figures,
    qualified: whole && same,
    statement: !same
      ? 'not qualified: the proof was made with another contract'
      : whole
        ? 'qualified for this contract'
        : 'not qualified: the proof has gaps',
  };
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

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readContract } from '../harness/contract/index.ts';
import { OWN_DOCUMENT, PACKAGE_ROOT } from '../harness/package.ts';
import { type Mutation, mutated, mutationsOf } from './mutations.ts';

/**
 * `npm run mutate -- [--sample N] [--seed N] [--file WORD] [--except WORD]...`: applies small changes to the checks and
 * the cases, one at a time and in a copy, and lists those that neither the proof nor the unit tests notice.
 * Exit codes: 0, whatever the score; 1, the proof fails without a change; 2, unusable arguments.
 */

const PARTS = [
  'package.json',
  'bin',
  'package-lock.json',
  'tsconfig.json',
  'spec',
  'harness',
  'tests',
  'reference',
  'reporters',
  'proof',
  'e2e',
  'targets',
];
/** Folders with unit tests. */
const TESTED = ['harness', 'tests', 'proof', 'reporters'];
/** A mutant that runs this many times longer than the unchanged suite is taken to be in an endless loop, and noticed. */
const TIMEOUT_FACTOR = 4;
/** How many lines from a change to look for requirement ids, and how many ids to try first. */
const NEAR_LINES = 12;
const MOST_NAMED = 12;

interface Mutant extends Mutation {
  readonly file: string;
}

function filesToMutate(word: string): string[] {
  const checks = readdirSync(join(PACKAGE_ROOT, 'harness/checks')).map((name) => `harness/checks/${name}`);
  const cases = readdirSync(join(PACKAGE_ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.cases\.ts$|\b(?:closing|measured-list|refusals|items)\.ts$/.test(name))
    .map((name) => `tests/${name}`);
  return [...checks, ...cases]
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name.includes(word))
    .sort();
}

/** A seeded generator of numbers from 0 to below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sampleOf(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const next = random(seed);
  return mutants
    .map((mutant) => ({ mutant, at: next() }))
    .sort((left, right) => left.at - right.at)
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

/** The requirements that are named near a change or, if there are none, in its file. */
function namedNear(text: string, line: number, known: ReadonlySet<string>): string[] {
  const lines = text.split('\n');
  const named = (part: string) =>
    [...new Set([...part.matchAll(/'([a-z-]+\.[a-z0-9_.-]+)'/g)].map(([, id]) => id ?? ''))].filter((id) =>
      known.has(id),
    );
  const near = named(lines.slice(Math.max(0, line - NEAR_LINES), line + NEAR_LINES).join('\n'));
  return near.length > 0 ? near.slice(0, MOST_NAMED) : named(text).slice(0, MOST_NAMED);
}

/** The unit tests that import a file; for a file of cases, also those that import all cases. */
function testsOf(root: string, file: string): string[] {
  const imported = [basename(file), ...(file.startsWith('tests/') ? ['cases/index.ts'] : [])];
  return TESTED.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `${room}/${name}`),
  ).filter((name) => {
    const text = readFileSync(join(root, name), 'utf8');
    return imported.some((one) => text.includes(`/${one}'`));
  });
}

let running: ChildProcess | undefined;
let timeoutMs = 3_600_000;

/** Whether a command exits with 0 in time. */
function passes(root: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: root, stdio: 'ignore' });
    running = child;
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

/** What noticed a change; `undefined` if nothing did. */
async function killerOf(
  root: string,
  proof: readonly string[],
  tests: readonly string[],
  named: readonly string[],
): Promise<string | undefined> {
  const narrow = named.flatMap((id) => ['--breaking', id]);
  if (narrow.length > 0 && !(await passes(root, [...proof, '--most', '120', ...narrow]))) return 'proof';
  if (tests.length > 0 && !(await passes(root, ['--test', ...tests]))) return 'unit tests';
  return (await passes(root, [...proof, '--most', '150'])) ? undefined : 'proof';
}

async function main({ sample, seed, file: word, except }: ReturnType<typeof readArguments>): Promise<number> {
  const contract = await readContract(OWN_DOCUMENT);
  const known = new Set(contract.requirements.keys());
  const root = mkdtempSync(join(tmpdir(), 'mutants-'));
  process.once('exit', () => {
    running?.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  for (const part of PARTS) cpSync(join(PACKAGE_ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');

  const print = (text: string) => void process.stdout.write(`${text}\n`);
  const proof = ['proof/prove.ts', '--fail-fast', ...except.flatMap((one) => ['--except', one])];
  const startedAt = performance.now();
  if (!(await passes(root, [...proof, '--most', '150']))) {
    print('the proof fails without a change: run npm run proof to see why');
    return 1;
  }
  timeoutMs = TIMEOUT_FACTOR * (performance.now() - startedAt);
  const all = filesToMutate(word).flatMap((file) =>
    mutationsOf(readFileSync(join(PACKAGE_ROOT, file), 'utf8')).map((mutation): Mutant => ({ ...mutation, file })),
  );
  const chosen = sample === undefined ? all : sampleOf(all, sample, seed);
  const sound = new Set<string>();
  for (const test of new Set(chosen.flatMap(({ file }) => testsOf(root, file))))
    if (await passes(root, ['--test', test])) sound.add(test);
    else print(`${test} fails without a change, and is left out`);
  const survivors: Mutant[] = [];
  for (const [index, mutant] of chosen.entries()) {
    const path = join(root, mutant.file);
    const text = readFileSync(join(PACKAGE_ROOT, mutant.file), 'utf8');
    writeFileSync(path, mutated(text, mutant));
    const tests = testsOf(root, mutant.file).filter((test) => sound.has(test));
    const killer = await killerOf(root, proof, tests, namedNear(text, mutant.line, known));
    writeFileSync(path, text);
    const change = `${mutant.file}:${mutant.line} ${JSON.stringify(mutant.from.trim().slice(0, 60))} -> ${JSON.stringify(mutant.to.trim())}`;
    print(`${String(index + 1).padStart(4)}/${chosen.length} ${(killer ?? 'SURVIVED').padEnd(10)} ${change}`);
    if (killer === undefined) {
      survivors.push(mutant);
      print(`     ${text.split('\n')[mutant.line - 1]?.trim()}`);
    }
  }
  const score = chosen.length === 0 ? 100 : (100 * (chosen.length - survivors.length)) / chosen.length;
  print(
    `${chosen.length - survivors.length} of ${chosen.length} mutants noticed (${score.toFixed(0)} %), of ${all.length} in all; seed ${seed}`,
  );
  return 0;
}

function readArguments() {
  const text = { type: 'string' } as const;
  const options = { sample: text, seed: text, file: text, except: { type: 'string', multiple: true } } as const;
  const { sample, seed = '1', file = '', except = [] } = parseArgs({ options }).values;
  for (const value of [sample, seed])
    if (value !== undefined && !/^\d{1,9}$/.test(value))
      throw new TypeError(`--sample and --seed take a whole number, not ${JSON.stringify(value)}`);
  return { sample: sample === undefined ? undefined : Number(sample), seed: Number(seed), file, except };
}

try {
  process.exitCode = await main(readArguments());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

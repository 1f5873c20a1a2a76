import { execFileSync } from 'node:child_process';
import { type Contract, loadContract, readContract } from '../harness/contract/index.ts';
import { AREAS } from '../harness/contract/requirements.ts';
import { versionsOf } from '../harness/contract/versions.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { type RequirementVerdict, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { suiteHash } from '../reporters/provenance.ts';
import { allCases } from '../tests/cases/index.ts';
import { type Catalogue, catalogue, changedFaults, inTurn, sampled } from './catalogue.ts';
import type { Fault } from './faults/fault.ts';
import { IN_MEMORY } from './honest-run.ts';
import { useLightHttp } from './light-http.ts';
import { runInMemory } from './memory.ts';
import { covering, pairwise } from './pairs.ts';
import { Pool } from './pool.ts';
import { holds, type Trial } from './proof.ts';
import { type ProofOptions, readProofOptions } from './proof-options.ts';
import { catalogueHash, staleness, writeRecord } from './proof-record.ts';
import { type Trier, trierHere } from './trier.ts';
import type { Variant } from './variants/index.ts';

/**
 * `npm run proof -- [WORD...] [--version X.Y | --every-version] [--all] [--seeds N] [--verbose] [--update]`: proves that each fault breaks
 * exactly the requirements that it names, that some fault breaks every testable requirement, that conforming variants
 * break nothing, alone and in pairs, and that each fault and each variant makes a difference. Without `--all`, a sample is
 * tried, selected by the hash of the contract, so that the time does not grow with the catalogue. `--update` writes the record
 * that reports quote; it implies `--all`. `--every-version` proves one version of the contract after the other, each with
 * such a sample and with every fault that concerns what changed since the version before; `--update` writes their records.
 * Exit codes: 0, all of that holds, and the record belongs to this suite; 1, it does not; 2, unusable arguments.
 */

/** Variants in one set: enough for all pairs in few sets, and few enough to find the cause of an alarm. */
const AT_ONCE = 16;
/** Variants tried alone without `--all`; all of them are tried with others. */
const ALONE = 24;
/** This few trials are faster in this process than the start of others. */
const FEW = 8;

const print = (text: string) => void process.stdout.write(`${text}\n`);

async function honestVerdicts(contract: Contract): Promise<RequirementVerdict[]> {
  const cases = allCases(contract);
  const results = await runInMemory(contract, cases, undefined, {}, { signed: {} });
  return requirementVerdicts(contract, cases, results, IN_MEMORY);
}

/** The false alarms on combinations of variants, and those that make no difference alone, as sentences. */
async function alarmsOf(
  trier: Trier,
  tasks: readonly { readonly ids: readonly string[]; readonly seed: number; readonly alone: boolean }[],
): Promise<string[]> {
  const alarms = await Promise.all(
    tasks.map(async ({ ids, seed, alone }) => {
      const name = `${ids.join(' + ') || 'the honest reference'} with seed ${seed}`;
      const { seen, fired } = await trier.variants(ids, seed);
      return [
        ...seen.map((one) => `false alarm on ${name}: ${one}`),
        ...(alone && !fired && ids.length > 0 ? [`${name} makes no difference`] : []),
      ];
    }),
  );
  return alarms.flat();
}

function printTrials(contract: Contract, faults: readonly Fault[], trials: readonly Trial[], verbose: boolean): void {
  const areaOf = (id: string) => contract.requirements.get(id)?.area ?? 'responses';
  if (verbose) print(`${'fault'.padEnd(78)}${AREAS.map((area) => area.slice(0, 9).padStart(10)).join('')}`);
  for (const trial of trials) {
    if (!verbose && holds(trial)) continue;
    const counts = AREAS.map((area) => trial.broken.filter((id) => areaOf(id) === area).length);
    const shown = verbose ? counts.map((count) => (count === 0 ? '.' : String(count)).padStart(10)).join('') : '';
    print(`${holds(trial) ? '  ' : '! '}${trial.id.padEnd(76)}${shown}`);
    if (!holds(trial)) print(`    ${faults.find(({ id }) => id === trial.id)?.statement}`);
    for (const id of trial.missed) print(`    missed: ${id}`);
    for (const { requirement, seen } of trial.collateral)
      print(`    not named by the fault: ${requirement} (${seen.slice(0, 300)})`);
    for (const error of trial.errors) print(`    error in the suite: ${error}`);
    if (!trial.fired) print('    makes no difference: it changed no request, answer or delivery of this run');
  }
}

/** The number of faults by set of broken requirements, from which a report counts those that its run could detect. */
function brokenSets(faults: readonly Fault[]): { requirements: readonly string[]; faults: number }[] {
  const sets = new Map<string, number>();
  for (const { breaks } of faults) {
    const key = breaks.toSorted().join(' ');
    sets.set(key, (sets.get(key) ?? 0) + 1);
  }
  return [...sets].sort().map(([key, count]) => ({ requirements: key.split(' '), faults: count }));
}

function failed(what: string): number {
  print(`! ${what}`);
  return 1;
}

const commit = () => {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
};

/** The faults and variants to try. */
interface Selection {
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
}

/**
 * The selection by the arguments. Words match ids of faults and variants, and ids of the requirements that a fault must
 * break or, if there are none, of those of which it breaks one.
 */
async function select(contract: Contract, { faults, variants }: Catalogue, options: ProofOptions): Promise<Selection> {
  const { words, except, all, most, breaking } = options;
  const has = (id: string) => words.length === 0 || words.some((word) => id.includes(word));
  const isLeftOut = ({ id }: { readonly id: string }) => except.some((word) => id.includes(word));
  const naming = (some: readonly Fault[], matches: (id: string) => boolean) => {
    const exactly = some.filter(({ breaks }) => breaks.some(matches));
    return exactly.length > 0 ? exactly : some.filter(({ breaksOneOf = [] }) => breaksOneOf.some(matches));
  };
  const changed = options.everyVersion ? await changedSince(contract, { faults, variants }) : undefined;
  const known = (
    all || words.length + breaking.length > 0 ? faults : sampled(contract, faults, changed?.faults)
  ).filter((fault) => !isLeftOut(fault));
  const worded =
    words.length === 0 ? known : [...new Set([...known.filter(({ id }) => has(id)), ...naming(known, has)])];
  const chosen = breaking.length === 0 ? worded : naming(worded, (id) => breaking.includes(id));
  const taken = variants.filter(({ id }) => has(id)).filter((one) => !isLeftOut(one));
  const some = [...inTurn(contract, taken).slice(0, ALONE), ...(changed?.variants ?? [])];
  const alone = all || words.length > 0 ? taken : [...new Set(some)];
  return { faults: spread(chosen, most), variants: breaking.length > 0 ? [] : spread(alone, most) };
}

/** The faults and variants that concern what changed since the version before; none for the first version. */
async function changedSince(contract: Contract, { faults, variants }: Catalogue): Promise<Selection> {
  const versions = versionsOf(OWN_DOCUMENT);
  const before = versions[versions.indexOf(contract.vendorVersion) - 1];
  if (before === undefined) return { faults: [], variants: [] };
  const older = await readContract(OWN_DOCUMENT, before);
  const known = new Set(catalogue(older).variants.map(({ id }) => id));
  return {
    faults: changedFaults(older, contract, faults),
    variants: variants.filter(({ id }) => !known.has(id)),
  };
}

/** At most `most` items, evenly spread. */
function spread<T>(all: readonly T[], most = all.length): T[] {
  const step = Math.max(1, all.length / most);
  return all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

async function main(options: ProofOptions): Promise<number> {
  useLightHttp();
  if (!options.everyVersion) return prove(options);
  const startedAt = performance.now();
  let code = 0;
  for (const version of versionsOf(OWN_DOCUMENT)) code = Math.max(code, await prove({ ...options, version }));
  print(`every version: ${code === 0 ? 'holds' : 'does not hold'}; ${secondsSince(startedAt)} s`);
  return code;
}

const secondsSince = (startedAt: number) => ((performance.now() - startedAt) / 1000).toFixed(1);

/** Proves one version, and prints the outcome. Returns the exit code. */
async function prove(options: ProofOptions): Promise<number> {
  const { words, except, seeds, update, verbose, most, breaking, failFast, version } = options;
  const startedAt = performance.now();
  const narrowed = words.length + except.length + breaking.length > 0 || most !== undefined;
  const contract = await (narrowed ? readContract : loadContract)(OWN_DOCUMENT, version);
  const all = catalogue(contract);
  const { faults: known, variants } = all;
  const { faults, variants: taken } = await select(contract, all, options);
  if (faults.length + taken.length === 0)
    throw new TypeError(
      `nothing to prove: no id of a fault, a variant or a broken requirement contains ${words.join(' or ') || 'this'}; npm run reference -- --fault WORD lists faults`,
    );
  const isShort = faults.length + taken.length <= FEW;
  const trier = isShort ? trierHere(contract, allCases(contract), all) : new Pool(version);
  const honest = await honestVerdicts(contract);
  const names = new Set(known.flatMap(({ breaks }) => breaks));
  const falseAlarms = honest.filter(({ verdict }) => !['passed', 'untested'].includes(verdict));
  const testable = honest.filter(({ verdict, requirement }) => verdict !== 'untested' || names.has(requirement.id));
  const uncovered = testable.filter(({ requirement }) => !names.has(requirement.id));

  if (failFast && falseAlarms.length > 0)
    return failed(falseAlarms.map(({ requirement }) => requirement.id).join(', '));

  const everySeed = Array.from({ length: seeds }, (_, index) => index + 1);
  const alone = everySeed.flatMap((seed) => [
    ...(narrowed ? [] : [{ ids: [], seed, alone: true }]),
    ...taken.map(({ id }, index) => ({ ids: [id], seed: seeds === 1 ? 1 + (index % 5) : seed, alone: true })),
  ]);
  const sets = narrowed ? [] : pairwise(variants, AT_ONCE);
  const together = (options.all ? sets : covering(sets, (set) => set)).map((set, index) => ({
    ids: set.map(({ id }) => id),
    seed: 1 + (index % 50),
    alone: false,
  }));
  // What takes longest comes first, so that no process waits for the last one.
  const [alarms, trials] = await Promise.all([
    alarmsOf(trier, [...together, ...alone]),
    Promise.all(
      faults.map(async ({ id }) => {
        const trial = await trier.fault(id);
        // The worker processes end with this one.
        if (failFast && !holds(trial)) process.exit(failed(`${id}: ${[...trial.missed, ...trial.errors].join(', ')}`));
        return trial;
      }),
    ),
  ]);
  trier.close();

  printTrials(contract, faults, trials, verbose);
  for (const { requirement, verdict, reason, violations } of falseAlarms)
    print(`! false alarm on the honest reference: ${requirement.id} is ${verdict}: ${violations[0]?.seen ?? reason}`);
  for (const alarm of alarms) print(`! ${alarm}`);
  for (const { requirement } of uncovered) print(`! in no fault: ${requirement.id}`);

  const caught = trials.filter(holds).length;
  print(
    `${options.everyVersion ? `${version}: ` : ''}${caught} of ${trials.length} faults caught by exactly the requirements they name (${known.length} in the catalogue); ${testable.length - uncovered.length} of ${testable.length} testable requirements are broken by a fault; ${alarms.length} false alarms on ${taken.length} of ${variants.length} variants alone under ${seeds === 1 ? 'a seed' : `${seeds} seeds`}, and on all of them in ${together.length} of ${sets.length} sets of ${AT_ONCE}; ${secondsSince(startedAt)} s`,
  );
  const sound = caught === trials.length && alarms.length === 0 && falseAlarms.length === 0 && uncovered.length === 0;
  if (narrowed) return sound ? 0 : 1;
  const bound = {
    version,
    suite: suiteHash(),
    contract: contract.hash,
    catalogue: catalogueHash([...known, ...variants].map(({ id }) => id)),
  };
  if (sound && update) {
    const head = commit();
    writeRecord({
      ...bound,
      date: new Date().toISOString().slice(0, 10),
      ...(head !== undefined && { commit: head }),
      faults: trials.length,
      caught,
      variants: taken.length,
      alarms: 0,
      requirements: testable.length,
      covered: testable.length - uncovered.length,
      broken: brokenSets(faults),
    });
  }
  // A version that is proven with others need not have a record.
  const stale = options.everyVersion && !update ? undefined : staleness(bound);
  if (stale !== undefined) print(`! ${stale}; run npm run proof -- --update once the proof holds`);
  return sound && stale === undefined ? 0 : 1;
}

try {
  process.exitCode = await main(readProofOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

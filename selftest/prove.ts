import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadContract, readContract } from '../harness/contract/index.ts';
import { AREAS } from '../harness/contract/requirements.ts';
import { requirementVerdicts } from '../harness/verdicts.ts';
import { allCases } from '../tests/cases.ts';
import { allFaults, writtenFaults } from './faults/index.ts';
import { liberties } from './liberties.ts';
import { runInMemory } from './memory.ts';
import { tryFault, tryLiberty } from './proof.ts';
import { signatureFaults } from './signature-faults.ts';

/**
 * `npm run proof [-- WORD] [-- --update]`: shows that each fault breaks the requirements that it names and no others,
 * that every requirement that can be tested stands in some fault, and that liberties which the contract leaves to a
 * target break nothing. WORD narrows the faults by their ids.
 * Exit code 0 only where all of that holds. The record beside this file is what reports quote.
 */

const CONTRACT = 'spec/account-groups.openapi.yaml';
const RECORD = fileURLToPath(new URL('./proof.json', import.meta.url));

/** A {@link Trial} that has crossed a process boundary. */
interface Outcome {
  readonly id: string;
  readonly broken: readonly string[];
  readonly missed: readonly string[];
  readonly collateral: readonly { readonly requirement: string; readonly seen: string }[];
  readonly errors: readonly string[];
}

const holds = ({ missed, collateral, errors }: Outcome) => missed.length + collateral.length + errors.length === 0;

/** What one process has tried. */
interface Share {
  readonly outcomes: readonly Outcome[];
  /** What the suite minds, by id of the liberty. */
  readonly alarms: Readonly<Record<string, readonly string[]>>;
}

async function tryShare(share: number, shares: number, word: string): Promise<Share> {
  const contract = await readContract(CONTRACT);
  const cases = allCases(contract);
  const outcomes: Outcome[] = [];
  for (const fault of [...allFaults(contract), ...signatureFaults].filter(
    ({ id }, index) => index % shares === share && id.includes(word),
  )) {
    const { broken, missed, collateral, errors } = await tryFault(contract, cases, fault);
    outcomes.push({ id: fault.id, broken, missed, collateral, errors });
  }
  const alarms: Record<string, readonly string[]> = {};
  for (const liberty of liberties.filter(({ id }, index) => index % shares === share && id.includes(word)))
    alarms[liberty.id] = await tryLiberty(contract, cases, liberty);
  return { outcomes, alarms };
}

/** Tries everything, one share in each process. */
function tryAll(word: string): Promise<Share> {
  const shares = availableParallelism();
  const parts = Array.from({ length: shares }, (_, share) => {
    const child = fork(fileURLToPath(import.meta.url), [`--share=${share}/${shares}`, word]);
    return new Promise<Share>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Share));
      child.once('exit', (code) => reject(new Error(`a proving process ended with ${code}`)));
    });
  });
  return Promise.all(parts).then((all) => ({
    outcomes: all.flatMap(({ outcomes }) => outcomes),
    alarms: Object.assign({}, ...all.map(({ alarms }) => alarms)),
  }));
}

async function main(word: string, update: boolean): Promise<number> {
  const startedAt = performance.now();
  const contract = await loadContract(CONTRACT);
  const faults = [...allFaults(contract), ...signatureFaults];
  const honest = requirementVerdicts(
    contract,
    allCases(contract),
    await runInMemory(contract, allCases(contract), undefined, {}, { signed: {} }),
    {
      writes: true,
      strict: true,
      tolerateAdditive: false,
    },
  );
  const falseAlarms = honest.filter(({ verdict }) => !['passed', 'untested'].includes(verdict));
  const testable = honest.filter(
    ({ verdict, requirement }) =>
      verdict !== 'untested' || faults.some(({ breaks }) => breaks.includes(requirement.id)),
  );
  const uncovered = testable.filter(({ requirement }) => !faults.some(({ breaks }) => breaks.includes(requirement.id)));
  const { outcomes, alarms } = await tryAll(word);

  const areaOf = (id: string) => contract.requirements.get(id)?.area ?? 'responses';
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  print(`${'fault'.padEnd(58)}${AREAS.map((area) => area.slice(0, 9).padStart(10)).join('')}`);
  for (const fault of faults) {
    const outcome = outcomes.find(({ id }) => id === fault.id);
    if (outcome === undefined) continue;
    const counts = AREAS.map((area) => outcome.broken.filter((id) => areaOf(id) === area).length);
    print(
      `${holds(outcome) ? '  ' : '! '}${fault.id.padEnd(56)}${counts.map((count) => (count === 0 ? '.' : String(count)).padStart(10)).join('')}`,
    );
    for (const id of outcome.missed) print(`    missed: ${id}`);
    for (const { requirement, seen } of outcome.collateral)
      print(`    not named by the fault: ${requirement} (${seen})`);
    for (const error of outcome.errors) print(`    the suite broke: ${error}`);
  }
  for (const { requirement, verdict, reason, violations } of falseAlarms)
    print(`! false alarm on the honest reference: ${requirement.id} is ${verdict}: ${violations[0]?.seen ?? reason}`);
  for (const { id, difference } of liberties)
    for (const seen of alarms[id] ?? []) print(`! false alarm where ${difference} (${id}): ${seen}`);
  for (const { requirement } of uncovered) print(`! in no fault: ${requirement.id}`);

  const caught = outcomes.filter(holds).length;
  const record = {
    contract: contract.hash,
    faults: outcomes.length,
    written: writtenFaults.length + signatureFaults.length,
    caught,
    liberties: Object.keys(alarms).length,
    alarms: Object.values(alarms).filter((seen) => seen.length > 0).length,
    requirements: testable.length,
    covered: testable.length - uncovered.length,
  };
  const seconds = (performance.now() - startedAt) / 1000;
  print(
    `${caught} of ${record.faults} faults caught by exactly the requirements they name (${record.written} written by hand); ${record.covered} of ${record.requirements} testable requirements stand in a fault; ${record.alarms} false alarms on ${record.liberties} liberties; ${seconds.toFixed(1)} s, ${(record.faults / seconds).toFixed(0)} faults/s`,
  );
  const sound =
    caught === record.faults &&
    record.faults + record.liberties > 0 &&
    record.alarms === 0 &&
    falseAlarms.length === 0 &&
    uncovered.length === 0;
  const current = `${JSON.stringify(record, null, 2)}\n`;
  if (word === '' && sound && update) writeFileSync(RECORD, current);
  else if (word === '' && readFileSync(RECORD, 'utf8') !== current) {
    print('! selftest/proof.json says something else; once the proof holds, npm run proof -- --update writes it anew');
    return 1;
  }
  return sound ? 0 : 1;
}

const words = process.argv.slice(2);
const share = /^--share=(\d+)\/(\d+)$/.exec(words[0] ?? '');
if (share !== null) {
  // Refusals are thrown by the thousand; nobody reads where from.
  Error.stackTraceLimit = 0;
  const tried = await tryShare(Number(share[1]), Number(share[2]), words[1] ?? '');
  process.send?.(tried, () => process.exit(0));
} else process.exitCode = await main(words.find((word) => !word.startsWith('--')) ?? '', words.includes('--update'));

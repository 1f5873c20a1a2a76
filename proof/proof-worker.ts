import { readContract } from '../harness/contract/index.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { allCases } from '../tests/cases/index.ts';
import { catalogue } from './catalogue.ts';
import { HonestRun } from './honest-run.ts';
import { useLightHttp } from './light-http.ts';
import type { Task, Told } from './pool.ts';
import { trierHere } from './trier.ts';

/** One process of the proof: tries what it is sent, one thing after the other, until there is nothing more. */

useLightHttp();
// Refusals are thrown by the thousand; nobody reads where from.
Error.stackTraceLimit = 0;
const contract = await readContract(OWN_DOCUMENT, process.argv[2]);
const cases = allCases(contract);
const honest = new Map<number, Promise<HonestRun>>();
const trier = trierHere(contract, cases, catalogue(contract), (seed) => {
  const known = honest.get(seed) ?? HonestRun.record(contract, cases, seed);
  honest.set(seed, known);
  return known;
});

const carryOut = async (task: Task): Promise<Told> =>
  'fault' in task
    ? { trial: await trier.fault(task.fault, task.seed) }
    : { alarms: await trier.variants(task.variants, task.seed) };

process.on('message', (task: Task) => {
  carryOut(task).then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

import { readContract } from '../harness/contract/index.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { allCases } from '../tests/cases/index.ts';
import { catalogue } from './catalogue.ts';
import { HonestRun } from './honest-run.ts';
import { useLightHttp } from './light-http.ts';
import type { Reply, Task } from './pool.ts';
import { trierHere } from './trier.ts';

/** A worker process of the proof: performs the tasks that it is sent, one after the other. */

useLightHttp();
// Refusals are thrown by the thousand, and their stack traces are never read.
Error.stackTraceLimit = 0;
const contract = await readContract(OWN_DOCUMENT, process.argv[2]);
const cases = allCases(contract);
const honest = new Map<number, Promise<HonestRun>>();
const trier = trierHere(contract, cases, catalogue(contract), (seed) => {
  const known = honest.get(seed) ?? HonestRun.record(contract, cases, seed);
  honest.set(seed, known);
  return known;
});

const carryOut = async (task: Task): Promise<Reply> =>
  'fault' in task
    ? { trial: await trier.fault(task.fault, task.seed) }
    : { alarms: await trier.variants(task.variants, task.seed) };

process.on('message', (task: Task) => {
  carryOut(task).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

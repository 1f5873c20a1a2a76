import { readContract } from '../harness/contract/index.ts';
import { allCases } from '../tests/cases.ts';
import { catalogue } from './catalogue.ts';
import { useLightHttp } from './light-http.ts';
import { compose } from './pairs.ts';
import type { Task, Told } from './pool.ts';
import { tryFault, tryLiberty } from './proof.ts';

/** One process of the proof: tries what it is sent, one thing after the other, until there is nothing more. */

useLightHttp();
// Refusals are thrown by the thousand; nobody reads where from.
Error.stackTraceLimit = 0;
const contract = await readContract('spec/account-groups.openapi.yaml', process.argv[2]);
const cases = allCases(contract);
const { faults, liberties } = catalogue(contract);
const faultsById = new Map(faults.map((fault) => [fault.id, fault]));
const libertiesById = new Map(liberties.map((liberty) => [liberty.id, liberty]));

async function carryOut(task: Task): Promise<Told> {
  if ('fault' in task) {
    const fault = faultsById.get(task.fault);
    if (fault === undefined) throw new TypeError(`there is no fault ${task.fault}`);
    return { trial: await tryFault(contract, cases, fault, task.seed) };
  }
  const taken = task.liberties.map((id) => {
    const liberty = libertiesById.get(id);
    if (liberty === undefined) throw new TypeError(`there is no liberty ${id}`);
    return liberty;
  });
  return { alarms: await tryLiberty(contract, cases, compose(taken), task.seed) };
}

process.on('message', (task: Task) => {
  carryOut(task).then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

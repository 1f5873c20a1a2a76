import { type Change, changesBetween, type Effect } from '../harness/contract/delta.ts';
import { ContractError, loadContract } from '../harness/contract/index.ts';
import { LATEST, versionsOf } from '../harness/contract/versions.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { catalogue } from './catalogue.ts';
import { isGenerated } from './faults/generated.ts';

/**
 * `npm run contract:diff -- OLDER NEWER`: prints the changes between two versions of the contract; which of them break
 * callers, by the vendor's versioning policy; and which faults the catalogue gained or lost.
 * Exit codes: 0, nothing breaks callers; 1, something does; 2, unusable arguments.
 */

const MARKS: Readonly<Record<Effect, string>> = { breaking: '!', compatible: ' ', unnamed: '?' };

const print = (text: string) => void process.stdout.write(`${text}\n`);

function linesOf({ id, before, after, effect, because }: Change): string[] {
  const kind = before === undefined ? 'new' : after === undefined ? 'removed' : 'changed';
  const promise = after ?? before;
  return [
    `${MARKS[effect]} ${kind.padEnd(8)}${id} (${promise?.level}, ${promise?.source}): ${because}`,
    ...(before === undefined ? [] : [`    before  ${before.statement}`]),
    ...(after === undefined ? [] : [`    after   ${after.statement}`]),
  ];
}

function printFaults(title: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  print(`${ids.length} faults ${title}:`);
  const written = ids.filter((id) => !isGenerated({ id }));
  for (const id of written) print(`    ${id}`);
  if (ids.length > written.length) print(`    and ${ids.length - written.length} generated ones`);
}

async function main([older, newer, ...rest]: readonly string[]): Promise<number> {
  const versions = versionsOf(OWN_DOCUMENT);
  const named = (version: string | undefined) => (version === LATEST ? versions.at(-1) : version);
  const [from, to] = [named(older), named(newer)];
  if (from === undefined || to === undefined || rest.length > 0)
    throw new TypeError(`expected two versions: ${[...versions, LATEST].join(', ')}`);
  const [before, after] = [await loadContract(OWN_DOCUMENT, from), await loadContract(OWN_DOCUMENT, to)];
  const changes = changesBetween(before, after);
  for (const change of changes) for (const line of linesOf(change)) print(line);
  const count = (effect: Effect) => changes.filter((change) => change.effect === effect).length;
  print(
    `${from} to ${to}: ${changes.length} promise${changes.length === 1 ? '' : 's'} differ${changes.length === 1 ? 's' : ''}; ${count('breaking')} break callers, ${count('compatible')} are compatible, ${count('unnamed')} are not covered by the policy`,
  );
  const ids = [before, after].map((contract) => catalogue(contract).faults.map(({ id }) => id));
  const [had, has] = ids.map((list) => new Set(list));
  printFaults(
    'are new',
    (ids[1] ?? []).filter((id) => !had?.has(id)),
  );
  printFaults(
    'are gone',
    (ids[0] ?? []).filter((id) => !has?.has(id)),
  );
  return count('breaking') > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError || error instanceof ContractError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

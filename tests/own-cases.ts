import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Case } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { portable } from '../harness/package.ts';
import { allCases } from './cases/index.ts';

/** What a module of the setting `CASES` has as its default export. */
export type OwnCases = (contract: Contract) => readonly Case[];

/** A module of the user's own has no cases that can be run. */
export class UnusableCases extends Error {
  override readonly name = 'UnusableCases';
}

/**
 * Every case of the suite, and those of the user's own modules.
 *
 * @throws {UnusableCases} naming the module, and the case.
 */
export async function casesOf(contract: Contract, modules: readonly string[]): Promise<Case[]> {
  const cases = allCases(contract);
  const ids = new Set(cases.map(({ id }) => id));
  for (const path of modules)
    for (const own of await ownCases(contract, path)) {
      const problem = ids.has(own.id) ? 'its id is taken' : problemOf(own, contract);
      if (problem !== undefined) throw new UnusableCases(`${portable(path)}: case ${own.id}: ${problem}`);
      ids.add(own.id);
      cases.push({ ...own, own: true });
    }
  const known = new Set(cases.flatMap(({ covers, known: more = [] }) => [...covers, ...more]));
  return cases.map((one) => ({ ...one, known }));
}

async function ownCases(contract: Contract, path: string): Promise<readonly Case[]> {
  try {
    const { default: make }: { readonly default?: unknown } = await import(pathToFileURL(resolve(path)).href);
    const made: unknown = typeof make === 'function' ? make(contract) : undefined;
    if (Array.isArray(made) && made.every(isCase)) return made;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableCases(`${portable(path)}, which has to be an ES module such as .mjs or .mts: ${reason}`);
  }
  throw new UnusableCases(
    `${portable(path)}: its default export has to be a function from a contract to cases: id, area, title, covers, writes, run`,
  );
}

function isCase(value: unknown): value is Case {
  if (typeof value !== 'object' || value === null) return false;
  const { id, area, title, covers, writes, run }: Partial<Record<keyof Case, unknown>> = value;
  return (
    [id, area, title].every((one) => typeof one === 'string' && one !== '') &&
    Array.isArray(covers) &&
    typeof writes === 'boolean' &&
    typeof run === 'function'
  );
}

function problemOf({ area, covers }: Case, { requirements }: Contract): string | undefined {
  if (![...requirements.values()].some((one) => one.area === area)) return `there is no area ${area}`;
  const unknown = covers.filter((id) => !requirements.has(id));
  if (unknown.length > 0) return `the contract does not promise ${unknown.join(', ')}`;
  return covers.length === 0 ? 'it covers nothing' : undefined;
}

import { isDeepStrictEqual } from 'node:util';
import { type Contract, type Requirement, readContract } from '../harness/contract/index.ts';
import { versionsOf } from '../harness/contract/versions.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { type RequirementVerdict, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { type Fit, fitOf } from '../harness/verdicts/version-fit.ts';
import { allCases } from '../tests/cases/index.ts';
import { IN_MEMORY } from './honest-run.ts';
import { runInMemory } from './memory.ts';

/** Every version of the contract against the reference of every version. */

export const VERSIONS_OF_CONTRACT = versionsOf(OWN_DOCUMENT);

export interface Cell {
  /** The version of the contract, and that of the reference. */
  readonly contract: string;
  readonly reference: string;
  /** Verdicts other than passed and untested. */
  readonly findings: readonly RequirementVerdict[];
  /** The findings about promises that are the same in both versions: the difference of versions does not explain them. */
  readonly unexplained: readonly RequirementVerdict[];
  readonly fit: Fit;
}

/** Runs the suite of one version against the reference of another, in memory. @throws if a version does not exist. */
export async function cellOf(contract: string, reference: string): Promise<Cell> {
  const [asked, served] = [await readContract(OWN_DOCUMENT, contract), await readContract(OWN_DOCUMENT, reference)];
  const cases = allCases(asked);
  const results = await runInMemory(asked, cases, undefined, {}, { signed: {}, version: reference });
  const verdicts = requirementVerdicts(asked, cases, results, IN_MEMORY);
  const findings = verdicts.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'untested');
  const older = VERSIONS_OF_CONTRACT.slice(0, VERSIONS_OF_CONTRACT.indexOf(contract) + 1);
  const versions = await Promise.all(older.map((version) => readContract(OWN_DOCUMENT, version)));
  return {
    fit: fitOf(versions, verdicts, results),
    contract,
    reference,
    findings,
    unexplained: findings.filter(({ requirement }) => isSame(asked, served, requirement)),
  };
}

/** Whether both versions make the same promise, with the same statement about the same part of the document. */
function isSame(asked: Contract, served: Contract, { id, statement }: Requirement): boolean {
  const [one, other] = [asked.requirements.get(id), served.requirements.get(id)];
  if (one === undefined || other?.statement !== statement) return false;
  if (OF_REQUESTS.test(id) && !isDeepStrictEqual(requestOf(asked, one), requestOf(served, other))) return false;
  if (isOfItems(asked, one) && !isDeepStrictEqual(formsOf(asked), formsOf(served))) return false;
  return isDeepStrictEqual(asked.doc.find(one.pointer)?.value, served.doc.find(other.pointer)?.value);
}

/** Whether a promise is about items: an item in a new form violates promises of an older version about its own forms. */
const isOfItems = ({ resource }: Contract, { pointer }: Requirement) =>
  [resource.schema, ...resource.forms].some(
    (schema) => schema !== undefined && pointer.startsWith(`${schema.pointer}/`),
  );

const formsOf = ({ resource }: Contract) => resource.forms.map(({ value }) => value);

/** Promises that depend on all valid requests of an operation. */
const OF_REQUESTS = /\.(allowed|as-asked)$/;

/** The parts of the document that define the valid requests of an operation. */
function requestOf({ operations, doc }: Contract, { operation }: Requirement): unknown {
  const { parameters = [], requestBody } = operations.find(({ name }) => name === operation) ?? {};
  const members = requestBody && doc.children(doc.child(requestBody.schema, 'properties'));
  return [
    parameters.map(({ schema }) => schema.value),
    requestBody?.schema.value,
    members?.map(([, { value }]) => value),
  ];
}

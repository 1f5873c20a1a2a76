import { isDeepStrictEqual } from 'node:util';
import { type Contract, type Requirement, readContract } from '../harness/contract/index.ts';
import { versionsOf } from '../harness/contract/versions.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { type RequirementVerdict, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { type Fit, fitOf } from '../harness/verdicts/version-fit.ts';
import { allCases } from '../tests/cases/index.ts';
import { runInMemory } from './memory.ts';

/** Every version of the contract against the reference of every version. */

export const DOCUMENT = OWN_DOCUMENT;
export const VERSIONS_OF_CONTRACT = versionsOf(DOCUMENT);

export interface Cell {
  /** The version of the contract, and that of the reference. */
  readonly contract: string;
  readonly reference: string;
  /** What is neither kept nor beyond reach. */
  readonly findings: readonly RequirementVerdict[];
  /** Those of them that are the same promise in both versions, so that nothing explains them. */
  readonly unexplained: readonly RequirementVerdict[];
  readonly fit: Fit;
}

/** Runs the suite of one version against the reference of another, in memory. */
export async function cellOf(contract: string, reference: string): Promise<Cell> {
  const [asked, spoken] = [await readContract(DOCUMENT, contract), await readContract(DOCUMENT, reference)];
  const cases = allCases(asked);
  const results = await runInMemory(asked, cases, undefined, {}, { signed: {}, version: reference });
  const options = { writes: true, strict: true, tolerateAdditive: false };
  const verdicts = requirementVerdicts(asked, cases, results, options);
  const findings = verdicts.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'untested');
  const older = VERSIONS_OF_CONTRACT.slice(0, VERSIONS_OF_CONTRACT.indexOf(contract) + 1);
  const versions = await Promise.all(older.map((version) => readContract(DOCUMENT, version)));
  return {
    fit: fitOf(versions, verdicts, results),
    contract,
    reference,
    findings,
    unexplained: findings.filter(({ requirement }) => isSame(asked, spoken, requirement)),
  };
}

/** True for a promise that both versions make, in the same words and of the same part of the document. */
function isSame(asked: Contract, spoken: Contract, { id, statement }: Requirement): boolean {
  const [one, other] = [asked.requirements.get(id), spoken.requirements.get(id)];
  if (one === undefined || other?.statement !== statement) return false;
  if (OF_REQUESTS.test(id) && !isDeepStrictEqual(requestOf(asked, one), requestOf(spoken, other))) return false;
  if (isOfItems(asked, one) && !isDeepStrictEqual(formsOf(asked), formsOf(spoken))) return false;
  return isDeepStrictEqual(asked.doc.find(one.pointer)?.value, spoken.doc.find(other.pointer)?.value);
}

/** An item of a form that is new, or of a kind that is, breaks whatever the older version says of its own forms. */
const isOfItems = ({ resource }: Contract, { pointer }: Requirement) =>
  [resource.schema, ...resource.forms].some(
    (schema) => schema !== undefined && pointer.startsWith(`${schema.pointer}/`),
  );

const formsOf = ({ resource }: Contract) => resource.forms.map(({ value }) => value);

/** Promises on whatever an operation may be asked for. */
const OF_REQUESTS = /\.(allowed|as-asked)$/;

/** What an operation may be asked for. */
function requestOf({ operations, doc }: Contract, { operation }: Requirement): unknown {
  const { parameters = [], requestBody } = operations.find(({ name }) => name === operation) ?? {};
  const members = requestBody && doc.children(doc.child(requestBody.schema, 'properties'));
  return [
    parameters.map(({ schema }) => schema.value),
    requestBody?.schema.value,
    members?.map(([, { value }]) => value),
  ];
}

import SwaggerParser from '@apidevtools/swagger-parser';
import { portable } from '../package.ts';
import { inOneDialect } from './dialect.ts';
import { ContractError, type ContractProblem, DocumentReader, type Node } from './document.ts';
import { houseRules } from './document-lint.ts';
import { limitsOf } from './limits.ts';
import { type Operation, readOperations } from './operations.ts';
import { type Requirement, readRequirements } from './requirements.ts';
import { Resource } from './resource.ts';
import { Schemas } from './schemas.ts';
import { atVersion, hashOf, SEED } from './versions.ts';

/** The contract document as a model: its promises, and the validators that judge messages by it. */
export interface Contract {
  /** Path of the document, safe to publish. */
  readonly path: string;
  /** SHA-256 of the document and of the overlays up to its version, in hex. */
  readonly hash: string;
  readonly title: string;
  /** `info.version` of the document. */
  readonly version: string;
  /** The vendor's version that it describes: the name of an overlay, or {@link SEED} for the document itself. */
  readonly vendorVersion: string;
  readonly doc: DocumentReader;
  readonly operations: readonly Operation[];
  readonly webhooks: readonly Operation[];
  readonly requirements: ReadonlyMap<string, Requirement>;
  /** Ids of the requirements derived from schema keywords of answers, by pointer of the keyword. */
  readonly byPointer: ReadonlyMap<string, string>;
  readonly schemas: Schemas;
  /** The schema of error bodies; `undefined` if the contract documents none. */
  readonly problem: Node | undefined;
  /** The resource that the document describes: operations by kind, members, life cycle and events. */
  readonly resource: Resource;
  /** What the document says and the suite does not test, with the consequence of each. */
  readonly limits: readonly ContractProblem[];
}

/** Contracts that this process has read, by path and version. Documents do not change during a run. */
const read = new Map<string, Promise<Contract>>();

const keyOf = (path: string, version: string) => `${path} ${version}`;

/**
 * Reads and validates a contract document.
 *
 * @throws {ContractError} naming every problem in YAML, OpenAPI or the document lint, with its pointer
 */
export async function loadContract(path: string, version = SEED): Promise<Contract> {
  const root = await parse(path, version);
  try {
    await SwaggerParser.validate(structuredClone(root) as never, { resolve: { external: false } });
  } catch (error) {
    throw new ContractError(path, [{ pointer: '#', message: messageOf(error) }]);
  }
  const contract = model(path, version, root);
  read.set(keyOf(path, version), Promise.resolve(contract));
  return contract;
}

/**
 * Reads a document without OpenAPI validation, which {@link loadContract} has done once for the run.
 *
 * @throws {ContractError} if it fails the document lint or cannot be read
 */
export function readContract(path: string, version = SEED): Promise<Contract> {
  const key = keyOf(path, version);
  const known = read.get(key) ?? parse(path, version).then((root) => model(path, version, root));
  read.set(key, known);
  return known;
}

/** The OpenAPI document at a version. */
async function parse(path: string, version: string): Promise<unknown> {
  try {
    return atVersion(await SwaggerParser.parse(path), path, version);
  } catch (error) {
    throw error instanceof ContractError
      ? error
      : new ContractError(path, [{ pointer: '#', message: messageOf(error) }]);
  }
}

function model(path: string, version: string, root: unknown): Contract {
  try {
    const doc = new DocumentReader(inOneDialect(root));
    const operations = readOperations(doc, '#/paths');
    const webhooks = readOperations(doc, '#/webhooks');
    const resource = new Resource(doc, operations, webhooks);
    const problems = houseRules(doc, operations, resource);
    if (problems.length > 0) throw new ContractError(path, problems);
    const requirements = readRequirements(doc, operations, resource);
    const missing = resource.events.announcements.filter(({ requirement }) => !requirements.has(requirement));
    if (missing.length > 0)
      throw new ContractError(
        path,
        missing.map(({ type, requirement }) => ({
          pointer: '#/webhooks',
          message: `no requirement ${requirement} for ${type}`,
        })),
      );
    const info = doc.find('#/info');
    return {
      path: portable(path),
      hash: hashOf(path, version),
      title: info === undefined ? '' : doc.text(info, 'title'),
      version: info === undefined ? '' : doc.text(info, 'version'),
      vendorVersion: version,
      doc,
      operations,
      webhooks,
      requirements,
      byPointer: new Map(
        [...requirements.values()]
          .filter(({ operation }) => operation === undefined)
          .map(({ pointer, id }) => [pointer, id]),
      ),
      schemas: new Schemas(doc),
      resource,
      problem: problemOf(operations),
      limits: limitsOf(doc, [...operations, ...webhooks]),
    };
  } catch (error) {
    throw error instanceof ContractError ? new ContractError(path, error.problems) : error;
  }
}

const problemOf = (operations: readonly Operation[]) =>
  operations
    .flatMap(({ responses }) => [...responses.values()])
    .find(({ status, body }) => status >= '400' && body !== undefined)?.body?.schema;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export { ContractError } from './document.ts';
export type { Operation, Parameter } from './operations.ts';
export type { Requirement } from './requirements.ts';

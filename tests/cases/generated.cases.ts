import type { Arbitrary } from 'fast-check';
import type { Api, Case, CaseRequest } from '../../harness/case.ts';
import { orders, queryWords } from '../../harness/checks/page.ts';
import { isObject } from '../../harness/contract/document.ts';
import { isUuid } from '../../harness/contract/formats.ts';
import { promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { accepts } from '../../harness/contract/operations.ts';
import { spellings } from '../../harness/contract/spellings.ts';
import { newItem } from '../fixtures/creation.ts';
import { promisesFor, type Query } from './query-class.ts';
import { refusedCreations } from './refusals.ts';

/**
 * Inputs that nobody thought of, generated from a seed; each is judged by what the contract says about it. They are
 * written in characters that no server, router or signature reads in two ways (RFC 3986 §2.3).
 */

/** Queries that are tried; a counterexample is made smaller within the same number of requests once more. */
const RUNS = 16;
/** Ids and bodies differ less from each other. */
const FEWER_RUNS = 8;
const UNRESERVED = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~'];

export function generatedCases(contract: Contract): Case[] {
  const { list, retrieve, create } = contract.resource;
  return [
    ...(list === undefined ? [] : [queries(contract, list)]),
    ...(retrieve === undefined ? [] : [ids(retrieve, contract.resource.idParameter)]),
    ...(create === undefined ? [] : [bodies(contract, create)]),
  ];
}

function queries(contract: Contract, list: Operation): Case {
  const { rising, falling } = orders(contract);
  return {
    id: 'list.generated-queries',
    area: 'requests',
    operation: list.name,
    title: `${list.id} answers any query with a page or a refusal`,
    covers: ['list.unusual-query'],
    writes: false,
    async run(api) {
      const { default: fc } = await import('fast-check');
      const text = (maxLength: number) => fc.string({ maxLength, unit: fc.constantFrom(...UNRESERVED, '.') });
      const number = fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }).map(String) },
        fc.integer({ min: -5, max: 1500 }).map(String),
        fc.constantFrom('', '00', '1e1', '0x10', '1.0', '9007199254740993', '-0', 'null', 'NaN'),
        text(6),
      );
      const odd = fc.oneof(fc.constantFrom(rising.toLowerCase(), 'id', ''), text(8));
      const word = (...usual: readonly string[]) => fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usual) }, odd);
      const queries = fc.record(
        { limit: number, offset: number, order: word(rising, falling), sort: word(...queryWords(contract, 'sort')) },
        { requiredKeys: [] },
      );
      const ask = (query: Query) => keeps(api, promisesFor(contract, query), { operation: list.name, query });
      await check<Query>(api, queries, ask, unusual(contract, list));
    },
  };
}

/** Queries that are tried at every seed: each number left empty, and larger than any machine word; each parameter twice. */
function unusual({ schemas }: Contract, { parameters }: Operation): Query[] {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const numbers = inQuery.filter(({ schema }) => isObject(schema.value) && schema.value.type === 'integer');
  return [
    ...numbers.flatMap(({ name }) => ['', '18446744073709551617'].map((value) => ({ [name]: value }))),
    Object.fromEntries(inQuery.map(({ name, schema }) => [name, spellings(schemas, schema, '').slice(-2)])),
    Object.fromEntries(
      inQuery.flatMap(({ name, schema }) => {
        const [value] = spellings(schemas, schema, '').slice(-1);
        return value === undefined ? [] : [[name, [value, value]]];
      }),
    ),
  ];
}

function ids(retrieve: Operation, idParameter: string): Case {
  const requirement = promisedBy(retrieve, 'path', idParameter, 'format');
  return {
    id: 'retrieve.generated-ids',
    area: 'requests',
    operation: retrieve.name,
    title: `${retrieve.id} finds nothing under any text that is not an id`,
    covers: [requirement],
    writes: false,
    async run(api) {
      const { default: fc } = await import('fast-check');
      const ids = fc
        .oneof(
          fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...UNRESERVED) }),
          fc.string({ minLength: 32, maxLength: 36, unit: fc.constantFrom(...'0123456789abcdef-') }),
          fc.uuid().map((id) => id.replaceAll('-', '_')),
          fc.constantFrom('0', 'null', 'undefined', '-1', 'me', 'a.b'),
        )
        .filter((id) => !isUuid(id) && !isUuid(hyphenated(id)));
      const ask = (id: string) => keeps(api, [requirement], { operation: retrieve.name, path: { [idParameter]: id } });
      await check(api, ids, ask, [], FEWER_RUNS);
    },
  };
}

function bodies(contract: Contract, create: Operation): Case {
  return {
    id: 'create.generated-bodies',
    area: 'requests',
    operation: create.name,
    title: `${create.id} refuses any body that breaks its schema`,
    covers: ['create.refused-creates-nothing'],
    writes: true,
    async run(api) {
      const { default: fc } = await import('fast-check');
      const body = create.requestBody;
      if (body === undefined) return;
      const valid = await newItem(api);
      const json = (maxDepth: number) => fc.jsonValue({ maxDepth, stringUnit: fc.constantFrom(...UNRESERVED) });
      const { choice } = contract.resource.creation;
      const memberOf = (name: string) =>
        name === choice?.member
          ? fc.oneof(fc.constantFrom(...choice.words.map((word) => `${word} `)), json(1))
          : fc.oneof(fc.constant(valid[name]), fc.uuid(), json(1));
      const members = Object.fromEntries(Object.keys(valid).map((name) => [name, memberOf(name)]));
      const bodies = fc.oneof(json(3), fc.record({ ...members, note: fc.constant(null) }, { requiredKeys: [] }));
      const broken = fc.sample(
        bodies.filter((value) => !contract.schemas.accepts(body.schema, value)),
        { seed: api.seed, numRuns: FEWER_RUNS },
      );
      const expectedOf = (value: unknown) => [
        ...new Set(
          contract.schemas
            .judge(body.schema, value)
            .violations.map(({ pointer }) => requirementAt(contract, create, pointer)),
        ),
      ];
      await refusedCreations(
        api,
        broken.map((value) => ({
          operation: create.name,
          body: value,
          rawBody: JSON.stringify(value),
          expects: expectedOf(value),
        })),
      );
    },
  };
}

/** The requirement on requests to which a keyword of the body's schema belongs. */
function requirementAt(contract: Contract, { name }: Operation, pointer: string): string {
  const found = [...contract.requirements.values()].find(
    (requirement) => requirement.operation === name && requirement.pointer === pointer,
  );
  if (found === undefined) throw new TypeError(`no requirement stands at ${pointer}`);
  return found.id;
}

/** The same hexadecimal digits as they would stand in a UUID, which some servers read without its hyphens. */
const hyphenated = (id: string) =>
  id.replaceAll('-', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Asks with some requirements in view; true where the status is one that each of them accepts. */
async function keeps(api: Api, requirements: readonly string[], request: CaseRequest): Promise<boolean> {
  const exchange = await api.ask({ ...request, expects: requirements });
  return requirements.every((id) =>
    accepts(api.contract.requirements.get(id)?.accepts ?? [], exchange.response.status),
  );
}

/** Tries generated inputs, and some that are tried at every seed; on a counterexample looks for a smaller one, which the violations then show as well. */
async function check<T>(
  api: Api,
  inputs: Arbitrary<T>,
  keeps: (input: T) => Promise<boolean>,
  usual: readonly T[] = [],
  runs = RUNS,
): Promise<void> {
  const { default: fc } = await import('fast-check');
  const sample = [...usual, ...fc.sample(inputs, { seed: api.seed, numRuns: runs - usual.length })];
  const kept = await Promise.all(sample.map(keeps));
  if (kept.every(Boolean)) return;
  let left = runs;
  await fc.check(
    fc.asyncProperty(inputs, async (input) => left-- <= 0 || (await keeps(input))),
    { seed: api.seed, numRuns: runs },
  );
}

import type { Arbitrary } from 'fast-check';
import type { Api, Ask, Case } from '../harness/case.ts';
import { isValid } from '../harness/checks/page.ts';
import { isUuid } from '../harness/contract/formats.ts';
import type { Contract } from '../harness/contract/index.ts';
import { accepts } from '../harness/contract/operations.ts';
import { refusedCreations } from './refusals.ts';
import { orders, queryWords, words } from './stage.ts';

/** Inputs that nobody thought of, generated from a seed; each is judged by what the contract says about it. */

/** Inputs for each property; a counterexample is made smaller within the same number of requests once more. */
const RUNS = 20;

export function generatedCases(contract: Contract): Case[] {
  const { rising, falling } = orders(contract);
  return [
    {
      id: 'list.generated-queries',
      area: 'requests',
      operation: 'list',
      title: 'list_account_groups answers any query with a page or a refusal',
      proves: ['list.unusual-query', 'list.allowed'],
      writes: false,
      async run(api) {
        const { default: fc } = await import('fast-check');
        const number = fc.oneof(
          { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }).map(String) },
          fc.integer({ min: -5, max: 1500 }).map(String),
          fc.constantFrom('', ' ', '00', '+1', '1e1', '0x10', '1,2', '٣', '9007199254740993', '-0', 'null', 'NaN'),
          fc.string({ maxLength: 6 }),
        );
        const odd = fc.oneof(fc.constantFrom(rising.toLowerCase(), 'id', ''), fc.string({ maxLength: 8 }));
        const word = (...usual: readonly string[]) =>
          fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usual) }, odd);
        const queries = fc.record(
          { limit: number, offset: number, order: word(rising, falling), sort: word(...queryWords(contract, 'sort')) },
          { requiredKeys: [] },
        );
        await check(api, queries, (given) => {
          const regular = Object.entries(given).every(([name, value]) => isValid(contract, name, value));
          return keeps(api, regular ? 'list.allowed' : 'list.unusual-query', { operation: 'list', query: given });
        });
      },
    },
    {
      id: 'retrieve.generated-ids',
      area: 'requests',
      operation: 'retrieve',
      title: 'retrieve_account_group finds nothing under any text that is not an id',
      proves: ['retrieve.path.account_group_id.format'],
      writes: false,
      async run(api) {
        const { default: fc } = await import('fast-check');
        const ids = fc
          .oneof(
            fc.string({ minLength: 1, maxLength: 40 }),
            fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme' }),
            fc.constantFrom("' OR '1'='1", '%00', '..%2f..%2f', '{{7*7}}', '0', 'null', 'undefined', '-1'),
          )
          .filter((id) => !isUuid(id) && !/^\.{1,2}$/.test(id));
        await check(api, ids, (account_group_id) =>
          keeps(api, 'retrieve.path.account_group_id.format', { operation: 'retrieve', path: { account_group_id } }),
        );
      },
    },
    {
      id: 'create.generated-bodies',
      area: 'requests',
      operation: 'create',
      title: 'create_account_group refuses any body that breaks its schema',
      proves: ['create.refused-creates-nothing'],
      writes: true,
      async run(api) {
        const { default: fc } = await import('fast-check');
        const body = contract.operations.find(({ name }) => name === 'create')?.requestBody;
        if (body === undefined) return;
        const owner = await api.owner(0);
        const member = fc.oneof(fc.constant(owner), fc.uuid(), fc.jsonValue({ maxDepth: 1 }));
        const bodies = fc.oneof(
          fc.jsonValue({ maxDepth: 3 }),
          fc.record(
            {
              user_id: member,
              type: fc.oneof(
                fc.constantFrom(...words(contract, 'CreateAccountGroup', 'type').map((type) => `${type} `)),
                fc.jsonValue({ maxDepth: 1 }),
              ),
              __proto__: fc.constant(null),
            },
            { requiredKeys: [] },
          ),
        );
        const broken = fc.sample(
          bodies.filter((value) => !contract.schemas.accepts(body.schema, value)),
          { seed: api.seed, numRuns: RUNS },
        );
        const aimsOf = (value: unknown) => [
          ...new Set(
            contract.schemas
              .judge(body.schema, value)
              .violations.map(({ pointer }) => requirementAt(contract, pointer)),
          ),
        ];
        await refusedCreations(
          api,
          broken.map((value) => ({
            operation: 'create',
            body: value,
            rawBody: JSON.stringify(value),
            aims: aimsOf(value),
          })),
        );
      },
    },
  ];
}

/** The requirement on requests to which a keyword of the body's schema belongs. */
function requirementAt(contract: Contract, pointer: string): string {
  const found = [...contract.requirements.values()].find(
    (requirement) => requirement.operation === 'create' && requirement.pointer === pointer,
  );
  if (found === undefined) throw new TypeError(`no requirement stands at ${pointer}`);
  return found.id;
}

/** Asks with one requirement in view; true where its status is one that the requirement accepts. */
async function keeps(api: Api, requirement: string, question: Ask): Promise<boolean> {
  const exchange = await api.ask({ ...question, aims: [requirement] });
  return accepts(api.contract.requirements.get(requirement)?.accepts ?? [], exchange.response.status);
}

/** Tries generated inputs; on a counterexample looks for a smaller one, which the violations then show as well. */
async function check<T>(api: Api, inputs: Arbitrary<T>, keeps: (input: T) => Promise<boolean>): Promise<void> {
  const { default: fc } = await import('fast-check');
  const sample = fc.sample(inputs, { seed: api.seed, numRuns: RUNS });
  const kept = await Promise.all(sample.map(keeps));
  if (kept.every(Boolean)) return;
  let left = RUNS;
  await fc.check(
    fc.asyncProperty(inputs, async (input) => left-- <= 0 || (await keeps(input))),
    { seed: api.seed, numRuns: RUNS },
  );
}

import type { Case, CaseResult } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { type RequirementVerdict, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import type { EventIntercepts } from './delivering.ts';
import type { Fault } from './faults/fault.ts';
import { type Fetch, runInMemory } from './memory.ts';

/** The options by which runs in memory are judged. */
export const IN_MEMORY = { writes: true, strict: true, tolerateAdditive: false };

/** A request to an honest target, and its answer. */
interface Recorded {
  readonly request: Request;
  readonly response: Response;
  /** When it was sent, in milliseconds since the epoch. */
  readonly at: number;
  /** The cases that use it as evidence. */
  readonly cases: readonly Case[];
}

/**
 * The recorded run of an honest target. If a fault changes no message of a case, the result of that case is known from
 * here, and only the other cases need to run.
 */
export class HonestRun {
  readonly results: ReadonlyMap<string, CaseResult>;
  readonly #verdicts: readonly RequirementVerdict[];
  readonly #contract: Contract;
  readonly #cases: readonly Case[];
  readonly #exchanges: readonly Recorded[];
  /** The cases that use deliveries as evidence. */
  readonly #withDeliveries: readonly Case[];

  private constructor(contract: Contract, cases: readonly Case[], results: HonestRun['results'], exchanges: Wire[]) {
    this.#contract = contract;
    this.#cases = cases;
    this.results = results;
    this.#verdicts = requirementVerdicts(contract, cases, results, IN_MEMORY);
    const evidenceOf = (test: Case) => results.get(test.id)?.exchanges ?? [];
    this.#withDeliveries = cases.filter((test) => evidenceOf(test).some(({ received }) => received));
    const byId = new Map<string, Case[]>();
    for (const test of cases)
      for (const { response } of evidenceOf(test)) {
        const id = new Headers(response.headers.map(([name, value]) => [name, value])).get(REQUEST_ID) ?? '';
        byId.set(id, [...(byId.get(id) ?? []), test]);
      }
    this.#exchanges = exchanges.map((one) => ({
      ...one,
      cases: byId.get(one.response.headers.get(REQUEST_ID) ?? '') ?? cases,
    }));
  }

  static async record(contract: Contract, cases: readonly Case[], seed = 1): Promise<HonestRun> {
    const exchanges: Wire[] = [];
    const record: Fault['intercept'] = (honest, { now }) => {
      return async (request) => {
        const asked = { request: request.clone(), at: now() };
        const response = await honest(request);
        exchanges.push({ ...asked, response: response.clone() });
        return response;
      };
    };
    const results = await runInMemory(contract, cases, record, {}, { seed });
    return new HonestRun(contract, cases, results, exchanges);
  }

  /** The verdicts if some cases have other results; only the requirements that these concern are judged again. */
  verdictsWith(others: ReadonlyMap<string, CaseResult>): RequirementVerdict[] {
    const about = (result: CaseResult | undefined) =>
      [result?.findings, result?.blocked, result?.excluded].flatMap((found) => Object.keys(found ?? {}));
    const open = new Set([
      ...this.#cases.filter(({ id }) => others.has(id)).flatMap(({ covers }) => covers),
      ...[...others].flatMap(([id, result]) => [...about(result), ...about(this.results.get(id))]),
    ]);
    const requirements = new Map([...this.#contract.requirements].filter(([id]) => open.has(id)));
    const results = new Map([...this.results, ...others]);
    return [
      ...this.#verdicts.filter(({ requirement }) => !open.has(requirement.id)),
      ...requirementVerdicts({ ...this.#contract, requirements }, this.#cases, results, IN_MEMORY),
    ];
  }

  /** The cases whose evidence a fault or a variant changes, adds or withholds. */
  async metBy(fault: Pick<Fault, 'intercept' | keyof EventIntercepts>): Promise<Case[]> {
    const met = new Set<Case>(
      (fault.interceptEvent ?? fault.interceptSignedEvent) === undefined ? [] : this.#withDeliveries,
    );
    let now = this.#exchanges[0]?.at ?? 0;
    let asked: Request[] = [];
    let recorded = new Response();
    const honest: Fetch = async (request) => {
      asked.push(request);
      return recorded;
    };
    const intercepted = fault.intercept(honest, { contract: this.#contract, now: () => now });
    for (const { request, response, at, cases } of this.#exchanges) {
      const copy = request.clone();
      now = at;
      asked = [];
      recorded = response.clone();
      const answer = await intercepted(copy);
      if (answer !== recorded || asked.length !== 1 || asked[0] !== copy) for (const test of cases) met.add(test);
    }
    return [...met];
  }
}

type Wire = Omit<Recorded, 'cases'>;

const REQUEST_ID = 'upvest-request-id';

import type { Case, CaseResult } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import { type RequirementVerdict, requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import type { EventIntercepts } from './delivering.ts';
import type { Fault } from './faults/fault.ts';
import { type Fetch, runInMemory } from './memory.ts';

/** How runs in memory are judged. */
export const IN_MEMORY = { writes: true, strict: true, tolerateAdditive: false };

/** What was asked of an honest target, and what it answered. */
interface Recorded {
  readonly request: Request;
  readonly response: Response;
  /** When it was asked. */
  readonly at: number;
  /** The cases that judge anything by it. */
  readonly cases: readonly Case[];
}

/**
 * A run of an honest target. A case of which a fault changes no message comes to what it comes to there, so that only
 * the others have to be run.
 */
export class HonestRun {
  readonly results: ReadonlyMap<string, CaseResult>;
  readonly #verdicts: readonly RequirementVerdict[];
  readonly #contract: Contract;
  readonly #cases: readonly Case[];
  readonly #exchanges: readonly Recorded[];
  /** The cases that look at deliveries. */
  readonly #told: readonly Case[];

  private constructor(contract: Contract, cases: readonly Case[], results: HonestRun['results'], exchanges: Wire[]) {
    this.#contract = contract;
    this.#cases = cases;
    this.results = results;
    this.#verdicts = requirementVerdicts(contract, cases, results, IN_MEMORY);
    const looksAt = (test: Case) => results.get(test.id)?.exchanges ?? [];
    this.#told = cases.filter((test) => looksAt(test).some(({ received }) => received));
    const byId = new Map<string, Case[]>();
    for (const test of cases)
      for (const { response } of looksAt(test)) {
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

  /** The verdicts where some cases have come to other results; only what these are about is decided anew. */
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

  /** The cases that judge by a message which a fault, or a variant, changes, adds or withholds. */
  async metBy(fault: Pick<Fault, 'intercept' | keyof EventIntercepts>): Promise<Case[]> {
    const met = new Set<Case>((fault.interceptEvent ?? fault.interceptSignedEvent) === undefined ? [] : this.#told);
    let now = this.#exchanges[0]?.at ?? 0;
    let asked: Request[] = [];
    let truth = new Response();
    const honest: Fetch = async (request) => {
      asked.push(request);
      return truth;
    };
    const told = fault.intercept(honest, { contract: this.#contract, now: () => now });
    for (const { request, response, at, cases } of this.#exchanges) {
      const copy = request.clone();
      now = at;
      asked = [];
      truth = response.clone();
      const answer = await told(copy);
      if (answer !== truth || asked.length !== 1 || asked[0] !== copy) for (const test of cases) met.add(test);
    }
    return [...met];
  }
}

type Wire = Omit<Recorded, 'cases'>;

const REQUEST_ID = 'upvest-request-id';

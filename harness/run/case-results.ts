import type { Case, CaseResult } from '../case.ts';

/** Runs each case once and keeps its result. Cases marked `last` wait for all others. */
export class CaseResults {
  readonly #run: (test: Case) => Promise<CaseResult>;
  readonly #results = new Map<string, Promise<CaseResult>>();
  readonly #others = new Map<string, Promise<CaseResult>>();

  constructor(run: (test: Case) => Promise<CaseResult>) {
    this.#run = run;
  }

  /** The result of a case. Request all of a selection in the same tick, so that cases marked `last` see the others. */
  of(test: Case): Promise<CaseResult> {
    const known = this.#results.get(test.id);
    if (known !== undefined) return known;
    const result = test.last ? this.#runLast(test) : this.#run(test);
    this.#results.set(test.id, result);
    if (!test.last) this.#others.set(test.id, result);
    return result;
  }

  async #runLast(test: Case): Promise<CaseResult> {
    // Others may still be requested in this tick.
    await Promise.resolve();
    for (let over = -1; over < this.#others.size; ) {
      over = this.#others.size;
      await Promise.all(this.#others.values());
    }
    return this.#run(test);
  }
}

import type { Case, CaseResult } from '../case.ts';

/** The results of cases, each of which is run once; those that are to be last wait for all others. */
export class CaseResults {
  readonly #run: (test: Case) => Promise<CaseResult>;
  readonly #results = new Map<string, Promise<CaseResult>>();
  readonly #others = new Map<string, Promise<CaseResult>>();

  constructor(run: (test: Case) => Promise<CaseResult>) {
    this.#run = run;
  }

  /** The result of a case. Whoever wants those of several asks for all of them at once. */
  of(test: Case): Promise<CaseResult> {
    const known = this.#results.get(test.id);
    if (known !== undefined) return known;
    const result = test.last ? this.#runLast(test) : this.#run(test);
    this.#results.set(test.id, result);
    if (!test.last) this.#others.set(test.id, result);
    return result;
  }

  async #runLast(test: Case): Promise<CaseResult> {
    // The others may be asked for right after this one.
    await Promise.resolve();
    for (let over = -1; over < this.#others.size; ) {
      over = this.#others.size;
      await Promise.all(this.#others.values());
    }
    return this.#run(test);
  }
}

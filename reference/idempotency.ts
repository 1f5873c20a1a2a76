import { Problem } from './problems.ts';

/** Remembers what succeeded under an idempotency key, for one client. */
export class IdempotencyRecords {
  readonly #answers = new Map<string, { readonly asked: string; readonly answer: string }>();

  /**
   * Acts once per key and repeats the answer from then on. `asked` tells requests apart: the same key with another
   * one is refused. A key stays free as long as `act` throws.
   */
  once(key: string, asked: string, act: () => string): string {
    const earlier = this.#answers.get(key);
    if (earlier === undefined) {
      const answer = act();
      this.#answers.set(key, { asked, answer });
      return answer;
    }
    if (earlier.asked !== asked) {
      throw new Problem('invalid_request', 'The idempotency-key was used for a different request.');
    }
    return earlier.answer;
  }
}

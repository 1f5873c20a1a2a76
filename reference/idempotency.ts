import { Problem } from './problems.ts';

/** The successful requests of one client by idempotency key. */
export class IdempotencyRecords {
  readonly #answers = new Map<string, { readonly asked: string; readonly answer: string }>();

  /**
   * Performs `act` once per key; later calls return its result. A key whose `act` threw remains unused.
   *
   * @param asked canonical text of the request
   * @throws {Problem} if the key was used for another request
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

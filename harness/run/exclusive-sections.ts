import { doing, Work, waitFor } from './waiting.ts';

/** The kind of a section that overlaps with no other, not even of its own kind. */
export const ALONE = 'alone';

interface Waiter {
  readonly kind: string;
  readonly section: Work;
  enter: () => void;
}

/**
 * Lets sections of the same kind overlap and nest, but never sections of different kinds. Sections of the kind
 * {@link ALONE} never overlap at all.
 */
export class ExclusiveSections {
  readonly #inside = new Set<Work>();
  /** A section that waits to enter waits for all running ones. */
  readonly #gate = new Work('a section', this.#inside);
  #kind: string | undefined;
  #waiting: Waiter[] = [];

  /**
   * Runs a section once no section of another kind is running.
   *
   * @throws {TypeError} if a running section waits for this one, which would be a deadlock
   */
  async run<T>(kind: string, act: () => Promise<T>): Promise<T> {
    const section = new Work(`a section "${kind}"`);
    await this.#enter(kind, section);
    try {
      return await doing(section, act);
    } finally {
      this.#leave(section);
    }
  }

  async #enter(kind: string, section: Work): Promise<void> {
    if (this.#inside.size === 0 || (this.#kind === kind && kind !== ALONE)) {
      this.#kind = kind;
      this.#inside.add(section);
      return;
    }
    const waiting: Waiter = { kind, section, enter: () => undefined };
    const entered = new Promise<void>((resolve) => {
      waiting.enter = resolve;
    });
    this.#waiting.push(waiting);
    await waitFor(this.#gate, entered).catch((error: unknown) => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
      throw error;
    });
  }

  #leave(section: Work): void {
    this.#inside.delete(section);
    if (this.#inside.size > 0) return;
    const [first] = this.#waiting;
    this.#kind = first?.kind;
    const next = this.#waiting.filter((one) => (first?.kind === ALONE ? one === first : one.kind === first?.kind));
    this.#waiting = this.#waiting.filter((one) => !next.includes(one));
    for (const one of next) this.#inside.add(one.section);
    for (const { enter } of next) enter();
  }
}

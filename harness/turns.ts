/**
 * Lets any number of sections of one kind overlap, also inside each other, and never sections of two kinds.
 */
export class Turns {
  #kind: string | undefined;
  #inside = 0;
  #waiting: Array<{ kind: string; enter: () => void }> = [];

  async run<T>(kind: string, act: () => Promise<T>): Promise<T> {
    await this.#enter(kind);
    try {
      return await act();
    } finally {
      this.#leave();
    }
  }

  #enter(kind: string): Promise<void> {
    if (this.#inside === 0 || this.#kind === kind) {
      this.#kind = kind;
      this.#inside++;
      return Promise.resolve();
    }
    return new Promise((resolve) => void this.#waiting.push({ kind, enter: resolve }));
  }

  #leave(): void {
    this.#inside--;
    if (this.#inside > 0) return;
    this.#kind = this.#waiting[0]?.kind;
    const next = this.#waiting.filter(({ kind }) => kind === this.#kind);
    this.#waiting = this.#waiting.filter(({ kind }) => kind !== this.#kind);
    this.#inside = next.length;
    for (const { enter } of next) enter();
  }
}

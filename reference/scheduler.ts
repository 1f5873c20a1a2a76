interface Entry<Item> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly item: Item;
}

export interface AgendaOptions<Item> {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Somebody wants to know when something happens; nothing sleeps otherwise. */
  readonly awaited: () => boolean;
  readonly happen: (item: Item, at: number) => void;
}

/** What is certain to happen, and when; it happens in the order of time. */
export class Scheduler<Item> {
  readonly #options: AgendaOptions<Item>;
  #entries: Entry<Item>[] = [];

  constructor(options: AgendaOptions<Item>) {
    this.#options = options;
  }

  add(at: number, item: Item): void {
    const before = this.#entries.findLastIndex((entry) => entry.at <= at);
    this.#entries.splice(before + 1, 0, { at, item });
    void this.#watch(at);
  }

  /** Lets happen whatever is due, however late. */
  catchUp(): void {
    const now = this.#options.now();
    for (let first = this.#entries[0]; first !== undefined && first.at <= now; first = this.#entries[0]) {
      this.#entries.shift();
      this.#options.happen(first.item, first.at);
    }
  }

  /** To be called when somebody starts to wait. */
  resume(): void {
    for (const { at } of [...this.#entries]) void this.#watch(at);
  }

  clear(): void {
    this.#entries = [];
  }

  /** Timers may fire a little early, so the clock is asked again after each sleep. */
  async #watch(at: number): Promise<void> {
    const { now, sleep, awaited } = this.#options;
    while (now() < at && awaited()) await sleep(at - now());
    this.catchUp();
  }
}

interface Entry<Item> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly item: Item;
}

export interface SchedulerOptions<Item> {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Whether items must be reported when they are due; otherwise no timer is set. */
  readonly awaited: () => boolean;
  readonly happen: (item: Item, at: number) => void;
}

/** Future items, each reported when it is due, in chronological order. */
export class Scheduler<Item> {
  readonly #options: SchedulerOptions<Item>;
  #entries: Entry<Item>[] = [];

  constructor(options: SchedulerOptions<Item>) {
    this.#options = options;
  }

  add(at: number, item: Item): void {
    const before = this.#entries.findLastIndex((entry) => entry.at <= at);
    this.#entries.splice(before + 1, 0, { at, item });
    void this.#watch(at);
  }

  /** Reports all items that are due, however late. */
  catchUp(): void {
    const now = this.#options.now();
    for (let first = this.#entries[0]; first !== undefined && first.at <= now; first = this.#entries[0]) {
      this.#entries.shift();
      this.#options.happen(first.item, first.at);
    }
  }

  /** Sets timers for all items. Call it when `awaited` has become true. */
  resume(): void {
    for (const { at } of [...this.#entries]) void this.#watch(at);
  }

  clear(): void {
    this.#entries = [];
  }

  /** Timers may fire slightly early, so the clock is read again after each sleep. */
  async #watch(at: number): Promise<void> {
    const { now, sleep, awaited } = this.#options;
    while (now() < at && awaited()) await sleep(at - now());
    this.catchUp();
  }
}

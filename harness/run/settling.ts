import type { Clock } from '../client/wire.ts';

/** Time is counted in ticks of this length, in milliseconds. */
const TICK_MS = 250;
/** A wait ends after so many times the ticks that it needs, however often this process is held up. */
const MOST_HELD_UP = 10;

/** How long to wait before looking again, in milliseconds: at first, and at most. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;

/**
 * A stretch of time as this process has lived through it. A tick that took more than twice its length counts for
 * nothing: the process was suspended or kept busy, and may not yet have seen what came in the meantime.
 */
export class Stretch {
  /** Resolves when the time is over. */
  readonly over: Promise<void>;
  #isOver = false;
  #isEnded = false;

  constructor(clock: Clock, milliseconds: number) {
    this.over = this.#pass(clock, milliseconds);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nobody waits any more. */
  end(): void {
    this.#isEnded = true;
  }

  async #pass(clock: Clock, milliseconds: number): Promise<void> {
    let left = milliseconds;
    for (
      let ticks = Math.ceil(milliseconds / TICK_MS) * MOST_HELD_UP;
      left > 0 && ticks > 0 && !this.#isEnded;
      ticks--
    ) {
      const tick = Math.min(TICK_MS, left);
      const began = clock.now();
      await clock.sleep(tick);
      if (clock.now() - began <= 2 * Math.max(tick, FIRST_PAUSE_MS)) left -= tick;
    }
    // What came at the last moment has yet to be read.
    await clock.sleep(FIRST_PAUSE_MS);
    this.#isOver = true;
  }
}

/** Looks again and again until what is seen satisfies; the last look begins after all the time is over. Returns what it saw. */
export async function lookUntil<T>(
  clock: Clock,
  milliseconds: number,
  look: () => Promise<T>,
  satisfied: (seen: T) => boolean,
): Promise<T> {
  const time = new Stretch(clock, milliseconds);
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const isLast = time.isOver;
      const seen = await look();
      if (satisfied(seen) || isLast) return seen;
      await Promise.race([clock.sleep(pause), time.over]);
    }
  } finally {
    time.end();
  }
}

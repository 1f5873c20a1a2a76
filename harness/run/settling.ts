import type { Clock } from '../client/wire.ts';

/** Length of a tick, in milliseconds: short enough to notice a suspension, long enough to cost nothing. */
const TICK_MS = 250;
/**
 * A wait ends after this multiple of the ticks it needs, even if the process keeps being held up: no wait is endless.
 */
const MOST_TICKS_FACTOR = 10;

/** Pauses between polls, in milliseconds: the first, doubled each time, and the longest. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;

/**
 * A span of time that this process was awake for. A tick that took more than twice its length does not count: the process
 * was suspended or busy, and may not yet have seen what arrived meanwhile.
 */
export class Stretch {
  /** Resolves when the time is up. */
  readonly over: Promise<void>;
  #isOver = false;
  #isEnded = false;

  constructor(clock: Clock, milliseconds: number) {
    this.over = this.#pass(clock, milliseconds);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Stops the clock, once the caller no longer waits. */
  end(): void {
    this.#isEnded = true;
  }

  async #pass(clock: Clock, milliseconds: number): Promise<void> {
    let left = milliseconds;
    for (
      let ticks = Math.ceil(milliseconds / TICK_MS) * MOST_TICKS_FACTOR;
      left > 0 && ticks > 0 && !this.#isEnded;
      ticks--
    ) {
      const tick = Math.min(TICK_MS, left);
      const began = clock.now();
      await clock.sleep(tick);
      if (clock.now() - began <= 2 * Math.max(tick, FIRST_PAUSE_MS)) left -= tick;
    }
    // Leaves time to read what arrived at the last moment.
    await clock.sleep(FIRST_PAUSE_MS);
    this.#isOver = true;
  }
}

/**
 * Polls until the predicate is satisfied or the time (milliseconds) is up; the last poll begins after that. Returns
 * what the last poll saw.
 */
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

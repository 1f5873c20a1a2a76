import type { Clock } from './wire.ts';

/**
 * Schedules requests: runs a task once a slot is free and the rate limit allows it. Whatever goes stale, such as a token
 * or a signature, is made inside the task. `urgent` tasks are those that a running task waits for: they overtake others
 * and need no free slot.
 */
export type Gate = <T>(act: () => Promise<T>, urgent?: 'urgent') => Promise<T>;

/** Runs every task at once. */
export const openGate: Gate = (act) => act();

export interface GateOptions {
  /** Maximum number of running tasks, not counting urgent ones. */
  readonly places: number;
  /** Maximum number of tasks started per second, evenly spaced; `undefined`: no limit. */
  readonly perSecond: number | undefined;
  readonly clock: Clock;
}

/** A gate with limits on concurrency and rate. Waiting tasks start in order. */
export function createGate({ places, perSecond, clock }: GateOptions): Gate {
  const interval = perSecond === undefined ? 0 : 1000 / perSecond;
  const urgent: Array<() => void> = [];
  const waiting: Array<() => void> = [];
  let free = places;
  let next = 0;
  let isAdmitting = false;

  const admit = async () => {
    if (isAdmitting) return;
    isAdmitting = true;
    while (urgent.length > 0 || (free > 0 && waiting.length > 0)) {
      const wait = Math.min(next - clock.now(), interval);
      if (wait > 0) await clock.sleep(wait);
      next = clock.now() + interval;
      const overtaking = urgent.shift();
      if (overtaking === undefined) free--;
      (overtaking ?? waiting.shift())?.();
    }
    isAdmitting = false;
  };

  return async (act, hurry) => {
    await new Promise<void>((enter) => {
      (hurry === undefined ? waiting : urgent).push(enter);
      void admit();
    });
    try {
      return await act();
    } finally {
      if (hurry === undefined) {
        free++;
        void admit();
      }
    }
  };
}

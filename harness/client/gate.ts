import type { Clock } from './wire.ts';

/**
 * Lets requests go: runs an act once its turn has come. Whatever goes stale with time, such as a token or a signature,
 * is made inside the act. `urgent` acts are what another act waits for: they overtake, and need no free place.
 */
export type Gate = <T>(act: () => Promise<T>, urgent?: 'urgent') => Promise<T>;

/** Lets everything go at once. */
export const openGate: Gate = (act) => act();

export interface GateOptions {
  /** Acts under way at a time, urgent ones apart. */
  readonly places: number;
  /** Acts that begin in a second at most, evenly spaced; `undefined`: no limit. */
  readonly perSecond: number | undefined;
  readonly clock: Clock;
}

/** A gate with so many places and such a pace; who waits enters in order. */
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

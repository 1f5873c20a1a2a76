import type { Clock, Send } from '../wire.ts';

/** Sends at most so many requests a second, evenly spaced. */
export function paced(send: Send, perSecond: number, clock: Clock): Send {
  let next = 0;
  return async (request) => {
    const now = clock.now();
    const slot = Math.max(now, next);
    next = slot + 1000 / perSecond;
    if (slot > now) await clock.sleep(slot - now);
    return send(request);
  };
}

import type { Api } from '../harness/case.ts';
import type { Exchange } from '../harness/exchange.ts';
import { lookUntil } from '../harness/settling.ts';

/** Asks until an answer satisfies, or until the settling time is over; returns the last answer. */
export function until(
  api: Api,
  ask: () => Promise<Exchange>,
  satisfied: (exchange: Exchange) => boolean,
): Promise<Exchange> {
  return lookUntil(api.clock, api.settleMs, ask, satisfied);
}

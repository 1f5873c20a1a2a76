import type { Api } from '../harness/case.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { lookUntil } from '../harness/settling.ts';

/** So much of the settling time is spent on what was awaited in vain before. */
const ONCE_MORE = 0.05;

/**
 * Asks until an answer satisfies, or until the settling time is over; returns the last answer. An operation that refuses
 * in the same way for all of that time is not waited for so long again: it is missing, and not late.
 */
export async function until(
  api: Api,
  ask: () => Promise<Exchange>,
  satisfied: (exchange: Exchange) => boolean,
): Promise<Exchange> {
  const inVain = await api.once('awaited in vain', async () => new Set<string>());
  let first: Exchange | undefined = await ask();
  const kind = kindOf(first);
  let isSatisfied = false;
  const last = await lookUntil(
    api.clock,
    inVain.has(kind) ? api.settleMs * ONCE_MORE : api.settleMs,
    async () => {
      const answer = first ?? (await ask());
      first = undefined;
      return answer;
    },
    (answer) => {
      isSatisfied = satisfied(answer);
      return isSatisfied;
    },
  );
  if (!isSatisfied && !succeeded(last) && kindOf(last) === kind) inVain.add(kind);
  return last;
}

const kindOf = ({ operation, response }: Exchange) => `${operation} ${response.status}`;

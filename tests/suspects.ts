import type { Api, Ask } from '../harness/case.ts';
import { type Group, instant, resolution, text } from '../harness/checks/group.ts';
import { CLOCK_TOLERANCE_MS } from '../harness/checks/timestamps.ts';
import type { Exchange } from '../harness/exchange.ts';
import { type Created, creations } from './stage.ts';

/** Which of many requests has done something. */

/** A request and its answer. */
export interface Asked {
  readonly ask: Ask;
  readonly exchange: Exchange;
}

/** How far the target's clock is ahead of ours, in milliseconds: somewhere from `low` to `high`. */
interface Offset {
  readonly low: number;
  readonly high: number;
}

/** The offset of the target's clock, as its answers to our creations have shown it so far. */
export async function clockOffset(api: Api): Promise<Offset> {
  const width = ({ low, high }: Offset) => high - low;
  const offsets = (await creations(api)).map(offsetFrom).filter((offset) => offset !== undefined);
  return offsets.sort((a, b) => width(a) - width(b))[0] ?? { low: -CLOCK_TOLERANCE_MS, high: CLOCK_TOLERANCE_MS };
}

function offsetFrom({
  exchange: { startedAt, endedAt },
  group,
}: Pick<Created, 'exchange' | 'group'>): Offset | undefined {
  const at = instant(group, 'created_at');
  if (at === undefined) return undefined;
  return { low: at - endedAt, high: at + resolution(text(group, 'created_at') ?? '') - startedAt };
}

/** Tells whether a group may have got the time that one of its members tells while a request was under way. */
export async function timing(
  api: Api,
  group: Group,
  member: 'created_at' | 'updated_at',
): Promise<(exchange: Exchange) => boolean> {
  const at = instant(group, member);
  if (at === undefined) return () => true;
  const { low, high } = await clockOffset(api);
  const end = at + resolution(text(group, member) ?? '');
  return ({ startedAt, endedAt }) => at <= endedAt + high && end >= startedAt + low;
}

/** Those requests during which a group may have got the time that one of its members tells; all where none fits. */
export async function during(
  api: Api,
  asked: readonly Asked[],
  group: Group,
  member: 'created_at' | 'updated_at',
): Promise<readonly Asked[]> {
  const isThen = await timing(api, group, member);
  const fitting = asked.filter(({ exchange }) => isThen(exchange));
  return fitting.length > 0 ? fitting : asked;
}

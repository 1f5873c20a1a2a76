import { promiseOf } from '../contract/ids.ts';
import type { Contract } from '../contract/index.ts';
import type { Exchange } from '../exchange.ts';
import { headerValues } from '../exchange.ts';
import { type Finding, finding } from './finding.ts';
import { type Group, instant, text } from './group.ts';

const MEMBERS = ['created_at', 'updated_at'];
/**
 * Tolerated difference between clocks, in milliseconds. Five minutes, because the vendor does not say how exact its
 * clocks are (curation log, "Clocks").
 */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Judges the timestamps of one group in one answer. Invalid timestamps are reported by the schema. */
export function judgeGroup({ resource }: Contract, exchange: Exchange, group: Group): Finding[] {
  const findings: Finding[] = [];
  const latest = serverTime(exchange) + CLOCK_TOLERANCE_MS;
  for (const member of MEMBERS) {
    const stamp = text(group, member);
    const at = instant(group, member);
    if (stamp === undefined || at === undefined) continue;
    findings.push(
      finding(promiseOf(resource, 'resource.timestamps-utc'), exchange, !isUtc(stamp) && `${member} ${stamp}`),
    );
    findings.push(
      finding(
        promiseOf(resource, 'resource.not-in-the-future'),
        exchange,
        at > latest && `${member} ${stamp}, answered at ${new Date(exchange.endedAt).toISOString()}`,
      ),
    );
  }
  const [created, updated] = MEMBERS.map((member) => instant(group, member));
  if (created !== undefined && updated !== undefined)
    findings.push(
      finding(
        promiseOf(resource, 'resource.created-before-updated'),
        exchange,
        updated < created && `created_at ${text(group, 'created_at')}, updated_at ${text(group, 'updated_at')}`,
      ),
    );
  return findings;
}

/** True for a timestamp in UTC. */
export const isUtc = (stamp: string) => /(z|[+-]00:00)$/i.test(stamp);

/** The later of our clock and the target's `Date`, in milliseconds since the epoch. */
export function serverTime(exchange: Exchange): number {
  const date = Date.parse(headerValues(exchange, 'date')[0] ?? '');
  return Number.isNaN(date) ? exchange.endedAt : Math.max(exchange.endedAt, date);
}

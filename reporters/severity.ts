import type { ReportedRequirement } from './schema/report.ts';

/** Allure's severities, the gravest first. */
const SEVERITIES = ['critical', 'normal', 'minor', 'trivial'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Who may do what, and what is told to whom. */
const GRAVE_AREAS: readonly string[] = ['scopes', 'signatures', 'tokens', 'idempotency'];
const LEAK = /\.(no-internals|additionalProperties)$/;

/** How much a violation of a promise matters: a leak is critical, a header that nobody promised firmly is trivial. */
function severityOfOne({ id, area, level }: Pick<ReportedRequirement, 'id' | 'area' | 'level'>): Severity {
  if (LEAK.test(id)) return 'critical';
  if (level === 'SHOULD') return area === 'headers' ? 'trivial' : 'minor';
  return GRAVE_AREAS.includes(area) ? 'critical' : 'normal';
}

/** The gravest severity of some promises. */
export function severityOf(requirements: readonly Pick<ReportedRequirement, 'id' | 'area' | 'level'>[]): Severity {
  const all = requirements.map(severityOfOne);
  return SEVERITIES.find((severity) => all.includes(severity)) ?? 'normal';
}

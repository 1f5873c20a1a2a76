import type { ReportedRequirement } from './schema/report.ts';

/** Allure's severities, the highest first. */
const SEVERITIES = ['critical', 'normal', 'minor', 'trivial'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Areas in which a violation can expose data or repeat a write. */
const CRITICAL_AREAS: readonly string[] = ['scopes', 'signatures', 'tokens', 'idempotency'];
const LEAK = /\.(no-internals|additionalProperties)$/;

/** How much a violation matters: a data leak is critical, a header that is only recommended is trivial. */
function severityOfOne({ id, area, level }: Pick<ReportedRequirement, 'id' | 'area' | 'level'>): Severity {
  if (LEAK.test(id)) return 'critical';
  if (level === 'SHOULD') return area === 'headers' ? 'trivial' : 'minor';
  return CRITICAL_AREAS.includes(area) ? 'critical' : 'normal';
}

/** The highest severity among some promises; `normal` if there are none. */
export function severityOf(requirements: readonly Pick<ReportedRequirement, 'id' | 'area' | 'level'>[]): Severity {
  const all = requirements.map(severityOfOne);
  return SEVERITIES.find((severity) => all.includes(severity)) ?? 'normal';
}

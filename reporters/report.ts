import type { Case, CaseResult } from '../harness/case.ts';
import type { Contract } from '../harness/contract/index.ts';
import type { Settings } from '../harness/settings.ts';
import { type RequirementVerdict, type RunVerdict, VERDICTS, weight } from '../harness/verdicts.ts';
import type { Left } from './console.ts';

export interface ReportParts {
  readonly contract: Contract;
  readonly cases: readonly Case[];
  readonly results: ReadonlyMap<string, CaseResult>;
  readonly verdicts: readonly RequirementVerdict[];
  readonly verdict: RunVerdict;
  readonly narrowed: boolean;
  readonly settings: Settings;
  readonly target: string;
  readonly startedAt: Date;
  readonly footprint: Left;
  readonly troubles: readonly string[];
}

export type Report = ReturnType<typeof buildReport>;

/** The run as one document: by requirement, in the order of the contract, volatile values apart from the rest. */
export function buildReport({
  contract,
  cases,
  results,
  verdicts,
  verdict,
  narrowed,
  settings,
  target,
  startedAt,
  footprint,
  troubles,
}: ReportParts) {
  const exchanges = new Map(
    [...results.values()].flatMap((result) => result.exchanges.map((exchange) => [exchange.id, exchange] as const)),
  );
  return {
    schema: 'account-groups-conformance/1',
    verdict,
    narrowed,
    counts: Object.fromEntries(VERDICTS.map((word) => [word, verdicts.filter((one) => one.verdict === word).length])),
    contract: { title: contract.title, version: contract.version, path: contract.path, sha256: contract.hash },
    target,
    settings: {
      WRITES: settings.writes ? 'on' : 'off',
      STRICT: settings.strict ? 'on' : 'off',
      TOLERATE: settings.tolerateAdditive ? 'additive' : 'off',
      SEED: settings.seed,
      TIMEOUT: settings.timeoutMs / 1000,
      SETTLE_TIMEOUT: settings.settleMs / 1000,
      USER_ID: settings.userIds,
    },
    requirements: verdicts.map((one) => ({
      id: one.requirement.id,
      area: one.requirement.area,
      level: one.requirement.level,
      statement: one.requirement.statement,
      source: one.requirement.source,
      pointer: one.requirement.pointer,
      verdict: one.verdict,
      gate: weight(one, settings),
      ...(one.reason !== undefined && { reason: one.reason }),
      cases: one.cases,
      exchangeCount: one.exchanges.length,
      violations: one.violations.slice(0, 20),
      violationCount: one.violations.length,
    })),
    cases: cases.map(({ id, title, area, operation, proves }) => {
      const result = results.get(id);
      return {
        id,
        title,
        area,
        operation,
        proves,
        ran: result !== undefined,
        error: result?.error,
        exchanges: result?.exchanges.map((exchange) => exchange.id) ?? [],
      };
    }),
    footprint,
    troubles,
    run: { startedAt: startedAt.toISOString(), durationMs: Date.now() - startedAt.getTime(), requests: exchanges.size },
    exchanges: [...exchanges.values()],
    complete: true,
  };
}

import { DEFAULT_SEED, type RerunOptions, rerunCommand } from '../harness/verdicts/rerun.ts';
import type { Report, ReportedRequirement } from './schema/report.ts';

/** The command that repeats the case that shows a requirement, on the same target with the same inputs. */
export function againFor({ id, cases }: ReportedRequirement, report: Report): string | undefined {
  const test = report.evidence[id]?.violations[0]?.case ?? cases[0];
  const title = report.cases.find((one) => one.id === test)?.title;
  return title === undefined ? undefined : rerunCommand(title, rerunOptionsOf(report));
}

/** The settings that a command needs to repeat a case of this run. */
function rerunOptionsOf({ settings: { BASE_URL, WRITES, SEED } }: Report): RerunOptions {
  const baseUrl = /^https?:/.test(String(BASE_URL)) ? String(BASE_URL) : undefined;
  return {
    baseUrl,
    writes: WRITES === undefined ? baseUrl === undefined : WRITES === 'on',
    seed: Number(SEED ?? DEFAULT_SEED),
  };
}

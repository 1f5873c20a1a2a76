import { stripVTControlCharacters } from 'node:util';
import type { TestResult } from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';
import { AREAS } from '../harness/contract/requirements.ts';
import { type RequirementVerdict, type RunOptions, VERDICTS, weight } from '../harness/verdicts.ts';
import type { Report } from './report.ts';

/** What a run has left behind. */
export interface Left {
  users: string[];
  groups: Array<{ id: string; state: 'open' | 'closed' }>;
}

/** Text from a target, safe to print: control characters are shown, not obeyed. */
export function printable(text: string): string {
  return Array.from(stripVTControlCharacters(text), (sign) =>
    /[\p{Cc}\p{Cf}]/u.test(sign) && sign !== '\n' ? '\ufffd' : sign,
  ).join('');
}

const MARKS: Readonly<Record<TestResult['status'], string>> = {
  passed: 'ok  ',
  failed: 'FAIL',
  skipped: 'n/a ',
  timedOut: 'TIME',
  interrupted: 'STOP',
};

/** One line of progress. */
export function caseLine(title: string, result: TestResult, shown: CaseResult | undefined): string {
  const count =
    shown === undefined
      ? ''
      : ` (${Object.keys(shown.judgements).length} requirements, ${shown.exchanges.length} exchanges)`;
  return `${MARKS[result.status]} ${printable(title)}${count}`;
}

/** The end of a run: what failed and how to see it again, a table by area, and the verdict. */
export function summary(
  report: Report,
  verdicts: readonly RequirementVerdict[],
  options: RunOptions,
  path: string,
): string {
  const lines: string[] = [];
  const shown = verdicts.filter((one) => weight(one, options) !== 'ok');
  for (const one of shown) {
    const level = weight(one, options) === 'advice' ? 'advice' : one.verdict;
    lines.push(`${level.padEnd(8)} ${one.requirement.level} ${one.requirement.id}: ${one.requirement.statement}`);
    const [first] = one.violations;
    if (first !== undefined)
      lines.push(
        `         seen: ${printable(first.seen)}${one.violations.length > 1 ? ` (and ${one.violations.length - 1} more)` : ''}`,
      );
    else if (one.reason !== undefined) lines.push(`         ${printable(one.reason)}`);
  }
  if (shown.length > 0) lines.push('');
  const columns = VERDICTS.filter(
    (word) => word === 'passed' || word === 'failed' || verdicts.some(({ verdict }) => verdict === word),
  );
  lines.push(['area'.padEnd(12), ...columns.map((word) => word.padStart(15))].join(''));
  for (const area of AREAS) {
    const inArea = verdicts.filter(({ requirement }) => requirement.area === area);
    if (inArea.length > 0)
      lines.push(
        [
          area.padEnd(12),
          ...columns.map((word) => String(inArea.filter(({ verdict }) => verdict === word).length).padStart(15)),
        ].join(''),
      );
  }
  const reasons = new Map<string, number>();
  for (const { verdict, reason } of verdicts)
    if (verdict === 'not-applicable' || verdict === 'untested')
      reasons.set(`${verdict}: ${reason}`, (reasons.get(`${verdict}: ${reason}`) ?? 0) + 1);
  lines.push('', ...[...reasons].map(([reason, count]) => `${count} ${reason}`));
  const { users, groups } = report.footprint;
  const open = groups.filter(({ state }) => state === 'open');
  lines.push(
    `left behind: ${users.length} users, ${groups.length} account groups (${groups.length - open.length} closed${open.length > 0 ? `; still open: ${open.map(({ id }) => printable(id)).join(', ')}` : ''})`,
  );
  lines.push(
    `${report.run.requests} requests in ${(report.run.durationMs / 1000).toFixed(1)} s against ${report.target}, seed ${report.settings.SEED}`,
  );
  lines.push(`reports: ${path}, playwright-report/index.html, reports/junit.xml, allure-results/`);
  lines.push(`verdict: ${report.verdict}${report.narrowed ? ' (not every case was selected)' : ''}`);
  return lines.join('\n');
}

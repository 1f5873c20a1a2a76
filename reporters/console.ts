import type { TestResult } from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';
import { AREAS } from '../harness/contract/requirements.ts';
import { ADVICE, ELSEWHERE } from '../harness/run/outcome.ts';
import { VERDICTS } from '../harness/verdicts/verdicts.ts';
import { withoutProof } from './provenance.ts';
import type { Report, ReportedRequirement } from './report.ts';
import { byShards, counted, countedByKind, oneLine } from './text.ts';
import { verdictLine } from './verdict-line.ts';

const MARKS: Readonly<Record<TestResult['status'], string>> = {
  passed: 'ok  ',
  failed: 'FAIL',
  skipped: 'n/a ',
  timedOut: 'TIME',
  interrupted: 'STOP',
};

/** Notes shown on the line of a green test; the rest are only counted. */
const MOST_NOTES = 3;

/** One line of progress; for a green test, also violations in its answers that are advice or that another case reports. */
export function caseLine(
  title: string,
  result: Pick<TestResult, 'status' | 'annotations'>,
  shown: CaseResult | undefined,
): string {
  const count =
    shown === undefined
      ? ''
      : ` (${counted(Object.keys(shown.findings).length, 'requirement')}, ${counted(shown.exchanges.length, 'exchange')})`;
  const notes = result.annotations.filter(({ type }) => type === ELSEWHERE || type === ADVICE);
  const texts = notes.map(({ type, description = '' }) =>
    oneLine(type === ADVICE ? `advice: ${description.split('\n')[0]}` : description),
  );
  const more = texts.length > MOST_NOTES ? ` and ${texts.length - MOST_NOTES} more` : '';
  const but =
    result.status !== 'passed' || texts.length === 0 ? '' : `; but ${texts.slice(0, MOST_NOTES).join('; ')}${more}`;
  return `${MARKS[result.status]} ${oneLine(title)}${count}${but}`;
}

/** The end of a run: findings, a table by area, what was not tested, the footprint, and the verdict. */
export function summary(report: Report, paths: readonly string[]): string {
  return [
    ...findings(report),
    ...table(report),
    '',
    ...reasons(report),
    ...report.run.troubles.map((text) => `problem: ${oneLine(text)}`),
    leftBehind(report),
    `${counted(report.run.requests, 'request')}${byShards(report.run)} in ${(report.run.durationMs / 1000).toFixed(1)} s against ${oneLine(report.target)}, seed ${report.settings.SEED}`,
    `proof: ${report.proof === undefined ? withoutProof(report) : `${report.proof.statement} (${report.proof.caught} of ${report.proof.faults} faults that this run could detect were caught)`}`,
    `reports: ${paths.join(', ')}`,
    `verdict: ${oneLine(verdictLine(report))}`,
  ].join('\n');
}

/** More findings with one reason than this are summarized in one line. */
const MOST_ALIKE = 5;
/** Findings shown on the console; the report has all of them. */
const MOST_FINDINGS = 50;

function findings({ requirements, evidence }: Report): string[] {
  const weightOf = ({ gate, verdict }: ReportedRequirement) =>
    gate === 'ok' ? 3 : gate === 'advice' ? 2 : verdict === 'failed' || verdict === 'stale' ? 0 : 1;
  const shown = requirements
    .filter(({ gate, verdict }) => gate !== 'ok' || verdict === 'known')
    .sort((a, b) => weightOf(a) - weightOf(b));
  const alike = new Map<string, number>();
  for (const { verdict, reason } of shown)
    alike.set(`${verdict} ${reason}`, (alike.get(`${verdict} ${reason}`) ?? 0) + 1);
  const many = [...alike].filter(([, count]) => count > MOST_ALIKE);
  const single = shown.filter(
    ({ verdict, reason }) => (alike.get(`${verdict} ${reason}`) ?? 0) <= MOST_ALIKE || reason === undefined,
  );
  const lines = single.slice(0, MOST_FINDINGS).flatMap((one) => {
    const { violations = [], violationCount = 0 } = evidence[one.id] ?? {};
    const [first] = violations;
    const more = violationCount > 1 ? ` (and ${violationCount - 1} more)` : '';
    return [
      `${(one.gate === 'advice' ? 'advice' : one.verdict).padEnd(8)} ${one.level} ${one.id}: ${one.statement}`,
      ...(first === undefined ? [] : [`         seen: ${oneLine(first.seen)}${more}`]),
      ...(one.reason === undefined ? [] : [`         ${oneLine(one.reason)}`]),
    ];
  });
  if (single.length > MOST_FINDINGS) lines.push(`... and ${single.length - MOST_FINDINGS} more`);
  for (const [finding, count] of many)
    if (!finding.endsWith(' undefined')) lines.push(`${oneLine(finding)}: ${count} requirements`);
  return shown.length > 0 ? [...lines, ''] : [];
}

function table({ requirements }: Report): string[] {
  const columns = VERDICTS.filter(
    (word) => word === 'passed' || word === 'failed' || requirements.some(({ verdict }) => verdict === word),
  );
  const row = (name: string, cells: readonly (string | number)[]) =>
    [name.padEnd(12), ...cells.map((cell) => String(cell).padStart(15))].join('');
  return [
    row('area', columns),
    ...AREAS.flatMap((area) => {
      const inArea = requirements.filter((one) => one.area === area);
      const count = (word: string) => inArea.filter(({ verdict }) => verdict === word).length;
      return inArea.length === 0 ? [] : [row(area, columns.map(count))];
    }),
  ];
}

function reasons({ requirements }: Report): string[] {
  const found = new Map<string, number>();
  for (const { verdict, reason } of requirements)
    if (verdict === 'excluded' || verdict === 'untested')
      found.set(`${verdict}: ${reason}`, (found.get(`${verdict}: ${reason}`) ?? 0) + 1);
  return [...found].map(([reason, count]) => `${count} ${oneLine(reason)}`);
}

function leftBehind({ run }: Report): string {
  const { prerequisites, groups, webhooks } = run.footprint;
  const open = groups.filter(({ state }) => state === 'open').map(({ id }) => oneLine(id));
  const rest = open.length > 0 ? `; still open: ${open.join(', ')}` : '';
  const registered = webhooks.filter(({ state }) => state === 'registered').map(({ id }) => oneLine(id));
  const hooks = registered.length > 0 ? `, ${counted(registered.length, 'webhook')}: ${registered.join(', ')}` : '';
  return `left behind${byShards(run)}: ${[countedByKind(prerequisites), counted(groups.length, 'account group')].filter(Boolean).join(', ')} (${groups.length - open.length} closed${rest})${hooks}`;
}

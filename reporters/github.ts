import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERDICTS } from '../harness/verdicts/verdicts.ts';
import { type Cause, causesOf, extentOf } from './causes.ts';
import { code, head, plain, row } from './markdown.ts';
import { areasOf } from './order.ts';
import { withoutProof } from './provenance.ts';
import type { Report, ReportedRequirement } from './schema/report.ts';
import { byShards, cut, oneLine } from './text.ts';
import { sentenceOf, verdictLine } from './verdict-line.ts';

/** GitHub shows at most ten annotations of a kind for each step. */
const MOST_ANNOTATIONS = 10;
/** These two keep a step summary far below the 1 MiB at which GitHub rejects it. */
const MOST_ROWS = 50;
const MOST_TEXT = 300;

/** In GitHub Actions, writes the step summary and an annotation for each finding; elsewhere does nothing. */
export function writeGitHubOutput(
  report: Report,
  env: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void = (text) => void process.stdout.write(text),
): void {
  if (env.GITHUB_ACTIONS !== 'true') return;
  const path = env.GITHUB_STEP_SUMMARY;
  if (path !== undefined && path !== '') appendFileSync(path, stepSummary(report));
  for (const line of annotations(report)) print(`${line}\n`);
}

/** The run in Markdown: the verdict with its scope, the causes with the most severe first, areas, and where the report is. */
export function stepSummary(report: Report): string {
  const { run, target } = report;
  const causes = causesOf(report);
  const rest = causes.length - MOST_ROWS;
  return [
    `## Account Groups: ${plain(verdictLine(report))}`,
    '',
    `${plain(sentenceOf(report))} ${plain(target)}, ${run.startedAt}, ${run.requests} requests${byShards(run)} in ${(run.durationMs / 1000).toFixed(1)} s.`,
    '',
    ...causeTable(causes.slice(0, MOST_ROWS), report),
    ...(rest > 0 ? [`${rest} more causes are in the report.`, ''] : []),
    ...areaTable(report),
    `Proof: ${plain(report.proof === undefined ? withoutProof(report) : `${report.proof.statement}, ${report.proof.caught} of ${report.proof.faults} faults that this run could detect were caught`)}.`,
    '',
    `The report is ${code(join(String(report.settings.OUTPUT_DIR ?? '.'), 'reports/conformance.html'))}${run.ci?.url === undefined ? '' : `, and among the [artifacts of this run](${run.ci.url}#artifacts) if the job uploads it`}. Run ${code(run.id)}.`,
    '',
    '',
  ].join('\n');
}

function causeTable(causes: readonly Cause[], report: Report): string[] {
  if (causes.length === 0) return [];
  const rows = causes.map((cause) => {
    const [first] = cause.requirements;
    const { id = '', level = '', verdict = '' } = first ?? {};
    const more = cause.requirements.length > 1 ? ` and ${cause.requirements.length - 1} more` : '';
    const seen = first === undefined ? '' : detailOf(first, report);
    return row(
      verdict,
      level,
      `${code(id)}${more}`,
      `${plain(cut(cause.title, MOST_TEXT))} (${extentOf(cause)})`,
      plain(seen),
    );
  });
  return [head('verdict', 'level', 'promise', 'cause', 'seen'), ...rows, ''];
}

function areaTable({ requirements }: Report): string[] {
  const columns = VERDICTS.filter((word) => requirements.some(({ verdict }) => verdict === word));
  const areas = areasOf({ requirements });
  const count = (area: string, word: string) =>
    requirements.filter((one) => one.area === area && one.verdict === word).length || '';
  return [
    '### Promises by area and verdict',
    '',
    head('area', ...columns),
    ...areas.map((area) => row(plain(area), ...columns.map((word) => count(area, word)))),
    '',
  ];
}

/** A workflow command for each finding that keeps the gate closed; the last one counts those without a command. */
export function annotations(report: Report): string[] {
  const isBroken = ({ observed }: ReportedRequirement) => observed === 'violated';
  const blocking = report.requirements
    .filter(({ gate }) => gate === 'gate')
    .sort((a, b) => Number(isBroken(b)) - Number(isBroken(a)));
  const lines = blocking
    .slice(0, MOST_ANNOTATIONS - 1)
    .map((one) =>
      command(
        `${one.verdict}: ${one.id}`,
        `${one.level} ${one.statement} ${detailOf(one, report)}`,
        report.contract.path,
      ),
    );
  const rest = blocking.length - lines.length;
  return rest > 0
    ? [...lines, command(`${rest} more findings`, 'They are in the report.', report.contract.path)]
    : lines;
}

function detailOf(one: ReportedRequirement, report: Report): string {
  const seen = report.evidence[one.id]?.violations[0]?.seen;
  return cut(seen === undefined ? (one.reason ?? '') : `seen: ${seen}`, MOST_TEXT);
}

const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
const data = (text: string) => oneLine(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const command = (title: string, text: string, file: string) =>
  `::error title=${property(title)},file=${property(file)}::${data(text)}`;

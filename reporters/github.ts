import { appendFileSync } from 'node:fs';
import { VERDICTS } from '../harness/verdicts.ts';
import type { Report, ReportedRequirement } from './report.ts';
import { byShards, cut, oneLine } from './text.ts';
import { verdictLine } from './verdict-line.ts';

/** GitHub shows ten annotations of a kind for a step, and summaries up to a size. */
const MOST_ANNOTATIONS = 10;
const MOST_ROWS = 50;
const MOST_TEXT = 300;

/** Tells GitHub where the run happens there: a summary of the step, and an annotation for each finding. */
export function tellGitHub(
  report: Report,
  env: Readonly<Record<string, string | undefined>>,
  print: (text: string) => void = (text) => void process.stdout.write(text),
): void {
  if (env.GITHUB_ACTIONS !== 'true') return;
  const path = env.GITHUB_STEP_SUMMARY;
  if (path !== undefined && path !== '') appendFileSync(path, stepSummary(report));
  for (const line of annotations(report)) print(`${line}\n`);
}

/** The run in Markdown. */
export function stepSummary(report: Report): string {
  const shown = report.requirements.filter(({ gate, verdict }) => gate !== 'ok' || verdict === 'known');
  const counts = VERDICTS.filter((word) => (report.counts[word] ?? 0) > 0).map(
    (word) => `${report.counts[word]} ${word}`,
  );
  const rows = shown
    .slice(0, MOST_ROWS)
    .map(
      (one) =>
        `| ${one.verdict} | ${one.level} | ${code(one.id)} | ${cell(one.statement)} | ${cell(saidOf(one, report))} |`,
    );
  return [
    `## Account Groups: ${cell(verdictLine(report))}`,
    '',
    `${cell(report.target)}, ${report.run.startedAt}, ${report.run.requests} requests${byShards(report.run)} in ${(report.run.durationMs / 1000).toFixed(1)} s. ${counts.join(', ')}.`,
    '',
    ...(rows.length > 0
      ? ['| verdict | level | requirement | promise | seen |', '|---|---|---|---|---|', ...rows, '']
      : []),
    ...(shown.length > MOST_ROWS ? [`${shown.length - MOST_ROWS} more are in the report.`, ''] : []),
    `Proof: ${report.proof === undefined ? 'none on record' : `${report.proof.statement}, ${report.proof.caught} of ${report.proof.faults} faults that this run could notice were caught`}.`,
    '',
    '',
  ].join('\n');
}

/** A workflow command for each finding that keeps the gate shut, and one for the rest of them. */
export function annotations(report: Report): string[] {
  const shut = report.requirements.filter(({ gate }) => gate === 'gate');
  const lines = shut
    .slice(0, MOST_ANNOTATIONS - 1)
    .map((one) =>
      command(
        `${one.verdict}: ${one.id}`,
        `${one.level} ${one.statement} ${saidOf(one, report)}`,
        report.contract.path,
      ),
    );
  const rest = shut.length - lines.length;
  return rest > 0
    ? [...lines, command(`${rest} more findings`, 'They are in the report.', report.contract.path)]
    : lines;
}

function saidOf(one: ReportedRequirement, report: Report): string {
  const seen = report.evidence[one.id]?.violations[0]?.seen;
  return cut(seen === undefined ? (one.reason ?? '') : `seen: ${seen}`, MOST_TEXT);
}

const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
const data = (text: string) => oneLine(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const command = (title: string, text: string, file: string) =>
  `::error title=${property(title)},file=${property(file)}::${data(text)}`;

/** Text that Markdown takes as text: markup, links, mentions and tables are disarmed. */
const cell = (text: string) =>
  oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@:]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const code = (text: string) => `<code>${cell(text)}</code>`;

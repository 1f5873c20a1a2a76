import { realpathSync } from 'node:fs';
import { CHANGES, type Change, type Comparison, compare } from './comparison.ts';
import { code, head, plain, row } from './markdown.ts';
import type { Report } from './report.ts';
import { NotAReport, readReport } from './report-file.ts';
import { cut, oneLine } from './text.ts';
import { verdictLine } from './verdict-line.ts';

/**
 * `npm run compare -- old.json new.json [--markdown]`: prints what changed from one run to the next.
 * Exit codes: 0, nothing is worse; 1, something is worse; 2, a file is not a report.
 */

/** Details are cut after this many characters, so that a change stays on a line or two. */
const MOST_SEEN = 200;

const changesIn = ({ lists }: Comparison): readonly Change[] =>
  Object.keys(CHANGES)
    .filter((kind): kind is Change => Object.hasOwn(lists, kind))
    .filter((kind) => lists[kind].length > 0);

function conclusionOf(comparison: Comparison): string {
  if (changesIn(comparison).length === 0) return 'no requirement has changed';
  return comparison.worse ? 'the new run is worse' : 'the new run is not worse';
}

/** The comparison as plain text. */
function inPlainText(comparison: Comparison, old: Report, next: Report): string {
  const { lists, sameContract, sameTarget } = comparison;
  return [
    `old: ${oneLine(verdictLine(old))}, ${oneLine(old.target)}, ${old.run.startedAt}`,
    `new: ${oneLine(verdictLine(next))}, ${oneLine(next.target)}, ${next.run.startedAt}`,
    ...(sameTarget ? [] : ['note: the targets differ']),
    ...(sameContract ? [] : ['note: the contracts differ']),
    '',
    ...changesIn(comparison).flatMap((kind) => [
      `${CHANGES[kind]} (${lists[kind].length}):`,
      ...lists[kind].map(
        ({ id, from, to, detail }) =>
          `  ${oneLine(id)}: ${from} -> ${to}${detail === '' ? '' : `; ${cut(oneLine(detail), MOST_SEEN)}`}`,
      ),
    ]),
    conclusionOf(comparison),
  ].join('\n');
}

/** The comparison as Markdown; text from a target is escaped. */
export function inMarkdown(comparison: Comparison, old: Report, next: Report): string {
  const { lists, sameContract, sameTarget } = comparison;
  const side = (name: string, report: Report) =>
    `- ${name}: ${plain(verdictLine(report))}, ${plain(report.target)}, ${report.run.startedAt}`;
  return [
    `## ${conclusionOf(comparison)}`,
    '',
    side('old', old),
    side('new', next),
    ...(sameTarget ? [] : ['- the targets differ']),
    ...(sameContract ? [] : ['- the contracts differ']),
    '',
    ...changesIn(comparison).flatMap((kind) => [
      `### ${CHANGES[kind]} (${lists[kind].length})`,
      '',
      head('requirement', 'was', 'is', 'detail'),
      ...lists[kind].map(({ id, from, to, detail }) =>
        row(code(id), plain(from), plain(to), plain(cut(oneLine(detail), MOST_SEEN))),
      ),
      '',
    ]),
  ].join('\n');
}

function main(words: readonly string[]): number {
  const paths = words.filter((word) => word !== '--markdown');
  const [oldPath, nextPath] = paths;
  if (oldPath === undefined || nextPath === undefined || paths.length > 2) {
    process.stderr.write(
      `Expected two reports, got ${paths.length}. Usage: npm run compare -- old.json new.json [--markdown]\n`,
    );
    return 2;
  }
  try {
    const [old, next] = [readReport(oldPath), readReport(nextPath)];
    const comparison = compare(old, next);
    const text = paths.length < words.length ? inMarkdown : inPlainText;
    process.stdout.write(`${text(comparison, old, next)}\n`);
    return comparison.worse ? 1 : 0;
  } catch (error) {
    if (!(error instanceof NotAReport)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

// Started, and not imported; the path to it may lead through a link.
const [, started] = process.argv;
if (started !== undefined && realpathSync(started) === import.meta.filename)
  process.exitCode = main(process.argv.slice(2));

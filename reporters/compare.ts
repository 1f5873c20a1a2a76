import { realpathSync } from 'node:fs';
import { CHANGES, type Change, type Comparison, compare } from './comparison.ts';
import { code, head, plain, row } from './markdown.ts';
import type { Report } from './report.ts';
import { NotAReport, readReport } from './report-file.ts';
import { cut, oneLine } from './text.ts';
import { verdictLine } from './verdict-line.ts';

/**
 * `npm run compare -- old.json new.json [--markdown]`: what has changed from one run to the next.
 * Ends with 0 where nothing is worse, 1 where something is, 2 where a file is not a report.
 */

const MOST_SEEN = 200;

/** The comparison in lines. */
export function told({ lists, sameContract, sameTarget, worse }: Comparison, old: Report, next: Report): string {
  const kinds = Object.keys(CHANGES).filter((kind): kind is Change => Object.hasOwn(lists, kind));
  const sections = kinds
    .filter((kind) => lists[kind].length > 0)
    .flatMap((kind) => [
      `${CHANGES[kind]} (${lists[kind].length}):`,
      ...lists[kind].map(
        ({ id, from, to, detail }) =>
          `  ${oneLine(id)}: ${from} -> ${to}${detail === '' ? '' : `; ${cut(oneLine(detail), MOST_SEEN)}`}`,
      ),
    ]);
  return [
    `old: ${oneLine(verdictLine(old))}, ${oneLine(old.target)}, ${old.run.startedAt}`,
    `new: ${oneLine(verdictLine(next))}, ${oneLine(next.target)}, ${next.run.startedAt}`,
    ...(sameTarget ? [] : ['note: the targets differ']),
    ...(sameContract ? [] : ['note: the contracts differ']),
    '',
    ...sections,
    sections.length === 0 ? 'no requirement has changed' : worse ? 'the new run is worse' : 'the new run is not worse',
  ].join('\n');
}

/** The comparison in Markdown, in which no text of a target is markup. */
export function inMarkdown({ lists, sameContract, sameTarget, worse }: Comparison, old: Report, next: Report): string {
  const kinds = Object.keys(CHANGES).filter((kind): kind is Change => Object.hasOwn(lists, kind));
  const found = kinds.filter((kind) => lists[kind].length > 0);
  const outcome =
    found.length === 0 ? 'no requirement has changed' : worse ? 'the new run is worse' : 'the new run is not worse';
  const told = (name: string, report: Report) =>
    `- ${name}: ${plain(verdictLine(report))}, ${plain(report.target)}, ${report.run.startedAt}`;
  return [
    `## ${outcome}`,
    '',
    told('old', old),
    told('new', next),
    ...(sameTarget ? [] : ['- the targets differ']),
    ...(sameContract ? [] : ['- the contracts differ']),
    '',
    ...found.flatMap((kind) => [
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
    process.stderr.write('Two reports are needed: npm run compare -- old.json new.json [--markdown]\n');
    return 2;
  }
  try {
    const [old, next] = [readReport(oldPath), readReport(nextPath)];
    const comparison = compare(old, next);
    const text = paths.length < words.length ? inMarkdown : told;
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

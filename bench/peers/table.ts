import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Variant } from '../../proof/variants/index.ts';
import { suiteOf } from '../../reporters/provenance.ts';
import type { Peer } from './peer.ts';
import type { Sampled } from './sample.ts';

/** The results of one tool. */
export type Row =
  | { readonly peer: Peer; readonly problem: string }
  | {
      readonly peer: Peer;
      /** Ids of the faults that it caught. */
      readonly caught: ReadonlySet<string>;
      /** Ids of the conforming variants on which it raised a false alarm. */
      readonly alarms: ReadonlySet<string>;
      /** Its findings on the correct reference. */
      readonly falseFindings: readonly string[];
      readonly requests: number;
      readonly seconds: number;
    };

interface Result {
  readonly rows: readonly Row[];
  readonly faults: readonly Sampled[];
  readonly variants: readonly Variant[];
  readonly seed: number;
}

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const escaped = (text: string) => text.replaceAll('|', '\\|');

/** The tables in Markdown. */
export function table({ rows, faults, variants, seed }: Result): string {
  const measured = rows.filter((row) => 'caught' in row);
  const mark = (is: boolean | undefined) => (is ? 'yes' : '');
  const { commit, dirty } = suiteOf();
  const suite = `suite ${commit?.slice(0, 12) ?? 'without a commit'}${dirty ? ' with local changes' : ''}`;
  const cores = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`;
  return [
    `${new Date().toISOString().slice(0, 10)}; ${cores}, Node ${process.versions.node}; ${suite}; seed ${seed}, ${faults.length} faults, ${variants.length} conforming variants.`,
    '',
    line(['tool', 'faults caught', 'requests', 'seconds', 'lines to write', 'false alarms: reference', 'variants']),
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows.map((row) => summary(row, faults.length, variants.length)),
    '',
    line(['area', 'fault', ...measured.map(({ peer }) => peer.name)]),
    line(Array.from({ length: measured.length + 2 }, () => '---')),
    ...faults.map(({ fault, area }) =>
      line([area, escaped(fault.statement), ...measured.map(({ caught }) => mark(caught.has(fault.id)))]),
    ),
    '',
    line(['false alarm on a conforming variant', ...measured.map(({ peer }) => peer.name)]),
    line(Array.from({ length: measured.length + 1 }, () => '---')),
    ...variants.map(({ id, difference }) =>
      line([escaped(difference), ...measured.map(({ alarms }) => mark(alarms.has(id)))]),
    ),
    '',
    'False findings on the correct reference:',
    '',
    ...measured.flatMap(({ peer, falseFindings }) => falseFindings.map((finding) => `- ${peer.name}: ${finding}`)),
    '',
  ].join('\n');
}

function summary(row: Row, faults: number, variants: number): string {
  const { name, packages } = row.peer;
  const tool = packages.length === 0 ? name : `${name} (${packages.map((one) => `\`${one}\``).join(', ')})`;
  if ('problem' in row) return line([tool, `cannot be installed here: ${escaped(row.problem)}`, '', '', '', '', '']);
  return line([
    tool,
    `${row.caught.size} of ${faults}`,
    row.requests,
    row.seconds.toFixed(1),
    row.peer.config.reduce((sum, file) => sum + linesOf(file), 0),
    row.falseFindings.length,
    `${row.alarms.size} of ${variants}`,
  ]);
}

function linesOf(file: string): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((text) => text.trim() !== '' && !/^\s*(#|\/\/|\/\*\*)/.test(text)).length;
}

const README = join(import.meta.dirname, 'README.md');
const [BEGIN, END] = ['<!-- result -->', '<!-- end of result -->'];

/** Replaces the tables between the marks in the README. */
export function writeReadme(result: string): void {
  const readme = readFileSync(README, 'utf8');
  const [before = '', rest = ''] = readme.split(BEGIN);
  const [, after = ''] = rest.split(END);
  writeFileSync(README, `${before}${BEGIN}\n\n${result}\n${END}${after}`);
}

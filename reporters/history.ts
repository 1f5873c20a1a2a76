import { appendFileSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RUN_VERDICTS, VERDICTS, type Verdict } from '../harness/verdicts/verdicts.ts';
import { WORST_FIRST } from './order.ts';
import type { Report } from './schema/report.ts';
import { documentOf, type Of, object, pattern, record, text, words } from './schema/shape.ts';
import { safeJson } from './text.ts';

/** One run in the history: a line of JSON. */
const entry = object({
  id: text(),
  startedAt: pattern('^\\d{4}-\\d\\d-\\d\\dT'),
  target: text(),
  contract: text('Version of the contract.'),
  verdict: words(RUN_VERDICTS),
  areas: record(words(VERDICTS), 'The worst verdict of each area.'),
});
export type Entry = Of<typeof entry>;

const isEntry = new Ajv2020({ strict: true }).compile<Entry>(documentOf('urn:history:1', 'A run', entry));

/** File name in the output folder. One file for all targets and versions; it is only ever appended to. */
export const HISTORY = 'conformance-history.jsonl';
/** How many of the latest runs a report shows: a month of nightly runs. */
export const SHOWN = 30;

/** The history entry of a report. */
export function entryOf({ run, target, contract, settings, verdict, requirements }: Report): Entry {
  const areas = new Map<string, Verdict>();
  for (const { area, verdict: word, gate } of requirements) {
    // Advice is shown, but not as a failure.
    const counted = gate === 'advice' ? 'known' : word;
    const worst = areas.get(area);
    if (worst === undefined || WORST_FIRST.indexOf(counted) < WORST_FIRST.indexOf(worst)) areas.set(area, counted);
  }
  return {
    id: run.id,
    startedAt: run.startedAt,
    target,
    contract: `${contract.version} ${settings.CONTRACT_VERSION ?? ''}`.trim(),
    verdict,
    areas: Object.fromEntries(areas),
  };
}

/** The latest runs against the same target and contract version, the oldest first, ending with this report. */
export function historyOf(report: Report, path: string): readonly Entry[] {
  const own = entryOf(report);
  const before = read(path).filter(
    ({ id, target, contract }) => id !== own.id && target === own.target && contract === own.contract,
  );
  return [...before, own].slice(-SHOWN);
}

/** Adds a complete run to the history, once. Partial runs are left out: they would compare with nothing. */
export function remember(report: Report, path: string): void {
  if (report.narrowed || read(path).some(({ id }) => id === report.run.id)) return;
  appendFileSync(path, `${safeJson(entryOf(report))}\n`);
}

function read(path: string): Entry[] {
  let content = '';
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return content.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isEntry(value) ? [value] : [];
    } catch {
      // A truncated line costs one run, not the whole history.
      return [];
    }
  });
}

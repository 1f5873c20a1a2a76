import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadContract } from '../harness/contract/index.ts';
import type { Delivery } from '../harness/delivery.ts';
import { jsonTexts } from '../harness/json-sequence.ts';
import { portable } from '../harness/package.ts';
import { EXIT_UNUSABLE, settingsOrExit } from '../harness/run/environment.ts';
import { deliveryOf, type Recording } from '../harness/run/recorded.ts';
import { eventReport } from './event-report.ts';
import { fitsOfDeliveries } from './event-versions.ts';
import { writeEvidence } from './evidence.ts';
import { page } from './html/page.ts';
import { EVENTS } from './manifest.ts';
import { writeReport, writeWhole } from './report-file.ts';
import { counted, cut, oneLine } from './text.ts';

/** In bytes. A file is read into memory as a whole; larger ones are rejected. */
const LARGEST_FILE = 256 * 1024 * 1024;
/** Violations printed for each promise, and characters of each; the report has all of them. */
const MOST_PRINTED = 3;
const MOST_SEEN = 300;

/** The bodies in the readable files; adds a problem for each of the others. */
function readAll(paths: readonly string[], troubles: string[]): Recording[] {
  return paths.flatMap((path) => {
    const name = path === '-' ? 'standard input' : portable(path);
    try {
      const body = readFileSync(path === '-' ? 0 : path);
      if (body.length <= LARGEST_FILE) return bodiesIn(name, body);
      troubles.push(`${name} has ${body.length} bytes, more than ${LARGEST_FILE}; split it`);
    } catch (error) {
      troubles.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return [];
  });
}

/** The bodies in one file; if there are several, each gets a number. */
function bodiesIn(name: string, bytes: Uint8Array): Recording[] {
  const [first, ...rest] = jsonTexts(bytes);
  return rest.length === 0
    ? [{ name, body: first ?? bytes }]
    : [first ?? bytes, ...rest].map((body, index) => ({ name: `${name} (${index + 1})`, body }));
}

/** Where output goes; both functions take whole lines without line ends. */
export interface Output {
  print(text: string): void;
  complain(text: string): void;
}

const EACH_VERSION = '--versions';

/**
 * Judges the deliveries in some files, writes the report, and returns the exit code.
 *
 * @param words paths (`-`: standard input), and `--versions` to also print how the deliveries fit each version
 */
export async function checkEvents(words: readonly string[], { print, complain }: Output): Promise<number> {
  const paths = words.filter((word) => word !== EACH_VERSION);
  const settings = settingsOrExit(false);
  const contract = await loadContract(settings.contract, settings.contractVersion);
  const startedAt = Date.now();
  const troubles: string[] = [];
  const recordings = readAll(paths.length === 0 ? ['-'] : paths, troubles);
  const deliveries = recordings.flatMap((recording, index): Delivery[] => {
    const delivery = deliveryOf(contract, recording, index, startedAt);
    if (delivery === undefined) troubles.push(`${recording.name} is not JSON; it may have been truncated`);
    return delivery === undefined ? [] : [delivery];
  });
  const events = deliveries.reduce((sum, delivery) => sum + delivery.events.length, 0);
  if (events === 0) troubles.push('found no event of an account group in the input');

  const { report, broken } = eventReport(contract, settings, deliveries, troubles, startedAt);
  const { outputDir: root, evidenceKeyFile: keyFile } = settings;
  const json = join(root, EVENTS.report);
  const html = join(dirname(json), 'conformance.html');
  writeReport(json, report);
  writeWhole(html, page(report));
  writeEvidence({ report, keyFile, root, delivery: EVENTS });

  const nameOf = (id: string) => deliveries.find(({ exchange }) => exchange.id === id)?.exchange.request.url ?? id;
  for (const { id, statement } of broken) {
    print(`FAIL ${id}: ${statement}`);
    for (const { seen, exchanges } of report.evidence[id]?.violations.slice(0, MOST_PRINTED) ?? [])
      print(`  ${exchanges.map(nameOf).map(oneLine).join(', ')}: ${cut(oneLine(seen), MOST_SEEN)}`);
  }
  for (const trouble of troubles) complain(oneLine(trouble));
  const judged = report.requirements.filter(({ id }) => report.evidence[id] !== undefined).length;
  if (events > 0)
    print(
      `${counted(events, 'event')} in ${counted(deliveries.length, 'delivery', 'deliveries')}: ${counted(judged, 'requirement')} judged, ${broken.length} violated`,
    );
  print(`reports: ${html}, ${json}`);
  if (words.includes(EACH_VERSION)) for (const line of await fitsOfDeliveries(settings, deliveries)) print(line);
  if (broken.length > 0) return 1;
  return troubles.length > 0 ? EXIT_UNUSABLE : 0;
}

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

const LARGEST_FILE = 256 * 1024 * 1024;
const MOST_TOLD = 3;
const MOST_SEEN = 300;

/** The bodies in the files that can be read, and what is wrong with the others. */
function readAll(paths: readonly string[], troubles: string[]): Recording[] {
  return paths.flatMap((path) => {
    const name = path === '-' ? 'standard input' : portable(path);
    try {
      const body = readFileSync(path === '-' ? 0 : path);
      if (body.length <= LARGEST_FILE) return bodiesIn(name, body);
      troubles.push(`${name} is larger than ${LARGEST_FILE} bytes`);
    } catch (error) {
      troubles.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return [];
  });
}

/** Each body under a name of its own where there are several. */
function bodiesIn(name: string, bytes: Uint8Array): Recording[] {
  const [first, ...rest] = jsonTexts(bytes);
  return rest.length === 0
    ? [{ name, body: first ?? bytes }]
    : [first ?? bytes, ...rest].map((body, index) => ({ name: `${name} (${index + 1})`, body }));
}

export interface Voice {
  /** Each takes whole lines without their ends. */
  print(text: string): void;
  complain(text: string): void;
}

const EACH_VERSION = '--versions';

/**
 * Judges the deliveries in some files (`-`: standard input), writes the report, and returns the exit code. With
 * `--versions` among them it also prints how the deliveries fit each version of the contract.
 */
export async function checkEvents(words: readonly string[], { print, complain }: Voice): Promise<number> {
  const paths = words.filter((word) => word !== EACH_VERSION);
  const settings = settingsOrExit(false);
  const contract = await loadContract(settings.contract, settings.contractVersion);
  const startedAt = Date.now();
  const troubles: string[] = [];
  const recordings = readAll(paths.length === 0 ? ['-'] : paths, troubles);
  const deliveries = recordings.flatMap((recording, index): Delivery[] => {
    const delivery = deliveryOf(contract, recording, index, startedAt);
    if (delivery === undefined) troubles.push(`${recording.name} is not JSON; was it cut off?`);
    return delivery === undefined ? [] : [delivery];
  });
  const events = deliveries.reduce((sum, delivery) => sum + delivery.events.length, 0);
  if (events === 0) troubles.push('no event of an account group was found');

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
    for (const { seen, exchanges } of report.evidence[id]?.violations.slice(0, MOST_TOLD) ?? [])
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

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContract } from '../harness/contract/index.ts';
import type { Delivery } from '../harness/delivery.ts';
import { EXIT_UNUSABLE, settingsOrExit } from '../harness/environment.ts';
import { deliveryOf, judgeRecorded, type Recording, recordedCase } from '../harness/recorded.ts';
import { type RequirementVerdict, requirementVerdicts, runVerdict, weight } from '../harness/verdicts.ts';
import { factsOf } from './facts.ts';
import { page } from './html/page.ts';
import { proofOf } from './provenance.ts';
import { buildReport } from './report.ts';
import { writeReport, writeWhole } from './report-file.ts';
import { portable } from './shown-settings.ts';
import { counted, cut, oneLine } from './text.ts';

/**
 * `npm run check-event -- FILE...` (or standard input): judges recorded bodies of deliveries by the contract.
 * Ends with 0 where they keep it, 1 where one breaks it, 2 where one cannot be read or there is no event in them.
 * The report covers nothing else and is therefore never more than `incomplete`.
 */

const DIRECTORY = 'event-report';
const LARGEST_FILE = 256 * 1024 * 1024;
const MOST_TOLD = 3;
const MOST_SEEN = 300;

/** The files that can be read, and what is wrong with the others. */
function readAll(paths: readonly string[], troubles: string[]): Recording[] {
  return paths.flatMap((path) => {
    const name = path === '-' ? 'standard input' : portable(path);
    try {
      const body = readFileSync(path === '-' ? 0 : path);
      if (body.length <= LARGEST_FILE) return [{ name, body }];
      troubles.push(`${name} is larger than ${LARGEST_FILE} bytes`);
    } catch (error) {
      troubles.push(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return [];
  });
}

async function main(paths: readonly string[]): Promise<number> {
  const settings = settingsOrExit();
  const contract = await loadContract(settings.contract);
  const startedAt = Date.now();
  const troubles: string[] = [];
  const recordings = readAll(paths.length === 0 ? ['-'] : paths, troubles);
  const deliveries = recordings.flatMap((recording, index): Delivery[] => {
    const delivery = deliveryOf(recording, index, startedAt);
    if (delivery === undefined) troubles.push(`${recording.name} is not JSON; was it cut off?`);
    return delivery === undefined ? [] : [delivery];
  });
  const events = deliveries.reduce((sum, delivery) => sum + delivery.events.length, 0);
  if (events === 0) troubles.push('no event of an account group was found');

  const test = recordedCase(contract);
  const facts = { ...factsOf(settings), target: 'recorded deliveries' };
  const options = { ...facts.options, writes: true, today: new Date(startedAt).toISOString().slice(0, 10) };
  const result = judgeRecorded(contract, deliveries);
  const results = new Map([[result.case, result]]);
  const verdicts = requirementVerdicts(contract, [test], results, options).map((one): RequirementVerdict => {
    if (one.exchanges.length > 0) return one;
    return test.proves.includes(one.requirement.id)
      ? { ...one, verdict: 'untested', reason: 'no recorded event shows it' }
      : { ...one, verdict: 'not-run', reason: 'a recorded delivery cannot show it' };
  });
  const broken = verdicts.filter((one) => one.violations.length > 0 && weight(one, options) === 'gate');
  const verdict = runVerdict(verdicts, { ...options, narrowed: true });
  const endedAt = Date.now();
  const report = buildReport({
    contract,
    cases: [test],
    results,
    verdicts,
    verdict,
    narrowed: true,
    facts,
    proof: proofOf(contract.hash),
    run: {
      id: randomUUID(),
      status: broken.length > 0 || troubles.length > 0 ? 'failed' : 'passed',
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
      durationMs: endedAt - startedAt,
      parts: 1,
      node: facts.node,
      playwright: 'not used',
      footprint: { users: [], groups: [], webhooks: [] },
      troubles,
    },
  });
  const [json, html] = ['conformance.json', 'conformance.html'].map((name) => join(DIRECTORY, name));
  writeReport(json ?? '', report);
  writeWhole(html ?? '', page(report));

  const print = (text: string) => void process.stdout.write(`${text}\n`);
  const nameOf = (id: string) => result.exchanges.find((exchange) => exchange.id === id)?.request.url ?? id;
  for (const { requirement } of broken) {
    print(`FAIL ${requirement.id}: ${requirement.statement}`);
    for (const { seen, exchanges } of report.evidence[requirement.id]?.violations.slice(0, MOST_TOLD) ?? [])
      print(`  ${exchanges.map(nameOf).map(oneLine).join(', ')}: ${cut(oneLine(seen), MOST_SEEN)}`);
  }
  for (const trouble of troubles) process.stderr.write(`${oneLine(trouble)}\n`);
  const judged = verdicts.filter(({ exchanges }) => exchanges.length > 0).length;
  if (events > 0)
    print(
      `${counted(events, 'event')} in ${counted(deliveries.length, 'delivery', 'deliveries')}: ${counted(judged, 'requirement')} judged, ${broken.length} violated`,
    );
  print(`reports: ${html}, ${json}`);
  if (broken.length > 0) return 1;
  return troubles.length > 0 ? EXIT_UNUSABLE : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT_UNUSABLE;
}

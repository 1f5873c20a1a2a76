import { basename, join } from 'node:path';
import { SEED, sourcesOf } from '../harness/contract/versions.ts';
import { badgeOf, shieldsOf } from './badge.ts';
import { earlOf } from './earl.ts';
import { HISTORY, historyOf, remember } from './history.ts';
import { page } from './html/page.ts';
import { junitOf } from './junit.ts';
import { writeReport, writeWhole } from './report-file.ts';
import { schema } from './schema/document.ts';
import type { Report } from './schema/report.ts';
import { safeJson } from './text.ts';

/** The files that a run writes to `reports/`; the last one follows when all reporters have finished. */
export const OWN_FILES = [
  'conformance.json',
  'conformance.html',
  'conformance.schema.json',
  'conformance.earl.jsonld',
  'badge.svg',
  'badge.json',
  'contract',
  'junit.xml',
  'evidence.intoto.json',
];

/**
 * Writes a report in all formats; returns the paths to print, those for people first.
 *
 * @param directory the output folder
 * @param contract path of the contract document, which is copied next to the report
 */
export function deliver(report: Report, directory: string, contract: string): readonly string[] {
  const at = (name: string) => join(directory, 'reports', name);
  const history = join(directory, HISTORY);
  const json = (value: unknown) => `${safeJson(value, 2)}\n`;
  writeReport(at('conformance.json'), report);
  writeWhole(at('conformance.html'), page(report, historyOf(report, history)));
  remember(report, history);
  writeWhole(at('conformance.schema.json'), json(schema));
  writeWhole(at('conformance.earl.jsonld'), json(earlOf(report)));
  writeWhole(at('junit.xml'), junitOf(report));
  writeWhole(at('badge.svg'), badgeOf(report));
  writeWhole(at('badge.json'), json(shieldsOf(report)));
  for (const source of sourcesOf(contract, String(report.settings.CONTRACT_VERSION ?? SEED)))
    writeWhole(at(join('contract', basename(source.path))), source.bytes.toString('utf8'));
  const others = ['playwright-report/index.html', 'allure-results/'].map((name) => join(directory, name));
  return [at('conformance.html'), at('conformance.json'), at('junit.xml'), ...others];
}

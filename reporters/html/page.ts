import type { Entry } from '../history.ts';
import type { Report } from '../schema/report.ts';
import { verdictLine } from '../verdict-line.ts';
import { appendedOf, exchangeAppendix, provenance, repeating, signOff } from './appendix.ts';
import { authorities } from './authorities.ts';
import { findings, notTested } from './causes.ts';
import type { Lookup } from './finding.ts';
import { header } from './header.ts';
import { promiseList } from './list.ts';
import { html, styleSheet } from './markup.ts';
import { strip } from './strip.ts';
import { styleOf } from './style.ts';

const CONTENTS = [
  ['findings', 'Findings by cause'],
  ['untested', 'Not judged, and why'],
  ['promises', 'Every promise'],
  ['authority', 'Sources'],
  ['repeat', 'Repeating'],
  ['sign-off', 'Sign-off'],
  ['provenance', 'Provenance'],
  ['exchanges', 'Exchanges'],
] as const;

/**
 * The report as one self-contained HTML file: no script, no network.
 *
 * @param history earlier runs and this one, the oldest first
 */
export function page(report: Report, history: readonly Entry[] = []): string {
  const lookup: Lookup = {
    report,
    exchanges: new Map(report.exchanges.map((exchange) => [exchange.id, exchange])),
    appended: appendedOf(report),
    titles: new Map(report.cases.map(({ id, title }) => [id, title])),
  };
  return `${html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${verdictLine(report)}; ${report.target}, ${report.run.startedAt.slice(0, 10)}</title>
${styleSheet(styleOf(report))}</head>
<body><a class="skip" href="#promises">To the list of all promises</a>
${header(report, strip(history))}
<nav aria-label="Contents"><ul>${CONTENTS.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>${findings(lookup)}${notTested(report)}${promiseList(lookup)}${authorities(report)}${repeating(report)}${signOff(report)}${provenance(report)}${exchangeAppendix(lookup)}</main>
<footer><p>Made by account-groups-conformance ${report.suite.version}, run ${report.run.id}. conformance.json, next to this file, contains all evidence.</p></footer></body></html>`}\n`;
}

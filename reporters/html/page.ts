import type { Report } from '../report.ts';
import { appendix } from './appendix.ts';
import { findings, notTested, verdictOf } from './first-screen.ts';
import { html, styleSheet } from './markup.ts';
import { traceability } from './requirements.ts';
import { STYLE } from './style.ts';

/** The report as one file that asks nothing of anybody: no script, no network. */
export function page(report: Report): string {
  return `${html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${report.verdict}: Account Groups conformance of ${report.target}, ${report.run.startedAt.slice(0, 10)}</title>
${styleSheet(STYLE)}</head>
<body><a class="skip" href="#requirements">To the table of all requirements</a>
${verdictOf(report)}
<main>${findings(report)}${notTested(report)}${traceability(report)}${appendix(report)}</main>
<footer><p>Made by account-groups-conformance ${report.suite.version}. All evidence stands in conformance.json beside this file.</p></footer></body></html>`}\n`;
}

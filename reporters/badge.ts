import type { RunVerdict } from '../harness/verdicts/verdicts.ts';
import { html } from './html/markup.ts';
import type { Report } from './schema/report.ts';
import { acceptedDeviations, verdictWords } from './verdict-line.ts';

const LABEL = 'Account Groups';

type Tone = 'green' | 'amber' | 'red';
const COLOURS: Readonly<Record<Tone, { readonly shields: string; readonly fill: string }>> = {
  green: { shields: 'brightgreen', fill: '#116329' },
  amber: { shields: 'orange', fill: '#8a4b00' },
  red: { shields: 'red', fill: '#a0111f' },
};
const TONES: Readonly<Record<RunVerdict, Tone>> = {
  conformant: 'green',
  'non-conformant': 'red',
  inconclusive: 'amber',
  incomplete: 'amber',
  stale: 'amber',
};

const toneOf = (report: Report): Tone =>
  report.verdict === 'conformant' && acceptedDeviations(report).length > 0 ? 'amber' : TONES[report.verdict];

const messageOf = (report: Report) => `${verdictWords(report)} ${report.scope.judged}/${report.scope.of}`;

/** The JSON of a shields.io endpoint badge. */
export function shieldsOf(report: Report) {
  return { schemaVersion: 1, label: LABEL, message: messageOf(report), color: COLOURS[toneOf(report)].shields };
}

/** Approximate width of a character in pixels; `textLength` fits the text into the result. */
const CHARACTER = 6.6;
const GAP = 14;

/** The verdict with its scope as an SVG image. */
export function badgeOf(report: Report): string {
  const message = messageOf(report);
  const [left, right] = [LABEL, message].map((text) => Math.ceil(text.length * CHARACTER + GAP));
  const width = (left ?? 0) + (right ?? 0);
  return `${html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${LABEL}: ${message}"><title>${LABEL}: ${message}</title><rect width="${width}" height="20" rx="3" fill="#3b4148"/><path d="M${left} 0h${(right ?? 0) - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${left}z" fill="${COLOURS[toneOf(report)].fill}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${GAP / 2}" y="14" textLength="${(left ?? 0) - GAP}" lengthAdjust="spacingAndGlyphs">${LABEL}</text><text x="${(left ?? 0) + GAP / 2}" y="14" textLength="${(right ?? 0) - GAP}" lengthAdjust="spacingAndGlyphs">${message}</text></g></svg>`}\n`;
}

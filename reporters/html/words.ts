import type { Verdict } from '../../harness/verdicts.ts';
import { exceptionOf } from '../exclusions.ts';
import type { Report, ReportedRequirement } from '../report.ts';
import { counted } from '../text.ts';
import { html, type Markup } from './markup.ts';

/** A sign for each verdict, so that none is told by its colour alone. */
const SIGNS: Readonly<Record<Verdict, string>> = {
  passed: '✓',
  failed: '✗',
  known: '✗',
  stale: '✗',
  blocked: '■',
  excluded: '–',
  untested: '○',
  'not-run': '□',
  error: '!',
};

/** What each verdict means, for the legend. */
export const MEANINGS: Readonly<Record<Verdict, string>> = {
  passed: 'every exchange that could prove it did',
  failed: 'at least one exchange violates it',
  known: 'violated, and accepted for this target until a day',
  stale: 'accepted as violated, but kept now, or accepted no longer',
  blocked: 'a prerequisite is missing',
  excluded: 'ruled out for this run; the reason is told below',
  untested: 'nobody can provoke it from outside; judged whenever it is met',
  'not-run': 'planned, but never run',
  error: 'the suite could not tell',
};

/** What the verdict of a run means, in one sentence with its figures. */
export function sentenceOf(report: Report): string {
  const exception = exceptionOf(report);
  return exception === '' ? sentence(report) : `${sentence(report).slice(0, -1)}, ${exception}.`;
}

function sentence({ verdict, requirements, narrowed, run }: Report): string {
  const shut = requirements.filter(({ gate }) => gate === 'gate');
  const all = counted(requirements.length, 'promise');
  const broken = shut.filter((one) => one.verdict === 'failed' || one.verdict === 'stale').length;
  const unclear = shut.length - broken;
  const tested = requirements.filter((one) => one.verdict === 'passed' || one.verdict === 'known' || one.gate !== 'ok');
  const advice = requirements.filter(({ gate }) => gate === 'advice').length;
  const left = requirements.length - tested.length;
  const more = [
    ...(verdict !== 'conformant' && advice > 0 ? [`${advice} not kept, which is advice`] : []),
    ...(unclear > 0 ? [`${unclear} could not be judged`] : []),
    ...(narrowed ? ['not every case was run'] : []),
    ...(run.troubles.length > 0 ? ['there was trouble outside of the cases'] : []),
  ];
  const rest = more.length > 0 ? `; ${more.join('; ')}` : '';
  switch (verdict) {
    case 'conformant':
      return `Of ${all}, ${keptOf(tested)}${left > 0 ? `; ${left} ${left === 1 ? 'was' : 'were'} not tested` : ''}.`;
    case 'non-conformant':
      return `${broken} of ${all} ${broken === 1 ? 'is' : 'are'} broken${rest}.`;
    case 'inconclusive':
      return `None of ${all} was seen broken, but the suite cannot vouch for the target${rest}.`;
    case 'incomplete':
      return `Only a part of the suite was run, which says nothing about the rest${rest}.`;
  }
}

/** What has become of the promises that could be tested, where nothing keeps the gate shut. */
function keptOf(tested: readonly ReportedRequirement[]): string {
  const known = tested.filter(({ verdict }) => verdict === 'known').length;
  const advice = tested.filter(({ gate }) => gate === 'advice').length;
  const kept = tested.length - known - advice;
  if (kept === tested.length) return `all ${tested.length} that could be tested are kept`;
  return [
    `${tested.length} could be tested: ${kept} are kept`,
    ...(known > 0 ? [`${known} violated and accepted for this target`] : []),
    ...(advice > 0 ? [`${advice} not kept, which is advice`] : []),
  ].join(', ');
}

/** A sentence of the contract, its `words` set as code. */
export const prose = (text: string): Markup =>
  html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** A verdict as a reader sees it. */
export const badge = (word: Verdict): Markup =>
  html`<span class="badge v-${word}"><span aria-hidden="true">${SIGNS[word]}</span> ${word}</span>`;

/** The fragment that leads to a requirement. */
export const anchor = (id: string): string => `r-${id}`;

/** A link to a requirement in the table. */
export const linkTo = (id: string): Markup => html`<a href="#${encodeURIComponent(anchor(id))}"><code>${id}</code></a>`;

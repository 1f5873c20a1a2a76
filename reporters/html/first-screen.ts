import { VERDICTS } from '../../harness/verdicts.ts';
import { type Report, type ReportedRequirement, sortOf } from '../report.ts';
import { byShards, counted, cut } from '../text.ts';
import { sentenceOf, verdictLine } from '../verdict-line.ts';
import { html, type Markup } from './markup.ts';
import { badge, linkTo, MEANINGS, prose } from './words.ts';

/** More than these are in the table only. */
const MOST_FINDINGS = 25;
const MOST_SEEN = 300;
/** No more than these are worth folding away; paper does not show what is folded. */
const FEW = 10;

/** What a reader has to know: the verdict, of what and when, the counts. */
export function verdictOf(report: Report): Markup {
  const { run, contract, suite, proof } = report;
  const seconds = (run.durationMs / 1000).toFixed(1);
  return html`<header>
<p class="kicker">${contract.title} ${contract.version}</p>
<h1 class="verdict is-${report.verdict}"><span class="unseen">Verdict: </span>${report.verdict}</h1>
<p class="sentence">${verdictLine(report)}. ${sentenceOf(report)}</p>
<dl class="facts">
<dt>Target</dt><dd>${report.target}</dd>
<dt>Tested</dt><dd><time datetime="${run.startedAt}">${run.startedAt.slice(0, 19).replace('T', ' ')} UTC</time>, ${seconds} s, ${counted(run.requests, 'request')}${byShards(run)}</dd>
<dt>Contract</dt><dd><code>${contract.path}</code>, SHA-256 <code title="${contract.sha256}">${contract.sha256.slice(0, 12)}</code></dd>
<dt>Suite</dt><dd>version ${suite.version}${suite.commit === undefined ? '' : html`, commit <code>${suite.commit.slice(0, 12)}</code>${suite.dirty === true ? ' with local changes' : ''}`}</dd>
<dt>Proof</dt><dd>${proof === undefined ? 'no record that the checks were proven able to fail' : html`${proof.statement}: ${proof.caught} of ${proof.faults} faults that this run could notice were caught, ${proof.covered} of ${proof.requirements} judged requirements covered, ${counted(proof.alarms, 'false alarm')} on ${proof.liberties} liberties`}</dd>
</dl>
${counts(report)}</header>`;
}

function counts({ requirements, counts: count }: Report): Markup {
  const present = VERDICTS.filter((word) => (count[word] ?? 0) > 0);
  return html`<div class="bar" aria-hidden="true">${present.map((word) => html`<span class="v-${word}" style="flex-grow:${count[word]}"></span>`)}</div>
<ul class="counts" aria-label="Verdicts of ${requirements.length} requirements">${present.map((word) => html`<li><strong>${count[word]}</strong> <span>${badge(word)}</span> <span class="meta">${MEANINGS[word]}</span></li>`)}</ul>`;
}

/** What keeps the gate shut, and what is advice or accepted. */
export function findings(report: Report): Markup {
  const { requirements, run } = report;
  const isBroken = ({ verdict }: ReportedRequirement) => verdict === 'failed' || verdict === 'stale';
  const shut = requirements.filter(({ gate }) => gate === 'gate');
  const advice = requirements.filter(({ gate }) => gate === 'advice');
  const known = requirements.filter(({ verdict }) => verdict === 'known');
  const broken = shut.filter(isBroken);
  const unclear = shut.filter((one) => !isBroken(one) && one.verdict !== 'not-run');
  const nothing = shut.length + advice.length + known.length + run.troubles.length === 0;
  return html`<section aria-labelledby="findings-title"><h2 id="findings-title">What failed</h2>
${broken.length === 0 ? html`<p>${nothing ? 'Nothing.' : 'No promise that shuts the gate was seen broken.'}</p>` : findingList('', broken, report)}
${run.troubles.length > 0 ? html`<h3>Trouble outside of the cases</h3><ul class="seen">${run.troubles.slice(0, MOST_FINDINGS).map((text) => html`<li>${cut(text, MOST_SEEN)}</li>`)}</ul>` : ''}
${unclear.length > 0 ? html`<h3>What could not be told (${unclear.length})</h3>${byReason(unclear)}` : ''}
${advice.length > 0 ? findingList('Advice: violated, and no reason to shut the gate', advice, report) : ''}
${known.length > 0 ? findingList('Accepted for this target', known, report) : ''}</section>`;
}

function findingList(title: string, list: readonly ReportedRequirement[], report: Report): Markup {
  const rest = list.length - MOST_FINDINGS;
  return html`${title === '' ? '' : html`<h3>${title} (${list.length})</h3>`}<ul class="findings">${list
    .slice(0, MOST_FINDINGS)
    .map((one) => {
      const seen = report.evidence[one.id]?.violations[0]?.seen;
      return html`<li>${badge(one.verdict)} <span class="level">${one.level}</span> ${linkTo(one.id)} ${prose(one.statement)}${seen === undefined ? '' : html`<p class="reason">Seen: ${cut(seen, MOST_SEEN)}</p>`}${one.reason === undefined ? '' : html`<p class="reason">${cut(one.reason, MOST_SEEN)}</p>`}</li>`;
    })}${rest > 0 ? html`<li>and ${rest} more, in the table below</li>` : ''}</ul>`;
}

/** What was not tested, by reason. */
export function notTested({ requirements }: Report): Markup {
  const list = requirements.filter(({ verdict }) => ['untested', 'excluded', 'not-run'].includes(verdict));
  return html`<section aria-labelledby="untested-title"><h2 id="untested-title">What was not tested, and why</h2>
${list.length === 0 ? html`<p>Everything was tested.</p>` : byReason(list)}</section>`;
}

/** Requirements of one verdict and reason together, the largest group first. */
function byReason(list: readonly ReportedRequirement[]): Markup {
  const groups = new Map<string, ReportedRequirement[]>();
  for (const one of list) {
    // The same answer has another request id each time.
    const key = `${one.verdict} ${sortOf(one.reason ?? '')}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return html`<ul class="findings">${[...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((group) => {
      const [first] = group;
      return first === undefined
        ? ''
        : html`<li><strong>${group.length}</strong> ${badge(first.verdict)} ${cut(first.reason ?? '', MOST_SEEN)}<details${group.length <= FEW ? html` open` : ''}><summary>Which ${group.length === 1 ? 'one' : `${group.length}`}</summary><ul class="ids">${group.map(({ id, level, statement }) => html`<li><span class="level">${level}</span> ${linkTo(id)} ${prose(statement)}</li>`)}</ul></details></li>`;
    })}</ul>`;
}

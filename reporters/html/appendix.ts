import type { Report } from '../report.ts';
import { byShards, counted, countedByKind } from '../text.ts';
import { html, type Markup } from './markup.ts';

/** Where the report comes from and what the run has left behind. */
export function appendix(report: Report): Markup {
  const { run, suite, contract, settings, proof } = report;
  const { prerequisites, groups, webhooks } = run.footprint;
  const registered = webhooks.filter(({ state }) => state === 'registered');
  return html`<section aria-labelledby="provenance-title"><h2 id="provenance-title">Provenance</h2>
<dl class="facts">
<dt>Run</dt><dd><code>${run.id}</code>, ${run.ended}${run.parts > 1 ? `, merged from ${run.parts} shards` : ''}</dd>
<dt>From, to</dt><dd>${run.startedAt}, ${run.endedAt}</dd>
<dt>Contract</dt><dd>${contract.title} ${contract.version}, SHA-256 <code>${contract.sha256}</code></dd>
<dt>Suite</dt><dd>${suite.version}${suite.commit === undefined ? ', not in a git work tree' : html`, commit <code>${suite.commit}</code>, ${suite.dirty === true ? 'with local changes' : 'without local changes'}`}</dd>
<dt>Proof</dt><dd>${proof === undefined ? 'none on record' : html`made on ${proof.date} with suite <code>${proof.suite}</code> and contract <code>${proof.contract}</code>${proof.commit === undefined ? '' : html`, commit <code>${proof.commit}</code>`}; ${proof.statement}`}</dd>
<dt>Runtime</dt><dd>Node ${run.node}, Playwright ${run.playwright}</dd>
</dl>
<h3>Settings</h3><dl class="facts">${Object.entries(settings).map(([name, value]) => html`<dt><code>${name}</code></dt><dd>${value}</dd>`)}</dl>
<h3>Left behind at the target${byShards(run)}</h3>
${
  prerequisites.length + groups.length + registered.length === 0
    ? html`<p>Nothing.</p>`
    : html`<details><summary>${[countedByKind(prerequisites), counted(groups.length, 'account group')].filter(Boolean).join(', ')}, ${groups.filter(({ state }) => state === 'open').length} of them open${registered.length > 0 ? `, ${counted(registered.length, 'webhook')}` : ''}</summary>
<ul>${prerequisites.map(({ what, id }) => html`<li>${what} <code>${id}</code></li>`)}${groups.map(({ id, state }) => html`<li>account group <code>${id}</code>, ${state}</li>`)}${registered.map(({ id }) => html`<li>webhook <code>${id}</code>, still registered</li>`)}</ul></details>`
}
<h3>Cases</h3><details><summary>${counted(report.cases.length, 'case')}, ${report.cases.filter(({ state }) => state === 'asked').length} of them asked something</summary>
<ul>${report.cases.map(({ id, title, state, error }) => html`<li><code>${id}</code> ${title}${state === 'asked' ? '' : ` (${state})`}${error === undefined ? '' : html`<p class="reason">${error}</p>`}</li>`)}</ul></details></section>`;
}

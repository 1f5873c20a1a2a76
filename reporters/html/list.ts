import { VERDICTS } from '../../harness/verdicts/verdicts.ts';
import { areasOf, WORST_FIRST } from '../order.ts';
import type { Report, ReportedRequirement } from '../schema/report.ts';
import { counted } from '../text.ts';
import { authorityText, behind, findingView, type Lookup } from './finding.ts';
import { html, type Markup } from './markup.ts';
import { anchor, badge, prose } from './words.ts';

const MOST_CASES = 8;
/** Findings shown in full, so that a target that breaks everything does not make the page unusable; the JSON has all. */
const MOST_VIEWS = 150;

/** Every promise by area with its cases and evidence, and the filters above them. */
export function promiseList(lookup: Lookup): Markup {
  const { report } = lookup;
  const budget = { left: MOST_VIEWS };
  return html`<section aria-labelledby="promises"><h2 id="promises">Every promise, its verdict and its evidence</h2>
${filters(report)}
<table class="promises" role="table"><caption>${counted(report.requirements.length, 'promise')} of ${report.contract.path}, by area, violations first. Unfold a promise to see its cases and evidence.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Promise</th><th role="columnheader" scope="col">Level</th><th role="columnheader" scope="col">Area</th><th role="columnheader" scope="col">Verdict</th></tr></thead>
${areasOf(report).map((area) => {
  const rank = ({ verdict }: ReportedRequirement) => WORST_FIRST.indexOf(verdict);
  const list = report.requirements.filter((one) => one.area === area).sort((a, b) => rank(a) - rank(b));
  return html`<tbody class="area is-${area}" id="a-${area}-list" role="rowgroup"><tr role="row"><th role="rowheader" scope="rowgroup" colspan="4">${area} <span class="count">${list.length}</span></th></tr></tbody>${list.map((one) => row(one, lookup, budget))}`;
})}</table><p class="none" role="status">No promise has this level, area and verdict.</p></section>`;
}

/** The filters are radio buttons: the style sheet hides what is not chosen, so the page needs no script. */
function filters(report: Report): Markup {
  const { requirements } = report;
  const choice = (
    group: string,
    legend: string,
    words: readonly string[],
    of: (one: ReportedRequirement) => string,
  ) => html`
<fieldset><legend>${legend}</legend>
<label><input type="radio" name="${group}" id="${group}-all" checked> all</label>
${words
  .map((word) => ({ word, count: requirements.filter((one) => of(one) === word).length }))
  .filter(({ count }) => count > 0)
  .map(
    ({ word, count }) =>
      html`<label><input type="radio" name="${group}" id="${group}-${word}"> ${word} <span class="count">${count}</span></label>`,
  )}
</fieldset>`;
  return html`<form class="filters" aria-label="Filter the promises">
${choice('v', 'Verdict', VERDICTS, ({ verdict }) => verdict)}
${choice('l', 'Level', ['MUST', 'SHOULD'], ({ level }) => level)}
${choice('a', 'Area', areasOf(report), ({ area }) => area)}
</form>`;
}

function row(one: ReportedRequirement, lookup: Lookup, budget: { left: number }): Markup {
  const isAgainst = one.observed === 'violated' || one.verdict === 'stale';
  const cases = casesBehind(one, lookup.report);
  const exchanges = lookup.report.evidence[one.id]?.exchanges.length ?? 0;
  const isShown = isAgainst && budget.left-- > 0;
  return html`<tbody role="rowgroup" id="${anchor(one.id)}" class="is-${one.verdict} is-${one.level} is-${one.area}"><tr role="row">
<th role="rowheader" scope="row"><code>${one.id}</code> <span class="statement">${prose(one.statement)}</span></th>
<td role="cell">${one.level}</td><td role="cell">${one.area}</td><td role="cell">${badge(one.verdict)}${one.gate === 'advice' ? html` <span class="advice">advice</span>` : ''}</td></tr>
<tr role="row" class="more"><td role="cell" colspan="4">${one.reason === undefined ? '' : html`<p class="reason">${one.reason}</p>`}
<details><summary>Evidence<span class="unseen"> of ${one.id}</span>: ${counted(cases.length, 'case')}, ${counted(exchanges, 'exchange')}; ${authorityText(one)}</summary>
${isShown ? findingView(one, lookup) : html`<p class="meta">Promised at <code>${lookup.report.contract.path}${one.pointer}</code></p>${behind(one, lookup)}`}
${casesOf(cases, lookup)}</details></td></tr></tbody>`;
}

const casesBehind = ({ id, cases }: ReportedRequirement, { evidence }: Report) => [
  ...new Set([...cases, ...(evidence[id]?.cases ?? [])]),
];

function casesOf(cases: readonly string[], { titles }: Lookup): Markup {
  const rest = cases.length - MOST_CASES;
  return html`<p class="label">${cases.length === 0 ? 'No case has judged it' : 'Cases that judged it or cover it'}</p>
${cases.length === 0 ? '' : html`<ul class="ids">${cases.slice(0, MOST_CASES).map((id) => html`<li><code>${id}</code> ${titles.get(id) ?? ''}</li>`)}${rest > 0 ? html`<li>and ${rest} more</li>` : ''}</ul>`}`;
}

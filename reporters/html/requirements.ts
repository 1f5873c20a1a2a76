import { type Again, onlyAgain, USUAL_SEED } from '../../harness/again.ts';
import { AREAS } from '../../harness/contract/requirements.ts';
import type { Exchange } from '../../harness/exchange.ts';
import { VERDICTS } from '../../harness/verdicts.ts';
import type { Report, ReportedRequirement } from '../report.ts';
import { counted, cut } from '../text.ts';
import { exchangeBox } from './exchange.ts';
import { html, type Markup } from './markup.ts';
import { anchor, badge, prose } from './words.ts';

/** How much evidence a page shows; all of it stands in the JSON. */
const SHOWN = { against: 3, for: 1, inAll: 1000, violations: 5, cases: 8 } as const;
const MOST_BODY = { against: 4000, for: 600 } as const;
const MOST_SEEN = 2000;

/** The filters and the table of all requirements, each with its cases and evidence. */
export function traceability(report: Report): Markup {
  const exchanges = new Map(report.exchanges.map((exchange) => [exchange.id, exchange]));
  const titles = new Map(report.cases.map(({ id, title }) => [id, title]));
  const budget = { left: SHOWN.inAll };
  // What speaks against the target has the first claim on the room that there is.
  const rows = new Map<string, Markup>();
  for (const against of [true, false])
    for (const one of report.requirements)
      if (isAgainst(one) === against) rows.set(one.id, row(one, report, exchanges, titles, budget));
  return html`<section id="requirements" aria-labelledby="requirements-title">
<h2 id="requirements-title">Every promise, its verdict and its evidence</h2>
${filters(report)}
<table role="table"><caption>${counted(report.requirements.length, 'requirement')} of ${report.contract.path}, in its order. Unfold one to see its cases and evidence.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Requirement</th><th role="columnheader" scope="col">Level</th><th role="columnheader" scope="col">Area</th><th role="columnheader" scope="col">Verdict</th></tr></thead>
${report.requirements.map(({ id }) => rows.get(id))}</table></section>`;
}

const isAgainst = ({ verdict, gate }: ReportedRequirement) => gate !== 'ok' || verdict === 'known';

/** Radio buttons that the style sheet obeys; where it cannot, they are hidden and all rows shown. */
function filters({ requirements }: Report): Markup {
  const choice = (group: string, legend: string, words: readonly string[], count: (word: string) => number) => html`
<fieldset><legend>${legend}</legend>
<label><input type="radio" name="${group}" id="${group}-all" checked> all</label>
${words.filter((word) => count(word) > 0).map((word) => html`<label><input type="radio" name="${group}" id="${group}-${word}"> ${word} <span class="count">${count(word)}</span></label>`)}
</fieldset>`;
  return html`<form class="filters" aria-label="Which requirements are shown">
${choice('v', 'Verdict', VERDICTS, (word) => requirements.filter(({ verdict }) => verdict === word).length)}
${choice('l', 'Level', ['MUST', 'SHOULD'], (word) => requirements.filter(({ level }) => level === word).length)}
${choice('a', 'Area', AREAS, (word) => requirements.filter(({ area }) => area === word).length)}
</form>`;
}

type Titles = ReadonlyMap<string, string>;

function row(
  one: ReportedRequirement,
  report: Report,
  exchanges: ReadonlyMap<string, Exchange>,
  titles: Titles,
  budget: { left: number },
): Markup {
  const against = isAgainst(one);
  const evidence = report.evidence[one.id];
  const wanted = (evidence?.exchanges ?? []).slice(0, Math.min(budget.left, against ? SHOWN.against : SHOWN.for));
  budget.left -= wanted.length;
  const boxes = wanted.flatMap((id) => {
    const exchange = exchanges.get(id);
    return exchange === undefined ? [] : [exchangeBox(exchange, against ? MOST_BODY.against : MOST_BODY.for)];
  });
  const more = (evidence?.exchanges.length ?? 0) - boxes.length;
  const behind = `${counted(casesBehind(one, report).length, 'case')}, ${counted(evidence?.exchanges.length ?? 0, 'exchange')}`;
  return html`<tbody role="rowgroup" id="${anchor(one.id)}" class="is-${one.verdict} is-${one.level} is-${one.area}"><tr role="row">
<th role="rowheader" scope="row"><code>${one.id}</code> <span class="statement">${prose(one.statement)}</span></th>
<td role="cell">${one.level}</td><td role="cell">${one.area}</td><td role="cell">${badge(one.verdict)}${one.gate === 'advice' ? html` <span class="advice">advice</span>` : ''}</td></tr>
<tr role="row" class="more"><td role="cell" colspan="4">${one.reason === undefined ? '' : html`<p class="reason">${one.reason}</p>`}
<details${against ? html` open` : ''}><summary>Evidence<span class="unseen"> of ${one.id}</span>: ${behind}</summary>
<dl class="facts"><dt>Source</dt><dd>${one.source}</dd><dt>Promised at</dt><dd><code>${report.contract.path}${one.pointer}</code></dd>
${(one.accepted ?? []).map(({ because, ticket: id, since, until }) => html`<dt>Accepted</dt><dd>${because} (${ticket(id)}, since ${since}, until ${until})</dd>`)}</dl>
${violations(one, report, titles)}${boxes}
${more > 0 ? html`<p class="meta">${counted(more, 'more exchange')}${boxes.length === 0 ? '' : ' behind this verdict'}; all of them are in conformance.json.</p>` : ''}
${casesOf(casesBehind(one, report), titles)}</details></td></tr></tbody>`;
}

const casesBehind = ({ id, cases }: ReportedRequirement, { evidence }: Report) => [
  ...new Set([...cases, ...(evidence[id]?.cases ?? [])]),
];

function casesOf(cases: readonly string[], titles: Titles): Markup {
  const rest = cases.length - SHOWN.cases;
  return html`<p class="label">${cases.length === 0 ? 'No case has met it' : 'Cases that have judged it or are made for it'}</p>
${cases.length === 0 ? '' : html`<ul>${cases.slice(0, SHOWN.cases).map((id) => html`<li><code>${id}</code> ${titles.get(id) ?? ''}</li>`)}${rest > 0 ? html`<li>and ${rest} more</li>` : ''}</ul>`}`;
}

function violations(one: ReportedRequirement, report: Report, titles: Titles): Markup | string {
  const { violations: found = [], violationCount = 0 } = report.evidence[one.id] ?? {};
  const [first] = found;
  if (first === undefined) return '';
  const title = titles.get(first.case);
  const rest = violationCount - Math.min(found.length, SHOWN.violations);
  return html`<p class="label">Seen</p><ul class="seen">${found
    .slice(0, SHOWN.violations)
    .map(
      ({ seen, exchanges }) =>
        html`<li>${cut(seen, MOST_SEEN)} <span class="meta">(exchange ${exchanges.slice(-3).join(', ')})</span></li>`,
    )}${rest > 0 ? html`<li>and ${rest} more</li>` : ''}</ul>
${title === undefined ? '' : html`<p class="label">Only this again</p><pre>${onlyAgain(title, againOf(report))}</pre>`}`;
}

/** The settings that a command needs to repeat a case of this run. */
function againOf({ settings: { BASE_URL, WRITES, SEED } }: Report): Again {
  const baseUrl = /^https?:/.test(String(BASE_URL)) ? String(BASE_URL) : undefined;
  return {
    baseUrl,
    writes: WRITES === undefined ? baseUrl === undefined : WRITES === 'on',
    seed: Number(SEED ?? USUAL_SEED),
  };
}

const ticket = (text: string) =>
  /^https?:\/\/\S+$/.test(text) ? html`<a href="${text}" rel="noreferrer">${text}</a>` : text;

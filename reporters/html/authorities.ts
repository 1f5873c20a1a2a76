import type { Report, ReportedRequirement } from '../schema/report.ts';
import { html, type Markup } from './markup.ts';
import { badge, linkTo } from './words.ts';

type Authority = ReportedRequirement['authority']['kind'];

const MEANINGS: Readonly<Record<Authority, string>> = {
  'vendor page': "the vendor's page that the contract starts from",
  'vendor document': "the vendor's OpenAPI document",
  RFC: 'a standard that the vendor builds on',
  'our reading': 'where the vendor is silent or says two things; argued in the curation log',
};
const KINDS = Object.keys(MEANINGS).filter((kind): kind is Authority => kind in MEANINGS);

/** On whose word the promises rest, and what became of them. */
export function authorities({ requirements }: Report): Markup {
  const of = (kind: Authority) => requirements.filter(({ authority }) => authority.kind === kind);
  const count = (list: readonly ReportedRequirement[], observed: ReportedRequirement['observed']) =>
    list.filter((one) => one.observed === observed).length;
  const readings = of('our reading').filter(({ observed }) => observed === 'violated');
  return html`<section aria-labelledby="authority"><h2 id="authority">On whose word</h2>
<table class="matrix"><caption>Promises by authority: a violated reading of ours is open to argument, the others are not</caption>
<thead><tr><th scope="col">authority</th><th scope="col">kept</th><th scope="col">violated</th><th scope="col">not shown</th><th scope="col">all</th></tr></thead>
<tbody>${KINDS.map((kind) => {
    const list = of(kind);
    return html`<tr><th scope="row">${kind} <span class="meta">${MEANINGS[kind]}</span></th><td>${count(list, 'kept')}</td><td class="${count(list, 'violated') > 0 ? 'v-failed' : ''}">${count(list, 'violated')}</td><td>${count(list, 'not-shown')}</td><td>${list.length}</td></tr>`;
  })}</tbody></table>
${readings.length === 0 ? '' : html`<h3>Violated readings of ours</h3><ul class="ids">${readings.map(({ id, verdict, authority }) => html`<li>${badge(verdict)} ${linkTo(id)} ${authority.log === undefined ? 'the curation log' : html`the curation log under “${authority.log}”`}</li>`)}</ul>`}
<details><summary>Our readings, with their entries in the curation log</summary><ul class="ids">${of('our reading').map(({ id, verdict, authority }) => html`<li>${badge(verdict)} ${linkTo(id)} ${authority.log ?? ''}</li>`)}</ul></details></section>`;
}

import type { Report, ReportedRequirement } from '../schema/report.ts';
import { html, type Markup } from './markup.ts';
import { badge, linkTo } from './words.ts';

type Authority = ReportedRequirement['authority']['kind'];

const MEANINGS: Readonly<Record<Authority, string>> = {
  'vendor page': "the vendor's documentation page on which the contract is based",
  'vendor document': "the vendor's OpenAPI document",
  RFC: 'a standard that the API relies on',
  'our reading':
    'the vendor is silent or contradicts itself, or says it of another version; the curation log gives the reasons',
};
const KINDS = Object.keys(MEANINGS).filter((kind): kind is Authority => kind in MEANINGS);

/** The promises by source, and how many of each were kept. */
export function authorities({ requirements }: Report): Markup {
  const of = (kind: Authority) => requirements.filter(({ authority }) => authority.kind === kind);
  const count = (list: readonly ReportedRequirement[], observed: ReportedRequirement['observed']) =>
    list.filter((one) => one.observed === observed).length;
  const readings = of('our reading').filter(({ observed }) => observed === 'violated');
  return html`<section aria-labelledby="authority"><h2 id="authority">Sources of the promises</h2>
<table class="matrix"><caption>Promises by source. A violation of our own reading is open to discussion; the others are not</caption>
<thead><tr><th scope="col">source</th><th scope="col">kept</th><th scope="col">violated</th><th scope="col">not shown</th><th scope="col">all</th></tr></thead>
<tbody>${KINDS.map((kind) => {
    const list = of(kind);
    return html`<tr><th scope="row">${kind} <span class="meta">${MEANINGS[kind]}</span></th><td>${count(list, 'kept')}</td><td class="${count(list, 'violated') > 0 ? 'v-failed' : ''}">${count(list, 'violated')}</td><td>${count(list, 'not-shown')}</td><td>${list.length}</td></tr>`;
  })}</tbody></table>
${readings.length === 0 ? '' : html`<h3>Our readings that were violated</h3><ul class="ids">${readings.map(({ id, verdict, authority }) => html`<li>${badge(verdict)} ${linkTo(id)} ${authority.log === undefined ? 'curation log' : html`curation log, “${authority.log}”`}</li>`)}</ul>`}
<details><summary>Our readings, with their entries in the curation log</summary><ul class="ids">${of('our reading').map(({ id, verdict, authority }) => html`<li>${badge(verdict)} ${linkTo(id)} ${authority.log ?? ''}</li>`)}</ul></details></section>`;
}

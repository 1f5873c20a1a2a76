import type { Verdict } from '../../harness/verdicts/verdicts.ts';
import { html, type Markup } from './markup.ts';

/** A symbol for each verdict, so that none is distinguished by colour alone. */
const SIGNS: Readonly<Record<Verdict, string>> = {
  passed: '✓',
  failed: '✗',
  known: '✗',
  stale: '↺',
  blocked: '■',
  excluded: '–',
  untested: '○',
  'not-run': '□',
  error: '!',
};

/** What each verdict means, for the legend. */
export const MEANINGS: Readonly<Record<Verdict, string>> = {
  passed: 'kept in every exchange that could show it',
  failed: 'violated in at least one exchange',
  known: 'violated, and accepted for this target until a given day',
  stale: 'its accepted deviation is out of date',
  blocked: 'a prerequisite is missing',
  excluded: 'excluded by a setting, by the profile of the target, or by a property of the target',
  untested: 'did not occur in this run, and the suite cannot provoke it',
  'not-run': 'its cases were not selected, or did not run',
  error: 'the suite could not judge it',
};

/** A sentence of the contract, with text in backticks set as code. */
export const prose = (text: string): Markup =>
  html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** A verdict with its symbol and colour. */
export const badge = (word: Verdict): Markup =>
  html`<span class="badge v-${word}"><span aria-hidden="true">${SIGNS[word]}</span> ${word}</span>`;

/** The element id of a requirement in the list. */
export const anchor = (id: string): string => `r-${id}`;

/** The URL fragment of a requirement in the list. */
export const hrefOf = (id: string): string => `#${encodeURIComponent(anchor(id))}`;

/** A link to a requirement in the list. */
export const linkTo = (id: string): Markup => html`<a href="${hrefOf(id)}"><code>${id}</code></a>`;

/** A web address as a link, any other text unchanged. */
export const linked = (text: string): Markup =>
  /^https?:\/\/\S+$/.test(text) ? html`<a href="${text}" rel="noreferrer">${text}</a>` : html`${text}`;

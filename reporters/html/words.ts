import type { Verdict } from '../../harness/verdicts/verdicts.ts';
import { html, type Markup } from './markup.ts';

/** A sign for each verdict, so that none is told by its colour alone. */
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
  passed: 'every exchange that could prove it did',
  failed: 'at least one exchange violates it',
  known: 'violated, and accepted for this target until a day',
  stale: 'its accepted deviation is out of date',
  blocked: 'a prerequisite is missing',
  excluded: 'ruled out by a setting, by the profile of the target, or by what the target is like',
  untested: 'not met in this run, and nothing in the suite provokes it',
  'not-run': 'its cases were not selected, or never run',
  error: 'the suite could not tell',
};

/** A sentence of the contract, its `words` set as code. */
export const prose = (text: string): Markup =>
  html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** A verdict as a reader sees it. */
export const badge = (word: Verdict): Markup =>
  html`<span class="badge v-${word}"><span aria-hidden="true">${SIGNS[word]}</span> ${word}</span>`;

/** The fragment that leads to a requirement. */
export const anchor = (id: string): string => `r-${id}`;

/** The address of a requirement in the list. */
export const hrefOf = (id: string): string => `#${encodeURIComponent(anchor(id))}`;

/** A link to a requirement in the list. */
export const linkTo = (id: string): Markup => html`<a href="${hrefOf(id)}"><code>${id}</code></a>`;

/** A web address as a link, any other text as it is. */
export const linked = (text: string): Markup =>
  /^https?:\/\/\S+$/.test(text) ? html`<a href="${text}" rel="noreferrer">${text}</a>` : html`${text}`;

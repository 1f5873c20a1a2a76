import { sinceText } from '../../harness/contract/promise-history.ts';
import type { Exchange } from '../../harness/exchange.ts';
import { againFor } from '../again.ts';
import { CURATION_LOG } from '../authority.ts';
import type { Report, ReportedRequirement } from '../schema/report.ts';
import { cut } from '../text.ts';
import { exchangeBox, titleOf } from './exchange-view.ts';
import { html, type Markup } from './markup.ts';

/** Limits of one finding: the page must stay readable however much a target sends. `conformance.json` has the rest. */
const MOST_SEEN = 2000;
const MOST_VIOLATIONS = 5;
const MOST_BEHIND = { violated: 6, kept: 2 } as const;
const MOST_BODY = 6000;

/** The report, indexed for rendering. */
export interface Lookup {
  readonly report: Report;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  /** Ids of the exchanges that the appendix shows. */
  readonly appended: ReadonlySet<string>;
  readonly titles: ReadonlyMap<string, string>;
}

/** A finding in full: the answer that shows it, the promise with its source, and the command that repeats it. */
export function findingView(one: ReportedRequirement, lookup: Lookup): Markup {
  const { violations = [], violationCount = 0 } = lookup.report.evidence[one.id] ?? {};
  const [first] = violations;
  const shownBy = lookup.exchanges.get(first?.exchanges.at(-1) ?? '');
  const seen = violations
    .filter(({ exchanges }) => exchanges.at(-1) === shownBy?.id)
    .map((violation) => violation.seen);
  const rest = violationCount - Math.min(violations.length, MOST_VIOLATIONS);
  return html`${shownBy === undefined ? '' : html`<p class="label">The answer that shows it: <code>${titleOf(shownBy)}</code></p>${exchangeBox(shownBy, { most: MOST_BODY, seen })}`}
${first === undefined || violationCount === 1 ? '' : html`<p class="label">Seen ${violationCount} times</p><ul class="seen">${violations.slice(0, MOST_VIOLATIONS).map((violation) => html`<li>${cut(violation.seen, MOST_SEEN)} <span class="meta">(exchange ${violation.exchanges.slice(-3).join(', ')})</span></li>`)}${rest > 0 ? html`<li>and ${rest} more</li>` : ''}</ul>`}
<p class="label">The promise in the contract, from ${authorityText(one)}</p><pre>${one.quote ?? one.statement}</pre>
<p class="meta"><code>${lookup.report.contract.path}${one.pointer}</code></p>
${again(one, lookup)}${behind(one, lookup)}`;
}

/** The source of a promise and the versions that make it, in words. */
export function authorityText({ authority: { kind, name, log }, ...span }: ReportedRequirement): Markup {
  const versions = sinceText(span);
  const source =
    kind === 'our reading'
      ? html`our reading${name === CURATION_LOG ? '' : `, ${name}`}; reasons in ${CURATION_LOG}${log === undefined ? '' : html`, “${log}”`}`
      : html`${name}`;
  return versions === '' ? source : html`${source}; ${versions}`;
}

/** The command that repeats only the case that shows the finding. */
function again(one: ReportedRequirement, { report }: Lookup): Markup | string {
  const command = againFor(one, report);
  return command === undefined ? '' : html`<p class="label">Run only this case again</p><pre>${command}</pre>`;
}

/** The exchanges on which the verdict is based. */
export function behind(
  { id, observed }: ReportedRequirement,
  { report, exchanges, appended }: Lookup,
): Markup | string {
  const all = report.evidence[id]?.exchanges ?? [];
  if (all.length === 0) return '';
  const shown = [...all]
    .sort((a, b) => Number(appended.has(b)) - Number(appended.has(a)))
    .slice(0, observed === 'violated' ? MOST_BEHIND.violated : MOST_BEHIND.kept);
  const rest = all.length - shown.length;
  return html`<p class="label">Exchanges behind the verdict (${all.length})</p><ul class="ids">${shown.map((one) => {
    const exchange = exchanges.get(one);
    const name = html`<code>${exchange === undefined ? one : `${one} ${titleOf(exchange)}`}</code>`;
    return html`<li>${appended.has(one) ? html`<a href="#${encodeURIComponent(`x-${one}`)}">${name}</a>` : name}</li>`;
  })}${rest > 0 ? html`<li>and ${rest} more: <code>jq '.evidence["${id}"].exchanges' conformance.json</code></li>` : ''}</ul>`;
}

import { type Cause, causesOf, extentOf, type Kind } from '../causes.ts';
import { sortOf } from '../report.ts';
import type { Report, ReportedRequirement } from '../schema/report.ts';
import { counted, cut } from '../text.ts';
import { findingView, type Lookup } from './finding.ts';
import { html, type Markup } from './markup.ts';
import { badge, linked, linkTo, prose } from './words.ts';

/** Causes shown per kind; the promises of the others appear in the list of all promises. */
const MOST_CAUSES = 25;
/** Longer lists of promises are folded. */
const MOST_LISTED = 12;
/** Texts are cut after this many characters. */
const MOST_SEEN = 300;

const TITLES: Readonly<Record<Kind, string>> = {
  violated: 'Violated',
  stale: 'Accepted deviations that are out of date',
  error: 'Errors: the suite could not judge',
  blocked: 'Blocked',
  'not run': 'Not run',
  advice: 'Advice: not kept, without effect on the gate',
  accepted: 'Accepted for this target',
};

/** The findings grouped by cause, the most severe first. */
export function findings(lookup: Lookup): Markup {
  const causes = causesOf(lookup.report);
  const { troubles } = lookup.report.run;
  const kinds = [...new Set(causes.map(({ kind }) => kind))];
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings by cause</h2>
${causes.length + troubles.length === 0 ? html`<p>None.</p>` : ''}
${troubles.length === 0 ? '' : html`<h3>Problems outside the cases</h3><ul class="seen">${troubles.slice(0, MOST_CAUSES).map((text) => html`<li>${cut(text, MOST_SEEN)}</li>`)}</ul>`}
${kinds.map((kind) =>
  ofKind(
    kind,
    causes.filter((cause) => cause.kind === kind),
    lookup,
  ),
)}</section>`;
}

function ofKind(kind: Kind, causes: readonly Cause[], lookup: Lookup): Markup {
  const rest = causes.slice(MOST_CAUSES).flatMap(({ requirements }) => requirements).length;
  return html`<h3>${TITLES[kind]} <span class="count">${causes.flatMap(({ requirements }) => requirements).length}</span></h3>
${kind === 'accepted' || kind === 'stale' ? acceptance(lookup.report) : ''}
${causes.slice(0, MOST_CAUSES).map((cause) => causeView(cause, lookup))}${rest > 0 ? html`<p>and ${rest} more; see the list of all promises</p>` : ''}`;
}

function causeView(cause: Cause, lookup: Lookup): Markup {
  const [first] = cause.requirements;
  if (first === undefined) return html``;
  const isShown = first.observed === 'violated' || first.verdict === 'stale';
  return html`<article class="cause k-${cause.kind.replace(' ', '-')}" id="${causeAnchor(cause)}"><h4>${prose(cut(cause.title, MOST_SEEN))}</h4>
${cause.seen === undefined ? html`<p class="meta">${extentOf(cause)}</p>` : html`<p class="reason">Seen: ${cut(cause.seen, MOST_SEEN)}</p>`}
${(first.accepted ?? []).map(({ because, ticket, approver, since, until }) => html`<p class="reason">Accepted since ${since}, last day ${until}: ${because} (${linked(ticket)}; ${approver === undefined ? 'no approver named' : `approved by ${approver}`})${first.verdict === 'stale' ? html`. ${first.reason}` : ''}</p>`)}
${cause.seen === undefined ? promises(cause.requirements) : html`<p class="reason">${badge(first.verdict)} <span class="level">${first.level}</span> ${linkTo(first.id)}</p>`}${cause.blocked.length === 0 ? '' : html`<details><summary>${cause.blocked.length} blocked as a consequence</summary>${ids(cause.blocked)}</details>`}
${isShown ? html`<details class="wide"><summary>Evidence<span class="unseen"> against ${first.id}</span></summary>${findingView(first, lookup)}</details>` : ''}</article>`;
}

/** The URL fragment of a cause. */
export const causeAnchor = ({ requirements }: Cause): string => `c-${requirements[0]?.id}`;

/** A list of promises, folded if it is long. */
function promises(list: readonly ReportedRequirement[]): Markup {
  return list.length <= MOST_LISTED
    ? ids(list)
    : html`<details><summary>Which ${list.length}</summary>${ids(list)}</details>`;
}

const ids = (list: readonly ReportedRequirement[]) =>
  html`<ul class="ids">${list.map(({ id, level, verdict, statement }) => html`<li>${badge(verdict)} <span class="level">${level}</span> ${linkTo(id)} ${prose(statement)}</li>`)}</ul>`;

/** Names the file that declares the accepted deviations. */
const acceptance = ({ targetFile }: Report) =>
  targetFile === undefined
    ? ''
    : html`<p class="meta">Declared in <code>${targetFile.path}</code>, SHA-256 <code>${targetFile.sha256}</code>.</p>`;

/** The promises that were excluded or untested, grouped by reason. */
export function notTested({ requirements }: Report): Markup {
  const list = requirements.filter(({ verdict }) => verdict === 'untested' || verdict === 'excluded');
  const groups = new Map<string, ReportedRequirement[]>();
  for (const one of list) {
    const key = `${one.verdict} ${sortOf(one.reason ?? '')}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const sorted = [...groups.values()].sort((a, b) => b.length - a.length);
  return html`<section aria-labelledby="untested"><h2 id="untested">What was not judged, and why</h2>
${list.length === 0 ? html`<p>Nothing: every promise in scope was judged.</p>` : ''}
${sorted.map((group) => {
  const [first] = group;
  return first === undefined
    ? ''
    : html`<article class="cause k-open"><h3>${badge(first.verdict)} ${cut(first.reason ?? '', MOST_SEEN)}</h3><p class="meta">${counted(group.length, 'promise')}${first.excludedBy === undefined ? '' : `, excluded by ${first.excludedBy === 'setting' ? 'a setting' : first.excludedBy === 'profile' ? 'the profile of the target' : 'a property of the target'}`}</p>${promises(group)}</article>`;
})}</section>`;
}

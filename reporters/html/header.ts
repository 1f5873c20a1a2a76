import { VERDICTS } from '../../harness/verdicts/verdicts.ts';
import { causesOf, extentOf } from '../causes.ts';
import { areasOf } from '../order.ts';
import { withoutProof } from '../provenance.ts';
import type { Report, ReportedRequirement } from '../schema/report.ts';
import { byShards, counted, cut } from '../text.ts';
import { acceptedDeviations, sentenceOf, verdictWords } from '../verdict-line.ts';
import { causeAnchor } from './causes.ts';
import { html, type Markup } from './markup.ts';
import { badge, hrefOf, linked, MEANINGS, prose } from './words.ts';

const MOST_WORST = 6;
const MOST_TITLE = 110;

/** The first screen: the verdict with its scope, what was tested, and the promises by area and verdict. */
export function header(report: Report, history: Markup | string): Markup {
  const { contract, scope } = report;
  return html`<header>
<p class="kicker">${contract.title} ${contract.version}</p>
<h1 class="verdict ${toneOf(report)}"><span class="unseen">Verdict: </span>${verdictWords(report)}<span class="figures">: ${scope.judged} of ${counted(scope.of, 'promise')} judged</span></h1>
<p class="sentence">${sentenceOf(report)}</p>
<div class="first"><div>${tested(report)}${worst(report)}</div><div>${matrix(report)}${history}</div></div></header>`;
}

function toneOf(report: Report): string {
  const { verdict } = report;
  if (verdict === 'non-conformant') return 'is-bad';
  return verdict === 'conformant' && acceptedDeviations(report).length === 0 ? 'is-good' : 'is-warn';
}

/** The most severe causes, one line each. */
function worst(report: Report): Markup | string {
  const causes = causesOf(report).filter(({ kind }) => kind !== 'not run');
  const rest = causes.length - MOST_WORST;
  return causes.length === 0
    ? ''
    : html`<h2 class="small">Most severe first</h2><ol class="worst">${causes.slice(0, MOST_WORST).map((cause) => html`<li class="k-${cause.kind}"><a href="#${encodeURIComponent(causeAnchor(cause))}">${prose(cut(cause.title, MOST_TITLE))}</a> <span class="meta">${cause.seen === undefined ? extentOf(cause) : `${cause.kind}; seen: ${cut(cause.seen, MOST_TITLE)}`}</span></li>`)}</ol>${rest > 0 ? html`<p class="meta">and <a href="#findings">${counted(rest, 'more cause')}</a></p>` : ''}`;
}

/** What was tested, when, by which suite, and for whom. */
function tested(report: Report): Markup {
  const { run, contract, suite, settings, target, targetFile } = report;
  const version = String(settings.CONTRACT_VERSION ?? 'seed');
  const commit = (id: string) => html`commit <code title="${id}">${id.slice(0, 12)}</code>`;
  return html`<h2 class="unseen">What was tested</h2><dl class="facts">
<dt>Target</dt><dd>${target}${run.targetSays === undefined ? '' : `, which calls itself ${run.targetSays}`}</dd>
<dt>When</dt><dd><time datetime="${run.startedAt}">${run.startedAt.slice(0, 19).replace('T', ' ')} UTC</time>, ${(run.durationMs / 1000).toFixed(1)} s, ${counted(run.requests, 'request')}${byShards(run)}; ${run.ended}</dd>
<dt>Run</dt><dd><code>${run.id}</code></dd>
${run.operator === undefined ? '' : html`<dt>Operator</dt><dd>${run.operator}</dd>`}
${run.ci === undefined ? '' : html`<dt>CI</dt><dd>${run.ci.name}, ${run.ci.job}${run.ci.url === undefined ? '' : html` ${linked(run.ci.url)}`}${run.ci.commit === undefined ? '' : html`, ${commit(run.ci.commit)}`}</dd>`}
<dt>Contract</dt><dd><code>${contract.path}</code> at version ${version}, SHA-256 <code title="${contract.sha256}">${contract.sha256.slice(0, 12)}</code></dd>
<dt>Profile</dt><dd>${targetFile === undefined ? 'none: every capability is expected' : html`<code>${targetFile.path}</code>, SHA-256 <code title="${targetFile.sha256}">${targetFile.sha256.slice(0, 12)}</code>`}</dd>
<dt>Suite</dt><dd>${suite.version}${suite.commit === undefined ? '' : html`, ${commit(suite.commit)}${suite.dirty === true ? ' with local changes' : ''}`}, Node ${run.node}, seed ${settings.SEED ?? '?'}</dd>
<dt>Proof</dt><dd>${proofText(report)}</dd></dl>`;
}

function proofText(report: Report): string {
  const { proof } = report;
  if (proof === undefined) return `that the checks can fail: ${withoutProof(report)}`;
  const { statement, caught, faults, covered, requirements, alarms, variants } = proof;
  return `${statement}. Of the faults that this run could notice, ${caught} of ${faults} were caught; ${covered} of ${requirements} judged promises are covered. In runs of the whole suite: ${counted(alarms, 'false alarm')} on ${counted(variants, 'conforming variant')}`;
}

/** Promises by area and verdict; each figure links to the first of them. */
function matrix({ requirements }: Report): Markup {
  const columns = VERDICTS.filter((word) => requirements.some(({ verdict }) => verdict === word));
  const areas = areasOf({ requirements });
  const row = (name: Markup | string, list: readonly ReportedRequirement[]) =>
    html`<tr><th scope="row">${name}</th>${columns.map((word) => {
      const found = list.filter(({ verdict }) => verdict === word);
      const [first] = found;
      return html`<td class="${first === undefined ? '' : `v-${word}`}">${first === undefined ? html`<span aria-label="none">·</span>` : html`<a href="${hrefOf(first.id)}">${found.length}</a>`}</td>`;
    })}<td>${list.length}</td></tr>`;
  return html`<table class="matrix"><caption>Promises by area and verdict; each figure links to the first of them</caption>
<thead><tr><th scope="col">area</th>${columns.map((word) => html`<th scope="col"><abbr title="${MEANINGS[word]}">${badge(word)}</abbr></th>`)}<th scope="col">all</th></tr></thead>
<tbody>${areas.map((area) =>
    row(
      html`<a href="#a-${area}-list">${area}</a>`,
      requirements.filter((one) => one.area === area),
    ),
  )}</tbody><tfoot>${row('all', requirements)}</tfoot></table>`;
}

import type { Exchange } from '../../harness/exchange.ts';
import { RUN } from '../manifest.ts';
import { withoutProof } from '../provenance.ts';
import type { Report } from '../schema/report.ts';
import { byShards, counted, countedByKind } from '../text.ts';
import { exchangeBox, titleOf } from './exchange-view.ts';
import type { Lookup } from './finding.ts';
import { html, type Markup } from './markup.ts';

/** How to repeat the recorded requests: the commands that fetch their tokens. */
export function repeating({ exchanges, settings }: Report): Markup {
  const scopes = new Map<string, string>();
  for (const { request, response } of exchanges) {
    const name = /"\$(TOKEN_[A-Z_]+)"/.exec(response.body)?.[1];
    const scope = new URLSearchParams(request.body).get('scope');
    if (name !== undefined && scope !== null && !scopes.has(name)) scopes.set(name, scope);
  }
  const tokens = [...scopes].map(([name, scope]) => `export ${name}=$(npm run -s token -- ${scope})`);
  const isReference = !/^https?:/.test(String(settings.BASE_URL));
  return html`<section aria-labelledby="repeat"><h2 id="repeat">Repeating the requests</h2>
<p>Each command names the target and the seed of this run; secrets and all other settings come from the environment or <code>.env</code>. The <code>curl</code> commands contain shell variables in place of tokens. With the settings of this run, these commands set them:</p>
<pre>${tokens.join('\n') || 'npm run -s token -- SCOPES'}</pre>
${isReference ? html`<p class="meta">The embedded reference stopped with the run: <code>npm run reference</code> starts it again, at another URL.</p>` : ''}
${settings.SIGNING_KEY_FILE === '(set)' ? html`<p class="meta">Signatures expire: repeat a signed request with its <code>npm</code> command, not with its <code>curl</code>.</p>` : ''}</section>`;
}

/** Who is responsible for the run, and how to verify that the report is theirs. */
export function signOff({ run }: Report): Markup {
  const who =
    run.operator ?? (run.ci === undefined ? 'no operator named (set OPERATOR)' : `${run.ci.name}, ${run.ci.job}`);
  const key = run.keyFingerprint;
  return html`<section aria-labelledby="sign-off" class="sign-off"><h2 id="sign-off">Sign-off</h2><dl class="facts">
<dt>Who</dt><dd>${who}</dd><dt>When</dt><dd>${run.startedAt} to ${run.endedAt}</dd><dt>Run</dt><dd><code>${run.id}</code>${run.partIds.length > 0 ? html`, merged from ${run.partIds.map((id) => html`<code>${id}</code> `)}` : ''}</dd>
<dt>Manifest</dt><dd><code>${RUN.manifest}</code>: SHA-256 of every file in this delivery, and the result</dd>
<dt>Key</dt><dd>${key === undefined ? 'unsigned: the manifest reveals accidental changes, but not who made it' : html`fingerprint (SHA-256, SPKI) <code>${key}</code>`}</dd>
<dt>To verify</dt><dd><code>npm run verify-evidence -- .${key === undefined ? '' : ' --key public.pem'}</code>${key === undefined ? '' : '; obtain the public key through a channel other than this report'}</dd></dl>
<div class="lines" aria-hidden="true"><span>Name</span><span>Date</span><span>Signature</span></div></section>`;
}

/** Where the report comes from, and what the run left behind at the target. */
export function provenance(report: Report): Markup {
  const { run, suite, contract, settings, proof } = report;
  const { prerequisites, groups, webhooks } = run.footprint;
  const registered = webhooks.filter(({ state }) => state === 'registered');
  const open = groups.filter(({ state }) => state === 'open').length;
  return html`<section aria-labelledby="provenance"><h2 id="provenance">Provenance</h2>
<dl class="facts">
<dt>Contract</dt><dd>${contract.title} ${contract.version}, SHA-256 <code>${contract.sha256}</code>; a copy is in <code>contract/</code></dd>
<dt>Suite</dt><dd>${suite.version}${suite.commit === undefined ? ', not in a git work tree' : html`, commit <code>${suite.commit}</code>, ${suite.dirty === true ? 'with local changes' : 'without local changes'}`}</dd>
<dt>Proof</dt><dd>${proof === undefined ? withoutProof(report) : html`made on ${proof.date} with version ${proof.version}, suite <code>${proof.suite}</code> and contract <code>${proof.contract}</code>${proof.commit === undefined ? '' : html`, commit <code>${proof.commit}</code>`}; ${proof.statement}`}</dd>
<dt>Runtime</dt><dd>Node ${run.node}, Playwright ${run.playwright}</dd>
</dl>
<h3>Left behind at the target${byShards(run)}</h3>
${
  prerequisites.length + groups.length + registered.length === 0
    ? html`<p>Nothing.</p>`
    : html`<details><summary>${[countedByKind(prerequisites), `${counted(groups.length, 'account group')}, ${open === 0 ? 'all closed' : `${open} of them open`}`].filter(Boolean).join(', ')}${registered.length > 0 ? `, ${counted(registered.length, 'webhook')}` : ''}</summary>
<ul>${prerequisites.map(({ what, id }) => html`<li>${what} <code>${id}</code></li>`)}${groups.map(({ id, state }) => html`<li>account group <code>${id}</code>, ${state}</li>`)}${registered.map(({ id }) => html`<li>webhook <code>${id}</code>, still registered</li>`)}</ul></details>`
}
<h3>Settings</h3><details><summary>${Object.keys(settings).length} settings</summary><dl class="facts">${Object.entries(settings).map(([name, value]) => html`<dt><code>${name}</code></dt><dd>${value}</dd>`)}</dl></details>
${cases(report)}</section>`;
}

const STATES: Readonly<Record<Report['cases'][number]['state'], string>> = {
  asked: 'sent requests',
  excluded: 'excluded',
  'nothing-asked': 'sent nothing',
  'not-selected': 'not selected',
  'not-run': 'not run',
};

function cases({ cases: all }: Report): Markup {
  const states = [...new Set(all.map(({ state }) => state))];
  const summary = states.map((state) => `${all.filter((one) => one.state === state).length} ${STATES[state]}`);
  return html`<h3>Cases</h3><details><summary>${counted(all.length, 'case')}: ${summary.join(', ')}</summary>
<ul>${all.map(({ id, title, state, error }) => html`<li><code>${id}</code> ${title}${state === 'asked' ? '' : ` (${STATES[state]})`}${error === undefined ? '' : html`<p class="reason">${error}</p>`}</li>`)}</ul></details>`;
}

/** Together with {@link MOST_BODY}, this keeps the page below 2 MB; `conformance.json` holds every exchange in full. */
const MOST_EXCHANGES = 150;
/** Bodies are cut after this many characters. */
const MOST_BODY = 900;

/** Ids of the exchanges in the appendix: those that show a violation first, then one for each promise. */
export function appendedOf({ requirements, evidence }: Report): ReadonlySet<string> {
  const against = requirements.flatMap(
    ({ id }) => evidence[id]?.violations.flatMap(({ exchanges }) => exchanges) ?? [],
  );
  const ones = requirements.flatMap(({ id }) => evidence[id]?.exchanges.slice(0, 1) ?? []);
  return new Set([...new Set([...against, ...ones])].slice(0, MOST_EXCHANGES));
}

/** The exchanges of the appendix, in chronological order. */
export function exchangeAppendix({ report, appended }: Lookup): Markup {
  const shown: readonly Exchange[] = report.exchanges.filter(({ id }) => appended.has(id));
  const rest = report.exchanges.length - shown.length;
  return html`<section aria-labelledby="exchanges"><h2 id="exchanges">Appendix: exchanges</h2>
<p>${shown.length} of ${counted(report.exchanges.length, 'exchange')}: those that show a violation, and one for each promise.${rest > 0 ? ' conformance.json contains all of them.' : ''}</p>
${shown.map((exchange) => html`<details class="appended" id="x-${exchange.id}"><summary><code>${exchange.id} ${titleOf(exchange)}</code></summary>${exchangeBox(exchange, { most: MOST_BODY })}</details>`)}</section>`;
}

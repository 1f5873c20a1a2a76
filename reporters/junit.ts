import { curl } from '../harness/verdicts/case-outcome.ts';
import { againFor } from './again.ts';
import { html, type Markup } from './html/markup.ts';
import { areasOf } from './order.ts';
import type { Report, ReportedRequirement } from './schema/report.ts';
import { verdictLine } from './verdict-line.ts';

/** The outcome of a promise in terms of JUnit. */
type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/** Accepted, excluded and advisory promises are skipped, with the reason; what closes the gate never is. */
function outcomeOf({ verdict, gate, observed }: ReportedRequirement): Outcome {
  if (gate === 'gate') return observed === 'violated' || verdict === 'stale' ? 'failure' : 'error';
  return verdict === 'passed' ? 'passed' : 'skipped';
}

/** The report as JUnit XML: a test case for each promise, in a suite for each area. */
export function junitOf(report: Report): string {
  const areas = areasOf(report);
  const seconds = (report.run.durationMs / 1000).toFixed(3);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${html`<testsuites name="${report.contract.title}: ${verdictLine(report)}" ${figures(report.requirements)} time="${seconds}">
${areas.map((area) => {
  const list = report.requirements.filter((one) => one.area === area);
  return html`<testsuite name="${area}" ${figures(list)} timestamp="${report.run.startedAt}" hostname="${report.target}">
<properties>${Object.entries(propertiesOf(report)).map(([name, value]) => html`<property name="${name}" value="${value}"/>`)}</properties>
${list.map((one) => caseOf(one, report))}</testsuite>
`;
})}</testsuites>`}\n`;
}

const figures = (list: readonly ReportedRequirement[]): Markup => {
  const count = (outcome: Outcome) => list.filter((one) => outcomeOf(one) === outcome).length;
  return html`tests="${list.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
};

function propertiesOf(report: Report): Readonly<Record<string, string>> {
  const { run, contract, suite, settings, target } = report;
  return {
    verdict: verdictLine(report),
    target,
    run: run.id,
    contract: `${contract.path} ${contract.sha256}`,
    suite: `${suite.version} ${suite.commit ?? ''}`.trim(),
    seed: String(settings.SEED ?? ''),
    ...(run.operator !== undefined && { operator: run.operator }),
    ...(run.ci?.url !== undefined && { ci: run.ci.url }),
  };
}

function caseOf(one: ReportedRequirement, report: Report): Markup {
  const outcome = outcomeOf(one);
  const head = html`<testcase classname="${one.area}" name="${one.level} ${one.id}: ${one.statement}"`;
  if (outcome === 'passed') return html`${head}/>\n`;
  const why = whyOf(one, report);
  const element = html`message="${why}"`;
  if (outcome === 'skipped') return html`${head}><skipped ${element}/></testcase>\n`;
  const text = detailOf(one, report);
  return outcome === 'failure'
    ? html`${head}><failure ${element} type="${one.verdict}">${text}</failure></testcase>\n`
    : html`${head}><error ${element} type="${one.verdict}">${text}</error></testcase>\n`;
}

function whyOf(one: ReportedRequirement, { evidence }: Report): string {
  const seen = evidence[one.id]?.violations[0]?.seen;
  const word = one.gate === 'advice' ? 'advice' : one.verdict;
  return [`${word}: ${seen ?? one.reason ?? ''}`, ...(seen !== undefined && one.reason ? [one.reason] : [])].join('; ');
}

function detailOf(one: ReportedRequirement, report: Report): string {
  const { violations = [] } = report.evidence[one.id] ?? {};
  const shownBy = report.exchanges.find(({ id }) => id === violations[0]?.exchanges.at(-1));
  const again = againFor(one, report);
  return [
    ...violations.map(({ seen, exchanges }) => `seen      ${seen} (exchange ${exchanges.at(-1)})`),
    `promised  ${report.contract.path}${one.pointer} (${one.source})`,
    ...(shownBy === undefined || shownBy.received ? [] : [`repeat    ${curl(shownBy)}`]),
    ...(again === undefined ? [] : [`again     ${again}`]),
  ].join('\n');
}

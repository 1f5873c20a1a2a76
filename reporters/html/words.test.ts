import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Exclusion } from '../../harness/case.ts';
import { caseOf, contract, exchange, resultOf } from '../../harness/fixtures.ts';
import { caseLine, summary } from '../console.ts';
import { everything, FACTS, MUST, reportOf, SHOULD } from '../fixtures.ts';
import { stepSummary } from '../github.ts';
import type { Report } from '../report.ts';
import { checkedReport, reportText } from '../report-file.ts';
import { sentenceOf, verdictLine } from '../verdict-line.ts';
import { page } from './page.ts';

const deviations = [{ requirement: MUST, because: 'b', ticket: 't', since: '2025-01-01', until: '2027-01-01' }];
const accepting = { facts: { ...FACTS, options: { ...FACTS.options, deviations } } };

test('the sentence distinguishes violations from advice', () => {
  const said = sentenceOf(reportOf([everything({ [MUST]: ['x'], [SHOULD]: ['y'] })]));
  assert.match(said, /^Of \d+ judged promises, 1 violated, 1 not kept \(advice\), \d+ kept\.$/);
});

/** A report in which one promise is excluded. */
function ruledOut(exclusion: Exclusion, settings: Readonly<Record<string, string>> = {}) {
  const { findings, ...rest } = everything();
  const { [MUST]: _, ...judged } = findings;
  const off = { ...rest, findings: judged, excluded: { [MUST]: exclusion } };
  const facts = { ...FACTS, settings: { ...FACTS.settings, ...settings } };
  return reportOf([off], { cases: [caseOf(off.case, [...Object.keys(judged), MUST])], facts });
}

const ALL = contract.requirements.size;
const judged = (count: number) => `${count} of ${ALL} promises judged`;

test('the sentence counts what was not judged', () => {
  assert.equal(sentenceOf(ruledOut('writes-off')), `All ${ALL - 1} judged promises are kept. Not judged: 1 excluded.`);
});

const lines: ReadonlyArray<readonly [what: string, report: Report, line: string]> = [
  ['of everything', reportOf([everything()]), `conformant: ${judged(ALL)}`],
  ['read-only', ruledOut('writes-off'), `conformant, read-only: ${judged(ALL - 1)}`],
  ['without events', ruledOut('no-webhook-listener'), `conformant, no events: ${judged(ALL - 1)}`],
  ['unsigned', ruledOut('unsigned'), `conformant, unsigned: ${judged(ALL - 1)}`],
  ['of a target whose tokens live long', ruledOut('tokens-outlive-the-run'), `conformant: ${judged(ALL - 1)}`],
  [
    'by a profile',
    ruledOut('profile-scopes', { TARGET: 'sandbox' }),
    `conformant, except what the profile of sandbox excludes (scopes): ${judged(ALL - 1)}`,
  ],
  [
    'that tolerates',
    ruledOut('writes-off', { TOLERATE: 'additive' }),
    `conformant, read-only, tolerating additions: ${judged(ALL - 1)}`,
  ],
  ['with a violation', reportOf([everything({ [MUST]: ['x'] })]), `non-conformant: ${judged(ALL)}`],
  [
    'with a violation that is accepted',
    reportOf([everything({ [MUST]: ['x'] })], accepting),
    `conformant with 1 accepted deviation: ${judged(ALL)}`,
  ],
  ['with an acceptance out of date', reportOf([everything()], accepting), `stale: ${judged(ALL)}`],
  ['of a part', reportOf([everything()], { narrowed: true }), `incomplete: ${judged(ALL)}`],
];
for (const [what, report, line] of lines)
  test(`every format states the same verdict and scope of a run ${what}`, () => {
    assert.equal(verdictLine(report), line);
    assert.ok(summary(report, []).split('\n').includes(`verdict: ${line}`));
    assert.ok(page(report).includes(line));
    assert.ok(unescaped(stepSummary(report)).startsWith(`## Account Groups: ${line}\n`));
    checkedReport(JSON.parse(reportText(report)));
  });

const unescaped = (markdown: string) =>
  markdown.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test('an obsolete deviation is stale, not a violation', () => {
  const report = reportOf([everything()], accepting);
  const one = report.requirements.find(({ id }) => id === MUST);
  assert.deepEqual([one?.verdict, one?.observed, one?.acceptance], ['stale', 'kept', 'accepted']);
  assert.match(sentenceOf(report), /all are kept\. 1 promise has an accepted deviation that is out of date\./);
});

test('an expired deviation excuses nothing', () => {
  const over = deviations.map((one) => ({ ...one, until: '2025-12-31' }));
  const report = reportOf([everything({ [MUST]: ['x'] })], {
    facts: { ...FACTS, options: { ...FACTS.options, deviations: over } },
  });
  const one = report.requirements.find(({ id }) => id === MUST);
  assert.deepEqual(
    [report.verdict, one?.verdict, one?.observed, one?.acceptance],
    ['non-conformant', 'stale', 'violated', 'expired'],
  );
});

test('the states of cases distinguish excluded, not selected and run', () => {
  const asked = resultOf('a', { judged: { [MUST]: [] }, exchanges: [exchange()] });
  const off = resultOf('b', { exchanges: [], off: [SHOULD] });
  const cases = [caseOf('a', [MUST]), caseOf('b', [SHOULD]), caseOf('c', ['list.200.media-type'])];
  const { cases: reported, requirements } = reportOf([asked, off], { cases, selected: new Set(['a', 'b']) });
  assert.deepEqual(
    reported.map(({ state }) => state),
    ['asked', 'excluded', 'not-selected'],
  );
  assert.equal(requirements.find(({ id }) => id === 'list.200.media-type')?.reason, 'not selected');
});

test('the page repeats a case on the same target with the same seed', () => {
  const again = (settings: Readonly<Record<string, string | number>>) =>
    /<pre>([^<]*npm run conformance[^<]*)<\/pre>/.exec(
      page(
        reportOf([everything({ [MUST]: ['x'] })], {
          facts: { ...FACTS, settings: { ...FACTS.settings, ...settings } },
        }),
      ),
    )?.[1];
  const command = 'npm run conformance -- --grep &quot;the case everything&quot;';
  assert.equal(again({ SEED: 7, WRITES: 'on' }), `BASE_URL=https://target.test WRITES=on SEED=7 ${command}`);
  assert.equal(again({ BASE_URL: '(the embedded reference)', WRITES: 'on' }), `SEED=1 ${command}`);
});

describe('a line of progress', () => {
  const shown = resultOf('a', { judged: { [MUST]: [] }, exchanges: [] });
  const line = (status: 'passed' | 'failed', ...annotations: Array<{ type: string; description: string }>) =>
    caseLine('a title', { status, annotations }, shown);

  test('has no notes if there are none to show', () => {
    assert.equal(line('passed', { type: 'contract', description: 'x' }), 'ok   a title (1 requirement, 0 exchanges)');
  });

  test('of a green test shows violations that other cases report, and advice', () => {
    const note = 'its answers violate list.allowed, which the case b reports';
    assert.equal(
      line('passed', { type: 'elsewhere', description: note }),
      `ok   a title (1 requirement, 0 exchanges); but ${note}`,
    );
    assert.match(
      line('passed', { type: 'advice', description: 'SHOULD x: y\n  seen z' }),
      /; but advice: SHOULD x: y$/,
    );
    const many = Array.from({ length: 5 }, (_, index) => ({ type: 'elsewhere', description: `n${index}` }));
    assert.match(line('passed', ...many), /; but n0; n1; n2 and 2 more$/);
  });

  test('of a red test leaves the notes to its message', () => {
    assert.doesNotMatch(line('failed', { type: 'elsewhere', description: 'x' }), /but/);
  });
});

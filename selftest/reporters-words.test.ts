import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { caseLine, summary } from '../reporters/console.ts';
import { stepSummary } from '../reporters/github.ts';
import { page } from '../reporters/html/page.ts';
import { sentenceOf } from '../reporters/html/words.ts';
import { checkedReport, reportText } from '../reporters/report-file.ts';
import { caseOf, resultOf } from './harness-fixtures.ts';
import { everything, FACTS, MUST, reportOf, SHOULD } from './reporters-fixtures.ts';

const deviations = [{ requirement: MUST, because: 'b', ticket: 't', since: '2025-01-01', until: '2027-01-01' }];
const accepting = { facts: { ...FACTS, options: { ...FACTS.options, deviations } } };

test('a broken promise is not mixed up with advice', () => {
  const said = sentenceOf(reportOf([everything({ [MUST]: ['x'], [SHOULD]: ['y'] })]));
  assert.match(said, /^1 of \d+ promises is broken; 1 not kept, which is advice\.$/);
});

test('what was not tested is counted at once', () => {
  const { judgements, ...rest } = everything();
  const { [MUST]: _, ...judged } = judgements;
  const off = { ...rest, judgements: judged, excluded: { [MUST]: 'writes-off' as const } };
  const report = reportOf([off], { cases: [caseOf(off.case, [...Object.keys(judged), MUST])] });
  assert.match(sentenceOf(report), /^Of \d+ promises, all \d+ that could be tested are kept; 1 was not tested\.$/);
});

test('what the profile excludes is said along with the verdict, everywhere', () => {
  const { judgements, ...rest } = everything();
  const { [MUST]: _, ...judged } = judgements;
  const off = { ...rest, judgements: judged, excluded: { [MUST]: 'profile-scopes' as const } };
  const facts = { ...FACTS, settings: { ...FACTS.settings, TARGET: 'sandbox' } };
  const report = reportOf([off], { cases: [caseOf(off.case, [...Object.keys(judged), MUST])], facts });
  const said = 'except what the profile of sandbox excludes: 1 requirement of list';
  assert.match(sentenceOf(report), new RegExp(`^Of .*; 1 was not tested, ${said}\\.$`));
  assert.match(summary(report, []), new RegExp(`^verdict: conformant, ${said}$`, 'm'));
  assert.match(stepSummary(report), new RegExp(`^## Account Groups: conformant, .*${'1 requirement of list'}$`, 'm'));
  assert.ok(page(report).includes(said));
  checkedReport(JSON.parse(reportText(report)));
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

  test('is plain where there is nothing more to say', () => {
    assert.equal(line('passed', { type: 'contract', description: 'x' }), 'ok   a title (1 requirement, 0 exchanges)');
  });

  test('says what the answers of a green test have shown, and who reports it', () => {
    const said = 'its answers violate list.allowed, which the case b reports';
    assert.equal(
      line('passed', { type: 'elsewhere', description: said }),
      `ok   a title (1 requirement, 0 exchanges); but ${said}`,
    );
    assert.match(
      line('passed', { type: 'advice', description: 'SHOULD x: y\n  seen z' }),
      /; but advice: SHOULD x: y$/,
    );
    const many = Array.from({ length: 5 }, (_, index) => ({ type: 'elsewhere', description: `n${index}` }));
    assert.match(line('passed', ...many), /; but n0; n1; n2 and 2 more$/);
  });

  test('leaves that to the message where the test is red', () => {
    assert.doesNotMatch(line('failed', { type: 'elsewhere', description: 'x' }), /but/);
  });
});

describe('what a conformant report says', () => {
  const rows: ReadonlyArray<readonly [what: string, report: ReturnType<typeof reportOf>, said: RegExp]> = [
    ['everything kept', reportOf([everything()]), /^Of \d+ promises, all \d+ that could be tested are kept\.$/],
    [
      'something accepted',
      reportOf([everything({ [MUST]: ['x'] })], accepting),
      /^Of \d+ promises, \d+ could be tested: \d+ are kept, 1 violated and accepted for this target\.$/,
    ],
    [
      'something that is advice',
      reportOf([everything({ [SHOULD]: ['x'] })]),
      /^Of \d+ promises, \d+ could be tested: \d+ are kept, 1 not kept, which is advice\.$/,
    ],
  ];
  for (const [what, report, said] of rows)
    test(what, () => {
      assert.equal(report.verdict, 'conformant');
      assert.match(sentenceOf(report), said);
    });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sentenceOf } from '../reporters/html/words.ts';
import { caseOf } from './harness-fixtures.ts';
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

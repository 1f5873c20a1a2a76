import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Exclusion } from '../harness/case.ts';
import { caseOf, contract, file, resultOf } from '../harness/fixtures.ts';
import { everything, FACTS, MUST, reportOf, SHOULD } from '../reporters/fixtures.ts';
import { page as pageOf } from '../reporters/html/page.ts';
import type { Report } from '../reporters/report.ts';
import { noBrowser, startBrowser } from './browser.ts';

/** The first screen of every kind of report answers the first questions of an auditor. */

const deviation = {
  requirement: MUST,
  because: 'old gateway',
  ticket: 'T-1',
  approver: 'Head of Platform',
  since: '2025-01-01',
  until: '2027-01-01',
};
const accepting = { ...FACTS, options: { ...FACTS.options, deviations: [deviation] } };

function readOnly(exclusion: Exclusion): Report {
  const { findings, ...rest } = everything();
  const { [MUST]: _, ...judged } = findings;
  const off = { ...rest, findings: judged, excluded: { [MUST]: exclusion } };
  return reportOf([off], { cases: [caseOf(off.case, [...Object.keys(judged), MUST])] });
}

const green = reportOf([everything()]);
const merged = reportOf([everything()], { run: { parts: 3, partIds: ['1', '2', '3'] } });
const changed: Report = {
  ...green,
  ...(green.proof && {
    proof: { ...green.proof, qualified: false, statement: 'not qualified: the suite has changed' },
  }),
};
const ALL = contract.requirements.size;

/** What the first screen of each report must show in addition to the answers to all questions. */
const REPORTS: ReadonlyArray<readonly [kind: string, report: Report, says: readonly string[]]> = [
  ['green', green, [`conformant: ${ALL} of ${ALL} promises judged`]],
  [
    'red',
    reportOf([everything({ [MUST]: ['x'], [SHOULD]: ['y'] })]),
    ['non-conformant:', '1 violated', 'Most severe first'],
  ],
  ['read-only', readOnly('writes-off'), [`conformant, read-only: ${ALL - 1} of ${ALL}`, 'Not judged: 1 excluded']],
  [
    'accepted',
    reportOf([everything({ [MUST]: ['x'] })], { facts: accepting }),
    ['conformant with 1 accepted deviation:', '1 violated and accepted for this target'],
  ],
  ['stale', reportOf([everything()], { facts: accepting }), ['stale:', 'an accepted deviation that is out of date']],
  [
    'blocked',
    reportOf([resultOf('a', { blocked: { [MUST]: 'no user' } })], { cases: [caseOf('a', [MUST])] }),
    ['inconclusive:', 'No promise could be judged', 'no user'],
  ],
  ['merged', merged, ['by 3 shards']],
  ['of a changed suite', changed, ['not qualified: the suite has changed']],
];

/** Questions about every run, and their answers in the reports of the fixtures. */
const QUESTIONS: Readonly<Record<string, string>> = {
  'what was tested': 'https://target.test',
  'when, and for how long': '2026-01-01 10:00:00 UTC, 2.0 s',
  'which run': FACTS.run,
  'against which contract': 'spec/account-groups.openapi.yaml at version seed, SHA-256',
  'under which profile': 'none: every capability is expected',
  'by which suite': '0.1.0, commit aaaaaaaaaaaa',
  'can the checks fail': 'judged promises are covered',
  'how much, by area': 'Promises by area and verdict',
};

const browser = noBrowser === false ? await startBrowser() : undefined;

describe('the first screen', () => {
  after(() => browser?.close());
  for (const [kind, report, says] of REPORTS)
    test(`of a report that is ${kind} answers what an auditor asks`, { skip: noBrowser }, async () => {
      assert.ok(browser);
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(`file://${file(`first-${kind.replaceAll(' ', '-')}.html`, pageOf(report))}`);
      const seen = String(
        await page.evaluate(
          `[...document.querySelectorAll('header h1, header .sentence, header dd, header caption, header li, header h2')]
            .filter((one) => one.getBoundingClientRect().bottom <= innerHeight).map((one) => one.innerText).join('\\n')`,
        ),
      ).replaceAll(/\s+/g, ' ');
      for (const [question, answer] of Object.entries(QUESTIONS))
        assert.ok(seen.includes(answer), `${question}: ${seen}`);
      for (const text of says) assert.ok(seen.includes(text), `${text}: ${seen}`);
      await page.close();
    });

  test('is amber with accepted or stale deviations, and green only without', () => {
    const tone = (report: Report) => /<h1 class="verdict is-(\w+)"/.exec(pageOf(report))?.[1];
    const tones = Object.fromEntries(REPORTS.map(([kind, report]) => [kind, tone(report)]));
    assert.deepEqual(
      [tones.green, tones.red, tones.accepted, tones.stale, tones.blocked],
      ['good', 'bad', 'warn', 'warn', 'warn'],
    );
  });

  test('links to the details of an accepted deviation', () => {
    const html = pageOf(reportOf([everything({ [MUST]: ['x'] })], { facts: accepting }));
    for (const text of ['old gateway', 'T-1', 'approved by Head of Platform', 'last day 2027-01-01'])
      assert.ok(html.includes(text), text);
  });
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { caseOf, file, ROOT, resultOf } from '../harness/fixtures.ts';
import { type Change, compare } from './comparison.ts';
import { everything, FACTS, MUST, reportOf, SHOULD } from './fixtures.ts';
import { ending } from './gate.ts';
import { annotations, stepSummary, writeGitHubOutput } from './github.ts';
import { reportText } from './report-file.ts';

const CLOSED = 'account-group.additionalProperties';
const kept = reportOf([everything()]);
/** A report in which every requirement is kept except one, which a case of its own reports. */
const without = (id: string, shown: Parameters<typeof resultOf>[1]) => {
  const result = everything();
  const { [id]: _, ...findings } = result.findings;
  return reportOf([{ ...result, findings }, resultOf('other', shown)], {
    cases: [caseOf('everything', Object.keys(findings)), caseOf('other', [id])],
  });
};
const failing = reportOf([everything({ [MUST]: ['a'] })]);
const blocked = without(MUST, { blocked: { [MUST]: 'no user' } });
const broken = without(MUST, { error: 'timeout' });
const accepted = reportOf([everything({ [MUST]: ['a'] })], {
  facts: {
    ...FACTS,
    options: {
      ...FACTS.options,
      deviations: [{ requirement: MUST, because: 'b', ticket: 't', since: '2025-01-01', until: '2027-01-01' }],
    },
  },
});
const odd = (...seen: string[]) => reportOf([everything({ [CLOSED]: seen })]);
const gone = { ...kept, requirements: kept.requirements.filter(({ id }) => id !== MUST) };

describe('comparing two runs', () => {
  const rows: ReadonlyArray<
    readonly [what: string, from: typeof kept, to: typeof kept, change: Change | undefined, worse: boolean]
  > = [
    ['kept and kept', kept, kept, undefined, false],
    ['failed and failed', failing, failing, undefined, false],
    ['kept, then violated', kept, failing, 'newly-failing', true],
    ['violated, then kept', failing, kept, 'newly-passing', false],
    ['kept, then blocked', kept, blocked, 'newly-untested', true],
    ['violated, then blocked', failing, blocked, 'newly-untested', true],
    ['blocked, then violated', blocked, failing, 'newly-failing', true],
    ['blocked, then kept', blocked, kept, 'newly-passing', false],
    ['blocked, then in error', blocked, broken, 'other', false],
    ['violated, then accepted', failing, accepted, 'other', false],
    ['accepted, then violated', accepted, failing, 'newly-failing', true],
    ['kept, then violated and accepted', kept, accepted, 'newly-failing', true],
    ['advice given', kept, reportOf([everything({ [SHOULD]: ['x'] })]), 'newly-failing', true],
    ['a requirement gone', kept, gone, 'gone', true],
    ['a requirement added', gone, kept, 'added', false],
    ['a requirement added and violated', gone, failing, 'newly-failing', true],
    [
      'one undocumented member, then another',
      odd('body/data/0/x'),
      odd('body/data/3/x', 'body/data/1/y'),
      'newly-seen',
      true,
    ],
    ['the same undocumented member elsewhere', odd('body/data/0/x'), odd('body/data/7/x'), undefined, false],
  ];
  for (const [what, from, to, change, worse] of rows)
    test(`${what}: ${change ?? 'nothing'}`, () => {
      const { lists, worse: isWorse } = compare(from, to);
      const found = Object.entries(lists).flatMap(([kind, list]) => list.map(() => kind));
      assert.deepEqual(found, change === undefined ? [] : [change]);
      assert.equal(isWorse, worse);
    });

  test('npm run compare exits with 0, 1 or 2', () => {
    const [good, bad] = [file('good.json', reportText(kept)), file('bad.json', reportText(failing))];
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'reporters/compare.ts', ...args], {
        cwd: ROOT,
        encoding: 'utf8',
      });
    assert.equal(run(bad, good).status, 0);
    const worse = run(good, bad);
    assert.equal(worse.status, 1);
    assert.match(worse.stdout, /newly failing \(1\):\n {2}list\.allowed: passed -> failed; seen: a\n/);
    assert.equal(run(good, file('cut.json', reportText(kept).slice(0, -30))).status, 2);
    assert.equal(run(good).status, 2);
    assert.equal(run(good, 'absent.json').status, 2);
  });
});

describe('GitHub output', () => {
  const lines: string[] = [];
  test('is empty outside GitHub Actions', () => {
    writeGitHubOutput(failing, {}, (text) => lines.push(text));
    assert.deepEqual(lines, []);
  });
  test('is a summary, and an annotation for each finding', () => {
    const path = file('summary.md', '');
    writeGitHubOutput(failing, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path }, (text) => lines.push(text));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^::error title=failed%3A list\.allowed,file=spec\/.+::MUST .+ seen: a\n$/);
    assert.match(stepSummary(failing), /^## Account Groups: non-conformant&#58; \d+ of \d+ promises judged\n/);
  });
  test('is bounded if every requirement is violated', () => {
    const many = reportOf([everything(Object.fromEntries([...kept.requirements].map(({ id }) => [id, ['x']])))]);
    assert.equal(annotations(many).length, 10);
    assert.ok(stepSummary(many).length < 100_000);
  });
  test('has no annotation for a conformant run', () => {
    assert.deepEqual(annotations(kept), []);
  });
});

describe('the end of a run', () => {
  const whole = { isSelection: false, isShard: false, isPipeline: false };
  const part = { ...whole, isSelection: true };

  test('is 0 for a conformant run, and 1 for any other complete run', () => {
    assert.deepEqual(ending('conformant', 'failed', whole), { status: 'passed', exitCode: 0 });
    for (const verdict of ['non-conformant', 'inconclusive', 'incomplete'] as const)
      assert.deepEqual(ending(verdict, 'passed', whole), { status: 'failed', exitCode: 1 });
  });
  test('is 0 for a green selection by a person, and 3 for a green shard or a green selection in a pipeline', () => {
    assert.deepEqual(ending('incomplete', 'passed', part), { status: 'passed', exitCode: 0 });
    assert.equal(ending('incomplete', 'passed', { ...part, isShard: true }).exitCode, 3);
    assert.deepEqual(ending('incomplete', 'passed', { ...part, isPipeline: true }), { status: 'failed', exitCode: 3 });
  });
  test('is 1 for any red selection', () => {
    for (const verdict of ['non-conformant', 'inconclusive'] as const)
      for (const scope of [part, { ...part, isShard: true }, { ...part, isPipeline: true }])
        assert.equal(ending(verdict, 'failed', scope).exitCode, 1);
  });
  test('keeps the status of an interrupted or timed-out run', () => {
    assert.deepEqual(ending('incomplete', 'interrupted', part), { status: 'interrupted', exitCode: 130 });
    assert.deepEqual(ending('conformant', 'timedout', whole), { status: 'timedout', exitCode: 1 });
  });
});

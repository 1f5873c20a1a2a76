import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CaseResult } from '../harness/case.ts';
import { caseOf, contract, exchange, present, resultOf } from '../harness/fixtures.ts';
import { outcomeOf } from '../harness/verdicts/case-outcome.ts';
import { requirementVerdicts } from '../harness/verdicts/verdicts.ts';
import { MUST } from './fixtures.ts';
import { Live } from './live.ts';

const HEADER = {
  target: 'https://target.test',
  contract: 'spec/x.yaml, version seed',
  cases: '3, with WRITES=on SEED=1',
  notes: ['GET / -> 200, without any token'],
};
const OPTIONS = { writes: true, strict: false, tolerateAdditive: false };

/** The output of a run in which `events` happen. */
function printed(isTTY: boolean, isPipeline: boolean, events: (live: Live) => void): string {
  let text = '';
  const live = new Live({ isTTY, columns: 80, write: (part) => (text += part) }, { isPipeline });
  live.begin(3, HEADER, undefined);
  events(live);
  live.end();
  return text;
}

/** The failure message of a case with this result. */
function failureOf(id: string, shown: Parameters<typeof resultOf>[1], made: readonly string[] = [MUST]): string {
  const [mine, result] = [caseOf(id, made), resultOf(id, shown)];
  const verdicts = requirementVerdicts(contract, [mine], new Map([[id, result]]), OPTIONS);
  const byId = new Map(verdicts.map((verdict) => [verdict.requirement.id, verdict]));
  return present(outcomeOf(contract, mine, result, byId, OPTIONS).failure);
}

const red = (message: string) => ({ status: 'failed' as const, annotations: [], error: { message } });
const green = { status: 'passed' as const, annotations: [] };

describe('live progress', () => {
  test('begins with the target, the contract, the cases and the notes of the set-up', () => {
    assert.equal(
      printed(false, false, () => undefined),
      [
        'target    https://target.test',
        'contract  spec/x.yaml, version seed',
        'cases     3, with WRITES=on SEED=1',
        'note      GET / -> 200, without any token',
        '',
        '',
      ].join('\n'),
    );
  });

  test('shows the request, the answer, the promise and the repeating commands of a red case', () => {
    const asked = exchange({
      operation: 'create',
      method: 'POST',
      url: 'https://target.test/account_groups',
      sent: '{"type":"ODD"}',
      status: 418,
      body: { detail: 'I am a teapot' },
    });
    const text = printed(false, false, (live) =>
      live.ended(
        'a',
        red(failureOf('a', { exchanges: [asked], judged: { [MUST]: ['418; promised is 200'] } })),
        undefined,
      ),
    );
    for (const line of [
      /^FAIL a$/m,
      /^ {7}asked {5}POST \/account_groups -> 418/m,
      /^ {7}sent {6}\{"type":"ODD"\}$/m,
      /^ {7}answered {2}\{"detail":"I am a teapot"\}$/m,
      /^ {7}seen {6}418; promised is 200$/m,
      /^ {7}promised {2}\S+#\/paths/m,
      /^ {7}repeat {4}curl .*'\{"type":"ODD"\}'$/m,
      /^ {5}Run only this case again: SEED=1 npm run conformance -- --grep "the case a"$/m,
    ])
      assert.match(text, line);
  });

  test('prints each reason for blocked requirements once', () => {
    const why = { blocked: { [MUST]: 'no user could be created' } };
    const text = printed(false, false, (live) => {
      live.ended('a', red(failureOf('a', why)), undefined);
      live.ended('b', red(failureOf('b', why)), undefined);
    });
    assert.equal(text.match(/no user could be created/g)?.length, 1);
    assert.match(text, /^FAIL b; for a reason printed above$/m);
  });

  test('has no control characters in a pipeline or without a terminal', () => {
    for (const [isTTY, isPipeline] of [
      [true, true],
      [false, false],
    ] as const) {
      const text = printed(isTTY, isPipeline, (live) => live.ended('a', green, undefined));
      assert.match(text, /^ok {3}a$/m);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for them.
      assert.doesNotMatch(text, /[\u001b\r]/);
    }
  });

  test('only counts green cases on a terminal', () => {
    const text = printed(true, false, (live) => {
      live.ended('a', green, undefined);
      live.ended('b', red('x\n\nagain'), undefined);
    });
    assert.doesNotMatch(text, /^ok/m);
    assert.match(text, /1 of 3 cases asked/);
    assert.match(text, /2 of 3 cases asked, 1 red/);
  });

  test('shows violations on a terminal before the tests that report them, each promise once', () => {
    const seen: CaseResult = resultOf('a', { judged: { [MUST]: ['418; promised is 200'] } });
    const journal = { results: () => [seen] };
    const text = printed(true, false, (live) => {
      live.look(journal);
      live.look(journal);
    });
    assert.equal(text.split(`seen      ${MUST}: 418; promised is 200\n`).length, 2);
    assert.match(text, /1 of 3 cases asked, 1 promise violated/);
  });
});

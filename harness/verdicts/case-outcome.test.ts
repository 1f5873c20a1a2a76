import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { allCases } from '../../tests/cases/index.ts';
import type { Case, CaseResult } from '../case.ts';
import { caseOf, contract, exchange, present, resultOf, type Sketch, WRITES_OFF } from '../fixtures.ts';
import { curl, outcomeOf } from './case-outcome.ts';
import { type RunOptions, requirementVerdicts } from './verdicts.ts';

const OPTIONS: RunOptions = { writes: true, strict: false, tolerateAdditive: false };
/** The verdicts of a run of these cases. */
function verdictsOf(run: ReadonlyArray<readonly [Case, CaseResult]>, options: RunOptions = OPTIONS) {
  const results = new Map(run.map(([test, result]) => [test.id, result]));
  const verdicts = requirementVerdicts(
    contract,
    run.map(([test]) => test),
    results,
    options,
  );
  return new Map(verdicts.map((verdict) => [verdict.requirement.id, verdict]));
}

const SECRETS = { TOKEN_ACCOUNTS_READ: 'real token', TAMPERED_TOKEN: 'altered', CLIENT_SECRET: 'hush' };

/** The words of a command after a POSIX shell has parsed it. */
function words(command: string): string[] {
  const script = `set -f; set -- ${command}; for word; do printf '%s\\0' "$word"; done`;
  const output = execFileSync('sh', ['-c', script], { env: { PATH: process.env.PATH, ...SECRETS }, encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

describe('curl', () => {
  const hostile = [
    'plain',
    'with "double" and \'single\' quotes',
    'a $HOME, a $(id), a $$ and a $',
    'a `id` and a \\` and a \\\\ and a trailing \\',
    'first line\nsecond line\n\nlast line',
    '* ? [a-z] ~ # ; | & < > ( ) { }',
    '{"text":"\\"\\\\\\u0000$x`y`"}',
    'ä 漢 \u202e \u0007',
    '@file',
    '-X DELETE',
    '',
  ];
  for (const text of hostile)
    test(`survives a shell: ${JSON.stringify(text)}`, () => {
      const asked = { accept: 'application/json', 'x-odd': text.replaceAll('\n', ' '), 'user-agent': 'us' };
      const url = "http://t/account_groups?order=it's&x=$HOME&y=`id`";
      assert.deepEqual(words(curl(exchange({ operation: 'create', url, asked, sent: text }))), [
        'curl',
        '-sS',
        '-i',
        '-X',
        'POST',
        url,
        '-H',
        'accept: application/json',
        '-H',
        // curl's syntax for a header without a value.
        text === '' ? 'x-odd;' : `x-odd: ${text.replaceAll('\n', ' ')}`,
        '--data-raw',
        text,
      ]);
    });

  test('puts variables in the place of secrets', () => {
    const asked = { authorization: 'Bearer $TOKEN_ACCOUNTS_READ', 'x-echo': '$TAMPERED_TOKEN and $CLIENT_SECRET' };
    const command = curl(exchange({ asked }));
    for (const secret of Object.values(SECRETS)) assert.ok(!command.includes(secret));
    assert.deepEqual(words(command).slice(-4), [
      '-H',
      'authorization: Bearer real token',
      '-H',
      'x-echo: altered and hush',
    ]);
  });

  test('sends no body if the request had none', () => {
    assert.ok(!curl(exchange()).includes('--data'));
  });
});

describe('the outcome of a case', () => {
  const MUST = 'list.allowed';
  const SHOULD = 'problem.title-constant';
  const sketch: Sketch = {
    operation: 'list',
    url: 'http://t/account_groups?limit=1',
    asked: { authorization: 'Bearer $TOKEN_ACCOUNTS_READ' },
    headers: { 'upvest-request-id': 'r-1' },
    status: 418,
  };
  const asked = [exchange(sketch)];
  /** The outcome of a case `a`, which covers `MUST`, in a run with these other cases. */
  const outcome = (
    shown: Parameters<typeof resultOf>[1],
    options: RunOptions = OPTIONS,
    others: ReadonlyArray<readonly [Case, CaseResult]> = [],
  ) => {
    const [mine, result] = [caseOf('a', [MUST]), resultOf('a', shown)];
    return outcomeOf(contract, mine, result, verdictsOf([[mine, result], ...others], options), options);
  };

  test('a failure shows the header that a promise is about, and both bodies', () => {
    const sent = exchange({
      operation: 'create',
      asked: { accept: 'application/json', 'idempotency-key': 'x' },
      sent: '{"type":\n  "ODD"}',
      body: { detail: 'y'.repeat(400) },
    });
    const id = 'create.header.idempotency-key.pattern';
    const [mine, result] = [caseOf('a', [id]), resultOf('a', { exchanges: [sent], judged: { [id]: ['200'] } })];
    const { failure } = outcomeOf(contract, mine, result, verdictsOf([[mine, result]]), OPTIONS);
    assert.match(present(failure), /^ {2}asked {5}POST \/\S+ -> 200, with idempotency-key: x, by a caller/m);
    assert.match(present(failure), /^ {2}sent {6}\{"type": "ODD"\}\n {2}answered {2}\{"detail":"y+\.\.\.$/m);
  });

  test('a failure shows the request, what was seen, what is promised and where, and how to repeat it', () => {
    const { failure, steps, advice } = outcome({ exchanges: asked, judged: { [MUST]: ['418; promised is 200'] } });
    const requirement = present(contract.requirements.get(MUST));
    assert.deepEqual(present(failure).split('\n'), [
      `MUST ${MUST}: ${requirement.statement}`,
      '  asked     GET /account_groups?limit=1 -> 418, by a caller with every scope [r-1]',
      '  seen      418; promised is 200',
      `  promised  ${contract.path}${requirement.pointer} (${requirement.source})`,
      `  repeat    ${curl(present(asked[0]))}`,
      '',
      'Run only this case again: SEED=1 npm run conformance -- --grep "the case a"',
    ]);
    assert.ok(requirement.pointer.startsWith('#/'));
    assert.deepEqual(
      steps.map(({ problem }) => problem !== undefined),
      [false, true],
    );
    assert.deepEqual(advice, []);
  });

  const outcomes: ReadonlyArray<
    readonly [what: string, shown: Parameters<typeof resultOf>[1], strict: boolean, says: RegExp | undefined]
  > = [
    ['everything kept', { exchanges: asked, judged: { [MUST]: [] } }, false, undefined],
    ['a SHOULD violated', { exchanges: asked, judged: { [MUST]: [], [SHOULD]: ['two titles'] } }, false, undefined],
    [
      'a SHOULD violated, strictly',
      { exchanges: asked, judged: { [MUST]: [], [SHOULD]: ['two titles'] } },
      true,
      /^SHOULD problem/,
    ],
    [
      'an unknown requirement violated',
      { exchanges: asked, judged: { [MUST]: [], 'no.such': ['x'] } },
      false,
      /^no\.such was judged, but the contract has no such requirement/,
    ],
    ['nothing shown', { exchanges: asked }, false, /^list\.allowed is blocked: no answer of this run could prove it/],
    ['blocked', { blocked: { [MUST]: 'no user' } }, false, /^list\.allowed is blocked: no user/],
    ['in error', { error: 'TransportError: reset' }, false, /^The case ended in an error: TransportError: reset/],
    ['in error and switched off', { off: [MUST], error: 'x' }, false, /^The case ended in an error: x/],
    ['switched off', { off: [MUST] }, false, undefined],
  ];
  for (const [what, shown, strict, says] of outcomes)
    test(`${what} is ${says === undefined ? 'green' : 'red'}`, () => {
      const { failure } = outcome(shown, { ...OPTIONS, strict });
      if (says === undefined) assert.equal(failure, undefined);
      else assert.match(present(failure), says);
    });

  const accepting = (requirement: string, until: string) => ({
    ...OPTIONS,
    today: '2026-06-15',
    deviations: [{ requirement, because: 'It is slow.', ticket: 'BANK-1', since: '2026-06-01', until }],
  });
  const STATUS = 'list.status-documented';

  test('an accepted violation is marked as such, comes after the others, and names its ticket', () => {
    const judged = { [MUST]: ['418'], [STATUS]: ['418'] };
    const { failure, tickets } = outcome({ exchanges: asked, judged }, accepting(MUST, '2026-06-15'));
    const [first, second] = present(failure).split('\n\n');
    assert.match(present(first), new RegExp(`^MUST ${STATUS}: `));
    assert.match(
      present(second),
      /^accepted for this target until 2026-06-15 \(BANK-1\): It is slow\.\nMUST list\.allowed: /,
    );
    assert.deepEqual(tickets, ['BANK-1']);
  });

  test('a blocked requirement can be accepted by name', () => {
    const { failure } = outcome({ blocked: { [MUST]: 'no user' } }, accepting(MUST, '2026-06-15'));
    assert.match(present(failure), /^accepted for this target .*\nlist\.allowed is blocked: no user\n/);
  });

  test('a violation whose acceptance has expired is reported like any other', () => {
    const { failure, tickets } = outcome(
      { exchanges: asked, judged: { [MUST]: ['418'] } },
      accepting(MUST, '2026-06-14'),
    );
    assert.match(present(failure), /^MUST list\.allowed: [\s\S]*\n {2}accepted {2}only until 2026-06-14 \(BANK-1\)\n/);
    assert.deepEqual(tickets, ['BANK-1']);
  });

  test('advice is reported, with a step of its own', () => {
    const { advice, steps } = outcome({ exchanges: asked, judged: { [MUST]: [], [SHOULD]: ['two titles'] } });
    assert.equal(advice.length, 1);
    assert.match(present(advice[0]), /seen {6}two titles/);
    assert.deepEqual(
      steps.map(({ title }) => title.split(':')[0]),
      ['GET /account_groups?limit=1 -> 418 asked by a caller with every scope', MUST, SHOULD],
    );
    assert.match(present(steps[0]).title, /1 requirements kept$/);
  });

  const other = (shown: Parameters<typeof resultOf>[1], covers: readonly string[] = [MUST]) =>
    [caseOf('b', covers), resultOf('b', shown)] as const;
  const mineKept = { exchanges: asked, judged: { [MUST]: [] } };

  test('a requirement that failed in another case makes the cases that cover it red, and they name that case', () => {
    for (const others of [[other({ judged: { [MUST]: ['x'] } })], [other({ judged: { [MUST]: ['x'] } }, [])]]) {
      const { failure, steps } = outcome(mineKept, OPTIONS, others);
      assert.match(
        present(failure),
        /^MUST list\.allowed: .*\n {2}seen {6}in the case b: x\n\nRun only this case again/,
      );
      assert.deepEqual(
        steps.map(({ problem }) => problem),
        [undefined, undefined],
      );
    }
  });

  test('a requirement that another case could not show makes the cases that cover it red, and they name that case', () => {
    const rows: ReadonlyArray<readonly [Parameters<typeof resultOf>[1], RegExp]> = [
      [{ blocked: { [MUST]: 'no user' } }, /^list\.allowed is blocked: no user \(in the case b\)/],
      [{ error: 'reset' }, /^list\.allowed is in error: reset \(in the case b\)/],
    ];
    for (const [shown, says] of rows) assert.match(present(outcome(mineKept, OPTIONS, [other(shown)]).failure), says);
  });

  test('a case that did not run does not make the others red', () => {
    const [mine, theirs, result] = [caseOf('a', [MUST]), caseOf('b', [MUST]), resultOf('a', mineKept)];
    const verdicts = requirementVerdicts(contract, [mine, theirs], new Map([['a', result]]), OPTIONS);
    const byId = new Map(verdicts.map((verdict) => [verdict.requirement.id, verdict]));
    assert.equal(byId.get(MUST)?.verdict, 'not-run');
    assert.equal(outcomeOf(contract, mine, result, byId, OPTIONS).failure, undefined);
  });

  test('an accepted violation in another case makes the cases that cover it red, as accepted', () => {
    const { failure } = outcome(mineKept, accepting(MUST, '2026-06-15'), [other({ judged: { [MUST]: ['x'] } })]);
    assert.match(present(failure), /^accepted for this target until 2026-06-15 \(BANK-1\): It is slow\.\nMUST list\./);
  });

  test('what any answer can show is reported by a case of its operation, whichever case ran first', () => {
    const media = 'retrieve.200.media-type';
    const cases = (['b', 'c', 'd'] as const).map((id) => ({
      ...caseOf(id, []),
      ...(id === 'b' ? {} : { operation: 'retrieve' }),
    }));
    const results = cases.map(({ id }) => resultOf(id, { exchanges: [exchange()], judged: { [media]: [id] } }));
    for (const order of [results, results.toReversed()]) {
      const byId = new Map(order.map((result) => [result.case, result]));
      const verdicts = requirementVerdicts(contract, cases, byId, OPTIONS);
      const verdict = present(verdicts.find(({ requirement }) => requirement.id === media));
      assert.deepEqual(verdict.reporters, ['c']);
      assert.deepEqual(
        verdict.violations.map((violation) => violation.case),
        ['c', 'd', 'b'],
      );
      const outcomes = cases.map((one, index) =>
        outcomeOf(contract, one, present(results[index]), new Map([[media, verdict]]), OPTIONS),
      );
      assert.deepEqual(
        outcomes.map(({ failure }) => failure !== undefined),
        [false, true, false],
      );
      assert.match(present(outcomes[1]?.failure), /seen {6}c[\s\S]*\.\.\. and more of .* in the case d, b/);
      const elsewhere = [`its answers violate ${media}, which the case c reports`];
      assert.deepEqual(
        outcomes.map((outcome) => outcome.elsewhere),
        [elsewhere, [], elsewhere],
      );
    }
  });

  test('requirements blocked for the same reason are reported together', () => {
    const [mine, result] = [caseOf('a', [MUST, STATUS]), resultOf('a', { blocked: { [MUST]: 'x', [STATUS]: 'x' } })];
    const { failure } = outcomeOf(contract, mine, result, verdictsOf([[mine, result]]), OPTIONS);
    assert.match(present(failure), /^list\.allowed, list\.status-documented are blocked: x\n\nRun only/);
  });

  test('`Run only this case again` names target, writes and seed, and leaves secrets to the environment', () => {
    const options = { ...OPTIONS, baseUrl: 'https://api.test/v1', seed: 7 };
    const { failure } = outcomeOf(
      contract,
      caseOf('a', [MUST]),
      resultOf('a', { blocked: { [MUST]: 'x' } }),
      verdictsOf([[caseOf('a', [MUST]), resultOf('a', { blocked: { [MUST]: 'x' } })]]),
      options,
    );
    assert.equal(
      present(failure).split('\n').at(-1),
      'Run only this case again (with the credentials and other settings of this run): BASE_URL=https://api.test/v1 WRITES=on SEED=7 npm run conformance -- --grep "the case a"',
    );
  });

  test('only a case without any request is skipped, and says why', () => {
    assert.equal(outcome({ off: [MUST] }).skipped, WRITES_OFF);
    assert.equal(outcome({ off: [MUST], exchanges: asked }).skipped, undefined);
    assert.equal(outcome({ off: [MUST], error: 'x' }).skipped, undefined);
  });

  test('a violation that rests on several exchanges shows the last three, and repeats the last', () => {
    const exchanges = [1, 2, 3, 4].map((limit) =>
      exchange({ ...sketch, url: `http://t/account_groups?limit=${limit}` }),
    );
    const failure = present(outcome({ exchanges, judged: { [MUST]: ['x'] } }).failure);
    const shown = [...failure.matchAll(/ asked .*limit=(\d)/g)].map(([, limit]) => limit);
    assert.deepEqual(shown, ['2', '3', '4']);
    assert.match(failure, /repeat .*limit=4/);
  });

  test('`Run only this case again` selects the case and no other', () => {
    const cases = allCases(contract);
    const erroneous = (test: Case) => {
      const result = resultOf(test.id, { error: 'x' });
      return [result, verdictsOf([[test, result]])] as const;
    };
    for (const test of cases) {
      const failure = present(outcomeOf(contract, test, ...erroneous(test), OPTIONS).failure);
      const pattern = new RegExp(present(words(present(failure.split('npm run conformance -- ')[1])).at(-1)), 'i');
      assert.deepEqual(
        cases.filter(({ title }) => pattern.test(title)).map(({ id }) => id),
        [test.id],
      );
    }
  });
});

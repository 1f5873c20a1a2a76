import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { caseOf, contract, exchange, file, present, resultOf } from '../../harness/fixtures.ts';
import { authorityOf, logOf } from '../authority.ts';
import { causesOf, extentOf } from '../causes.ts';
import { everything, MUST, reportOf, SHOULD } from '../fixtures.ts';
import { entryOf, historyOf, remember } from '../history.ts';
import type { ReportedRequirement } from '../schema/report.ts';
import { authorityText } from './finding.ts';
import { markedBody } from './marked.ts';

describe('causes', () => {
  test('group the promises that one defect violates, the largest group first', () => {
    const ids = [...contract.requirements.keys()]
      .filter((id) => id.endsWith('.upvest-request-id') && contract.requirements.get(id)?.level === 'MUST')
      .slice(0, 4);
    assert.equal(ids.length, 4);
    const wrong = {
      [MUST]: ['something else'],
      ...Object.fromEntries(ids.map((id) => [id, ['no upvest-request-id']])),
    };
    const causes = causesOf(reportOf([everything(wrong)]));
    assert.deepEqual(
      causes.map(({ kind, requirements }) => [kind, requirements.length]),
      [
        ['violated', 4],
        ['violated', 1],
      ],
    );
    assert.equal(causes[0]?.title, 'no upvest-request-id');
    assert.equal(causes[1]?.seen, 'something else');
  });

  test('are ordered: violated, blocked, advice', () => {
    const blocked = resultOf('b', { blocked: { 'list.page-full': 'no user' } });
    const report = reportOf([everything({ [MUST]: ['x'], [SHOULD]: ['y'] }), blocked], {
      cases: [caseOf('everything', []), caseOf('b', ['list.page-full'])],
    });
    assert.deepEqual(
      causesOf(report).map(({ kind }) => kind),
      ['violated', 'blocked', 'advice'],
    );
  });

  test('attach blocked promises to the operation whose wrong status blocks them', () => {
    const list = { ...exchange({ status: 400 }), operation: 'list' };
    const { findings, ...rest } = everything({ [MUST]: ['400; promised is 200'] }, [list]);
    const { 'list.page-full': _, 'create.location': __, ...judged } = findings;
    const result = { ...rest, findings: judged, blocked: { 'list.page-full': 'the list cannot be read: 400' } };
    const [cause] = causesOf(reportOf([result]));
    assert.equal(present(cause).title, 'list answers 400; promised is 200');
    assert.match(extentOf(present(cause)), /^1 promise violated, 1 blocked as a consequence$/);
  });
});

describe('a body with highlighted violations', () => {
  const body = JSON.stringify({ meta: { limit: 2, count: 3 }, data: [{ id: 'a1', number: 'A314' }, { id: 'b2' }] });
  const marked = (...seen: string[]) =>
    [...String(markedBody(body, seen)).matchAll(/<mark>(.*?)<\/mark>/g)].map(([, text]) => text?.trim());
  const rows: ReadonlyArray<readonly [seen: string, marked: readonly string[]]> = [
    ['body/data/0/number is "A314", and must match pattern "^[0-9]{4}$"', ['&quot;number&quot;: &quot;A314&quot;']],
    ['body/data/1 has "id", which is not documented', ['&quot;id&quot;: &quot;b2&quot;']],
    ['3 groups with limit=2', ['&quot;limit&quot;: 2,']],
    ['A314 is among the groups twice', ['&quot;number&quot;: &quot;A314&quot;']],
    ['a text that does not occur in the body', []],
  ];
  for (const [seen, lines] of rows) test(`${seen}: ${lines.length} lines`, () => assert.deepEqual(marked(seen), lines));

  test('is shown unchanged if it is not JSON', () => {
    assert.equal(String(markedBody('<p>', ['x'])), '&lt;p&gt;');
  });

  test('is shortened to the lines around the highlights', () => {
    const long = JSON.stringify({ data: Array.from({ length: 500 }, (_, index) => ({ id: `id-${index}` })) });
    const text = String(markedBody(long, ['body/data/321/id is "id-321", and must be a UUID']));
    assert.ok(text.split('\n').length < 40);
    assert.match(text, /<mark> *&quot;id&quot;: &quot;id-321&quot;<\/mark>/);
  });
});

describe('the source of a promise', () => {
  const log = logOf(readFileSync('spec/curation-log.md', 'utf8'));
  test('is known for each promise; our own readings name their entry in the curation log', () => {
    const kinds = new Set([...contract.requirements.values()].map((one) => authorityOf(one, log).kind));
    assert.deepEqual([...kinds].sort(), ['RFC', 'our reading', 'vendor document', 'vendor page']);
    assert.deepEqual(authorityOf({ id: 'close.second', source: 'curation' }, log), {
      kind: 'our reading',
      name: 'the curation log',
      log: 'Statuses: Second close',
    });
  });

  test('is our reading if it is inferred from a document of the vendor, and the document is named', () => {
    const id = 'close.query.closure_reason.enum';
    assert.deepEqual(authorityOf({ id, source: 'upstream-1.75.0 inferred' }, log), {
      kind: 'our reading',
      name: "inferred from the vendor's document 1.75.0",
      log: 'Versions: 1.18. Reasons of a closing',
    });
    assert.deepEqual(authorityOf({ id, source: 'upstream-1.75.0' }, log), {
      kind: 'vendor document',
      name: "the vendor's OpenAPI document 1.75.0",
    });
  });

  test('is shown with the versions that make the promise', () => {
    const one = present(reportOf([everything()]).requirements.find(({ id }) => id === MUST));
    const shown = (changes: Partial<ReportedRequirement>) => String(authorityText({ ...one, ...changes }));
    const source = shown({});
    assert.equal(shown({ since: '1.18', until: '1.75' }), `${source}; since 1.18 until 1.75`);
    assert.equal(
      shown({ authority: { kind: 'our reading', name: 'inferred from 1.75', log: 'Versions: 1.18' }, since: '1.18' }),
      'our reading, inferred from 1.75; reasons in the curation log, “Versions: 1.18”; since 1.18',
    );
  });
});

describe('the history', () => {
  test('has one line for each complete run, and is read by target and version', () => {
    const path = file('history.jsonl', 'not JSON\n');
    const first = reportOf([everything()]);
    const second = reportOf([everything({ [MUST]: ['x'] })], { run: { id: 'second' } });
    const part = reportOf([everything()], { narrowed: true, run: { id: 'part' } });
    const elsewhere = { ...first, target: 'https://other.test', run: { ...first.run, id: 'other' } };
    for (const report of [first, first, second, part, elsewhere, second]) remember(report, path);
    assert.deepEqual(
      readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line).id),
      [first.run.id, 'second', 'other'],
    );
    assert.deepEqual(historyOf(second, path), [entryOf(first), entryOf(second)]);
    assert.deepEqual(historyOf(part, path).at(-1), entryOf(part));
  });

  test('shows the worst verdict of each area', () => {
    const { area } = present(contract.requirements.get(MUST));
    assert.equal(entryOf(reportOf([everything({ [MUST]: ['x'] })])).areas[area], 'failed');
    assert.equal(entryOf(reportOf([everything()])).areas[area], 'passed');
  });
});

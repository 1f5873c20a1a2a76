import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readHistory } from '../harness/contract/promise-history.ts';
import { SEED } from '../harness/contract/versions.ts';
import { caseOf, contract, exchange, file, present, resultOf } from '../harness/fixtures.ts';
import { VERDICTS } from '../harness/verdicts/verdicts.ts';
import { disagreements, factsIn, joined } from './facts.ts';
import { everything, FACTS, MUST, reportOf, SHOULD } from './fixtures.ts';
import { footprintIn, sum } from './footprint.ts';
import { proofOf, recordPath, suiteHash, suiteOf, withoutProof } from './provenance.ts';
import { checkedReport, NotAReport, readReport, reportText, writeReport } from './report-file.ts';
import { both, renamed } from './results.ts';
import { schema } from './schema/document.ts';

const CONTRACT = { hash: 'h', vendorVersion: SEED };

describe('the report', () => {
  const report = reportOf([everything({ [MUST]: ['a', 'b'], [SHOULD]: ['c'] })]);

  test('is valid, and survives writing and reading', () => {
    const path = file('report.json', '');
    writeReport(path, report);
    assert.deepEqual(readReport(path), JSON.parse(JSON.stringify(report)));
  });

  test('ends with `complete`', () => {
    const text = reportText(report);
    assert.match(text, /"complete": true\n}\n$/);
    assert.equal(Object.keys(JSON.parse(text)).at(-1), 'complete');
  });

  test('is valid without exchanges', () => {
    const empty = reportOf([], { cases: [caseOf('a', [MUST])] });
    assert.deepEqual(JSON.parse(reportText(empty)).exchanges, []);
    assert.equal(empty.verdict, 'incomplete');
    checkedReport(JSON.parse(reportText(empty)));
  });

  const broken: ReadonlyArray<readonly [what: string, text: string]> = [
    ['without `complete`', JSON.stringify({ ...report, complete: undefined })],
    ['truncated', reportText(report).slice(0, -20)],
    ['with an unknown member', JSON.stringify({ ...report, more: 1 })],
    ['with an unknown verdict', JSON.stringify({ ...report, verdict: 'fine' })],
    ['of another version', JSON.stringify({ ...report, schema: 'account-groups-conformance/1' })],
    ['of another type', '[]'],
    ['that is empty', ''],
  ];
  for (const [what, text] of broken)
    test(`${what} is rejected`, () => {
      assert.throws(() => readReport(file('broken.json', text)), NotAReport);
    });

  test('says since when a later version makes a promise, and until when', () => {
    const histories = new Map([
      [MUST, readHistory('MUST until 1.91')],
      [SHOULD, readHistory('MUST until 1.9, SHOULD since 1.9')],
    ]);
    const { requirements } = reportOf([everything()], { histories });
    const of = (id: string) => present(requirements.find((one) => one.id === id));
    assert.equal(of(MUST).until, '1.91');
    assert.ok(!('since' in of(MUST)));
    // The document itself is older than 1.9.
    assert.ok(!('since' in of(SHOULD)) && !('until' in of(SHOULD)));
    const later = reportOf([everything()], { histories, of: { ...contract, vendorVersion: '1.18' } });
    assert.equal(later.requirements.find(({ id }) => id === SHOULD)?.since, '1.9');
  });

  test('counts every requirement once, in the order of the contract', () => {
    assert.deepEqual(
      report.requirements.map(({ id }) => id),
      [...contract.requirements.keys()],
    );
    const sum = Object.values(report.counts).reduce((all, count) => all + count, 0);
    assert.equal(sum, contract.requirements.size);
    assert.deepEqual([report.counts.failed, report.verdict], [2, 'non-conformant']);
  });

  test('has the pointer, cases, gate effect and violations of a requirement', () => {
    const must = present(report.requirements.find(({ id }) => id === MUST));
    assert.deepEqual([must.verdict, must.gate, must.cases], ['failed', 'gate', ['everything']]);
    assert.equal(must.pointer, contract.requirements.get(MUST)?.pointer);
    assert.equal(report.requirements.find(({ id }) => id === SHOULD)?.gate, 'advice');
    assert.deepEqual(
      report.evidence[MUST]?.violations.map(({ seen }) => seen),
      ['a', 'b'],
    );
  });

  test('is the same for two runs of equal outcome, except for its volatile members', () => {
    const [first, second] = [reportOf([everything()]), reportOf([everything()], { run: { id: 'x', durationMs: 1 } })];
    const stable = ({ run: _, evidence: __, exchanges: ___, ...rest }: typeof first) => rest;
    assert.deepEqual(stable(first), stable(second));
    assert.notDeepEqual(first.run, second.run);
  });

  test('has every exchange behind a verdict and a bounded number of violations, one of each kind first', () => {
    const many = Array.from({ length: 500 }, (_, index) => exchange({ body: index }));
    const seen = [...Array.from({ length: 300 }, (_, index) => `group ${index} is odd`), 'something else'];
    const evidence = present(reportOf([everything({ [MUST]: seen }, many)]).evidence[MUST]);
    assert.deepEqual([evidence.violations.length, evidence.violationCount], [20, 301]);
    assert.equal(evidence.exchanges.length, 500);
    assert.deepEqual(
      evidence.violations.slice(0, 2).map((one) => one.seen),
      ['group 0 is odd', 'something else'],
    );
  });

  test('names an accepted deviation with its ticket', () => {
    const deviation = { requirement: MUST, because: 'old', ticket: 'T-1', since: '2025-01-01', until: '2027-01-01' };
    const facts = { ...FACTS, options: { ...FACTS.options, deviations: [deviation] } };
    const known = reportOf([everything({ [MUST]: ['a'] })], { facts });
    const one = present(known.requirements.find(({ id }) => id === MUST));
    assert.deepEqual([one.verdict, one.gate, one.accepted?.[0]?.ticket], ['known', 'ok', 'T-1']);
    checkedReport(JSON.parse(reportText(known)));
  });
});

describe('the schema', () => {
  test('allows exactly the verdicts of the harness', () => {
    assert.deepEqual(schema.$defs.verdict?.enum, VERDICTS);
  });
  test('is closed for objects that this project defines', () => {
    for (const name of ['requirement', 'case', 'run', 'evidence', 'facts'])
      assert.equal(schema.$defs[name]?.additionalProperties, false, name);
  });
});

describe('provenance', () => {
  test('is the version of the package, and the commit in a git work tree', () => {
    assert.equal(suiteOf().version, JSON.parse(readFileSync('package.json', 'utf8')).version);
    assert.deepEqual(suiteOf('/'), { version: 'unknown' });
  });

  const figures = { faults: 2, caught: 2, variants: 1, alarms: 0, requirements: 3, covered: 3 };
  const broken = [
    { requirements: ['a'], faults: 1 },
    { requirements: ['a', 'b'], faults: 1 },
  ];
  const record = { suite: suiteHash(), contract: 'h', catalogue: 'c', date: '2026-01-31', ...figures, broken };
  const proofs: ReadonlyArray<readonly [what: string, record: unknown, qualified: boolean | undefined]> = [
    ['that is complete', record, true],
    ['of another contract', { ...record, contract: 'other' }, false],
    ['of a suite that has changed', { ...record, suite: 'other' }, false],
    ['with a missed fault', { ...record, caught: 1 }, false],
    ['with a false alarm', { ...record, alarms: 1 }, false],
    ['with an uncovered requirement', { ...record, covered: 2 }, false],
    ['that tried nothing', { ...record, faults: 0, caught: 0 }, false],
    ['with text in place of a number', { ...record, faults: 'many' }, undefined],
    ['without sets of broken requirements', { ...record, broken: [7] }, undefined],
    ['that is not an object', 7, undefined],
  ];
  for (const [what, value, qualified] of proofs)
    test(`a proof ${what}: ${qualified === undefined ? 'none' : qualified ? 'qualified' : 'not qualified'}`, () => {
      const path = file('proof.json', JSON.stringify(value));
      assert.equal(proofOf(CONTRACT, new Set(['a']), { path })?.qualified, qualified);
    });

  test('the figures of a proof count only what the run judged', () => {
    const path = file('proof.json', JSON.stringify(record));
    const shown = (...judged: string[]) => {
      const proof = proofOf(CONTRACT, new Set(judged), { path });
      return [proof?.faults, proof?.caught, proof?.requirements, proof?.covered];
    };
    assert.deepEqual(shown('a', 'b', 'c'), [2, 2, 3, 2]);
    assert.deepEqual(shown('a'), [1, 1, 1, 1]);
    assert.deepEqual(shown('b'), [0, 0, 1, 1]);
  });

  test('a proof is that of the version of the contract, and names it', () => {
    const later = { hash: 'h', vendorVersion: '1.18' };
    const path = file('proof.json', JSON.stringify(record));
    const proof = proofOf(later, new Set(['a']), { path });
    assert.equal(proof?.version, '1.18');
    assert.equal(proof?.statement, 'qualified for this suite and version 1.18 of the contract');
    assert.deepEqual([SEED, '1.18'].map(recordPath), ['proof/record.json', 'proof/records/1.18.json']);
    assert.equal(proofOf(later, new Set(['a']), { root: mkdtempSync(join(tmpdir(), 'unproven-')) }), undefined);
    assert.equal(withoutProof({ settings: { CONTRACT_VERSION: '1.18' } }), 'none on record for version 1.18');
    assert.equal(withoutProof({ settings: { CONTRACT_VERSION: SEED } }), 'none on record');
  });

  test('a proof says that it does not cover own cases', () => {
    const path = file('proof.json', JSON.stringify(record));
    const said = (own: number) => proofOf(CONTRACT, new Set(['a']), { path, own })?.statement;
    assert.equal(said(0), 'qualified for this suite and contract');
    assert.equal(said(1), 'qualified for this suite and contract; it does not cover 1 own case');
    assert.equal(said(2), 'qualified for this suite and contract; it does not cover 2 own cases');
  });

  test('the hash of a suite does not depend on line endings', () => {
    const root = mkdtempSync(join(tmpdir(), 'suite-'));
    for (const folder of ['harness', 'tests']) mkdirSync(join(root, folder));
    const write = (name: string, text: string) => writeFileSync(join(root, name), text);
    write('harness/a.ts', 'one\ntwo\n');
    write('tests/b.ts', 'three\n');
    const before = suiteHash(root);
    write('harness/a.ts', 'one\r\ntwo\r\n');
    assert.equal(suiteHash(root), before);
    write('tests/b.ts', 'four\n');
    assert.notEqual(suiteHash(root), before);
    rmSync(root, { recursive: true });
  });
});

describe('the parts of a run', () => {
  test('pass their facts in metadata, and ignore foreign metadata', () => {
    const metadata = { 'conformance 1': FACTS, 'conformance 2': { ...FACTS, node: 'v22' }, actualWorkers: 1 };
    assert.equal(factsIn(JSON.parse(JSON.stringify(metadata))).length, 2);
    assert.deepEqual(factsIn({ 'conformance 1': { target: 1 } }), []);
  });

  test('must agree on target, settings, contract and suite', () => {
    assert.deepEqual(disagreements([FACTS, { ...FACTS, node: 'v22' }]), []);
    const other = { ...FACTS, target: 'https://other.test', contract: 'b'.repeat(64) };
    assert.deepEqual(disagreements([FACTS, other]), [
      'the shards of this run differ in their target; merge only shards of one run',
      'the shards of this run differ in their contract; merge only shards of one run',
    ]);
  });

  test('may differ in settings of a machine, and the report shows all values', () => {
    const parts = ['a', 'b'].map((user) => ({ ...FACTS, settings: { ...FACTS.settings, USER_ID: user } }));
    assert.deepEqual(disagreements(parts), []);
    assert.equal(joined(parts)?.settings.USER_ID, 'a; b');
    const seeds = [1, 2].map((seed) => ({ ...FACTS, settings: { ...FACTS.settings, SEED: seed } }));
    assert.deepEqual(disagreements(seeds), [
      'the shards of this run differ in their settings; merge only shards of one run',
    ]);
  });

  test('keep all findings of a case that ran twice', () => {
    const [kept, bad] = [resultOf('a', { judged: { [MUST]: [] } }), resultOf('a', { judged: { [MUST]: ['x'] } })];
    for (const merged of [both(kept, bad), both(bad, kept)])
      assert.equal(merged.findings[MUST]?.violations[0]?.seen, 'x');
    const blocked = resultOf('a', { blocked: { [MUST]: 'no user' }, error: 'timeout' });
    assert.deepEqual([both(kept, blocked).blocked, both(kept, blocked).error], [{}, 'timeout']);
  });

  test('have distinct exchange ids', () => {
    const result = renamed(
      resultOf('a', { judged: { [MUST]: ['x'] }, exchanges: [{ ...exchange(), id: '0.1' }] }),
      '2/',
    );
    assert.equal(result.exchanges[0]?.id, '2/0.1');
    assert.deepEqual(result.findings[MUST]?.exchanges, ['2/0.1']);
    assert.deepEqual(result.findings[MUST]?.violations[0]?.exchanges, ['2/0.1']);
  });

  test('report their footprint in a line of output', () => {
    const left = { prerequisites: [{ what: 'user', id: 'u' }], groups: [{ id: 'g', state: 'open' }], webhooks: [] };
    assert.deepEqual(footprintIn(`left behind by a worker: ${JSON.stringify(left)}\n`), left);
    assert.equal(footprintIn('left behind by a worker: {"prerequisites":1}'), undefined);
    assert.equal(footprintIn('anything else'), undefined);
  });

  test('count a shared resource once, and as open if one of them left it open', () => {
    const of = (state: 'open' | 'closed') => ({
      prerequisites: [{ what: 'user', id: 'u' }],
      groups: [{ id: 'g', state }],
      webhooks: [],
    });
    for (const parts of [
      [of('open'), of('closed')],
      [of('closed'), of('open')],
    ])
      assert.deepEqual(sum(parts), of('open'));
  });
});

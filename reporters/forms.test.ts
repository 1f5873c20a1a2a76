import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { HOSTILE } from '../e2e/hostile.ts';
import { caseOf, contract, exchange, object, present, resultOf } from '../harness/fixtures.ts';
import { completeAllure } from './allure-results.ts';
import { badgeOf, shieldsOf } from './badge.ts';
import { inMarkdown } from './compare.ts';
import { compare } from './comparison.ts';
import { earlOf } from './earl.ts';
import { everything, FACTS, MUST, reportOf, SHOULD } from './fixtures.ts';
import { stepSummary } from './github.ts';
import { junitOf } from './junit.ts';
import { severityOf } from './severity.ts';

/** The formats of a report that other tools read. */

const deviation = { requirement: MUST, because: 'old', ticket: 'T-1', since: '2025-01-01', until: '2027-01-01' };
const accepting = { ...FACTS, options: { ...FACTS.options, deviations: [deviation] } };
const OFF = 'list.page-full';

const green = reportOf([everything()]);
const red = reportOf([everything({ [MUST]: [HOSTILE], [SHOULD]: ['y'] })]);
const accepted = reportOf([everything({ [MUST]: ['x'] })], { facts: accepting });
const stale = reportOf([everything()], { facts: accepting });
const blocked = reportOf([resultOf('a', { blocked: { [MUST]: 'no user' }, off: [OFF] })], {
  cases: [caseOf('a', [MUST, OFF])],
});

describe('JUnit', () => {
  const caseIn = (xml: string, id: string) =>
    present(new RegExp(`<testcase [^>]*${id.replaceAll('.', '\\.')}: [^\\n]*`).exec(xml)?.[0]);

  test('has one test case for each promise, in a suite for each area', () => {
    const xml = junitOf(green);
    assert.equal(xml.match(/<testcase /g)?.length, contract.requirements.size);
    assert.equal(
      xml.match(/<testsuite /g)?.length,
      new Set([...contract.requirements.values()].map(({ area }) => area)).size,
    );
    assert.doesNotMatch(xml, /<(failure|error|skipped)/);
  });

  const rows: ReadonlyArray<readonly [what: string, xml: string, id: string, element: RegExp]> = [
    ['a violation is a failure', junitOf(red), MUST, /<failure message="failed: /],
    ['advice is skipped', junitOf(red), SHOULD, /<skipped message="advice: y"\/>/],
    [
      'an accepted violation is skipped, with its reason',
      junitOf(accepted),
      MUST,
      /<skipped message="known: x; old \(T-1, until 2027-01-01\)"\/>/,
    ],
    [
      'a stale deviation is a failure',
      junitOf(stale),
      MUST,
      /<failure message="stale: accepted as violated, but kept in this run/,
    ],
    ['a blocked promise is an error', junitOf(blocked), MUST, /<error message="blocked: no user"/],
    [
      'an excluded promise is skipped, with its reason',
      junitOf(blocked),
      OFF,
      /<skipped message="excluded: WRITES=off/,
    ],
  ];
  for (const [what, xml, id, element] of rows) test(what, () => assert.match(caseIn(xml, id), element));

  test('describes the run in properties, and contains only characters that XML allows', () => {
    const xml = junitOf(red);
    for (const name of ['verdict', 'target', 'run', 'contract', 'suite', 'seed'])
      assert.match(xml, new RegExp(`<property name="${name}" value="[^"]+"/>`));
    assert.doesNotMatch(xml, /[^\P{Cc}\n\t]|[\p{Cs}]/u);
    assert.doesNotMatch(xml, /<script|<img/);
  });
});

describe('EARL', () => {
  test('has an assertion for each promise, with its outcome', () => {
    const outcome = (report: typeof green, id: string) => {
      const one = earlOf(report)
        ['@graph'].map(object)
        .find((node) => node['@id'] === `urn:uuid:${report.run.id}#${id}`);
      return object(object(object(one)['earl:result'])['earl:outcome'])['@id'];
    };
    assert.equal(earlOf(green)['@graph'].length, contract.requirements.size + 2);
    assert.deepEqual(
      [
        outcome(green, MUST),
        outcome(red, MUST),
        outcome(accepted, MUST),
        outcome(stale, MUST),
        outcome(blocked, MUST),
        outcome(blocked, OFF),
      ],
      ['earl:passed', 'earl:failed', 'earl:failed', 'earl:passed', 'earl:cantTell', 'earl:inapplicable'],
    );
  });
});

describe('the badge', () => {
  test('states the verdict with its scope, in the colour of the verdict', () => {
    const all = contract.requirements.size;
    assert.deepEqual(shieldsOf(green), {
      schemaVersion: 1,
      label: 'Account Groups',
      message: `conformant ${all}/${all}`,
      color: 'brightgreen',
    });
    assert.deepEqual(
      [red, accepted, stale].map((report) => shieldsOf(report).color),
      ['red', 'orange', 'orange'],
    );
    assert.match(
      badgeOf(accepted),
      /^<svg .*aria-label="Account Groups: conformant with 1 accepted deviation \d+\/\d+"/,
    );
  });
});

describe('Markdown', () => {
  test('of a step summary lists causes before areas', () => {
    const lines = stepSummary(red).split('\n');
    const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
    assert.ok(at('| failed | MUST') > 0 && at('| failed | MUST') < at('| failed | SHOULD'));
    assert.ok(at('| failed | SHOULD') < at('| area |'));
  });

  test('of a comparison escapes text from targets', () => {
    const text = inMarkdown(compare(green, red), green, red);
    assert.match(text, /^## the new run is worse$/m);
    assert.doesNotMatch(text, /<(?!\/?code>)|\]\(|@everyone/);
    for (const line of text.split('\n').filter((one) => one.startsWith('| <code>')))
      assert.equal(line.match(/\|/g)?.length, 5);
  });

  test('of a comparison distinguishes stale from failing', () => {
    const { lists, worse } = compare(accepted, stale);
    assert.deepEqual([lists['newly-stale'].map(({ id }) => id), lists['newly-failing'], worse], [[MUST], [], true]);
  });
});

describe('Allure', () => {
  const directory = mkdtempSync(join(tmpdir(), 'allure-'));
  after(() => rmSync(directory, { recursive: true }));

  test('shows the times, messages, areas and severity of a case, and the verdict of the run', () => {
    mkdirSync(directory, { recursive: true });
    const step = (name: string) => ({ name, start: 9, stop: 9 });
    const written = {
      labels: [
        { name: 'ALLURE_ID', value: 'everything' },
        { name: 'epic', value: 'listing' },
      ],
      steps: ['Before Hooks', 'GET / -> 200', 'a promise'].map(step),
      start: 9,
      stop: 9,
    };
    writeFileSync(join(directory, 'a-result.json'), JSON.stringify(written));
    writeFileSync(join(directory, 'environment.properties'), 'Target=x\n');
    const asked = { ...exchange({ body: 1 }), startedAt: 1000, endedAt: 1500 };
    completeAllure(directory, red, () => [asked]);
    const result = object(JSON.parse(readFileSync(join(directory, 'a-result.json'), 'utf8')));
    assert.deepEqual([result.start, result.stop], [1000, 1500]);
    const steps = (Array.isArray(result.steps) ? result.steps : []).map(object);
    assert.deepEqual(
      steps.map(({ name, start, stop }) => [name, start, stop]),
      [
        ['GET / -> 200', 1000, 1500],
        ['a promise', 1500, 1500],
      ],
    );
    const attached = steps[0]?.attachments;
    assert.deepEqual(Array.isArray(attached) && attached.map((one) => object(one).name), ['Request', 'Answer']);
    const labels = (Array.isArray(result.labels) ? result.labels : []).map(object);
    const values = (name: string) => labels.filter((one) => one.name === name).map(({ value }) => value);
    assert.deepEqual(values('severity'), ['critical']);
    assert.deepEqual(
      values('epic').sort(),
      [...new Set([...contract.requirements.values()].map(({ area }) => area))].sort(),
    );
    assert.match(readFileSync(join(directory, 'environment.properties'), 'utf8'), /^Verdict=non-conformant: /);
  });

  test('rates a leak as critical and a recommended header as trivial', () => {
    const of = (id: string, area: string, level: 'MUST' | 'SHOULD') => severityOf([{ id, area, level }]);
    assert.deepEqual(
      [
        of('problem.no-internals', 'problems', 'SHOULD'),
        of('list.denied', 'scopes', 'MUST'),
        of('list.page-full', 'listing', 'MUST'),
        of('undeclared-method.allow', 'headers', 'SHOULD'),
      ],
      ['critical', 'critical', 'normal', 'trivial'],
    );
  });
});

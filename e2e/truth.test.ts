import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { object } from '../harness/fixtures.ts';
import { createReference } from '../reference/app.ts';
import { type Served, serveReference } from '../reference/serve.ts';
import { CREDENTIALS } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** Compares what a report states with what the run did. */

const workspace = new Workspace();
let target: Served;
/** The requests that the target received. */
let asked = 0;
before(async () => {
  const { fetch } = createReference();
  target = await serveReference((request) => {
    asked++;
    return fetch(request);
  });
});
after(async () => {
  await target.close();
  workspace.remove();
});

const run = (env: Readonly<Record<string, string>> = {}) => {
  asked = 0;
  return workspace.conformance({ BASE_URL: target.url, ...CREDENTIALS, ...env });
};
const verdictOf = (output: string) => /^verdict: (.*)$/m.exec(output)?.[1];

describe('a run without writes', () => {
  let output = '';
  before(async () => {
    const ended = await run();
    assert.equal(ended.code, 0, ended.output);
    output = ended.output;
  });

  test('states what it judged, and what was excluded', () => {
    const { scope, requirements } = workspace.report();
    assert.equal(
      verdictOf(output),
      `conformant, read-only, no events, unsigned: ${scope.judged} of ${requirements.length} promises judged`,
    );
    assert.equal(scope.judged, requirements.filter(({ observed }) => observed !== 'not-shown').length);
  });

  test('restricts the figures of the proof to what it judged', () => {
    const { proof, scope } = workspace.report();
    assert.equal(proof?.requirements, scope.judged);
    assert.ok((proof?.covered ?? 0) <= scope.judged);
  });

  test('calls nothing untested that another run can judge', () => {
    const writing = workspace
      .report()
      .requirements.filter(({ id, verdict }) => /^(create|close)\.\d/.test(id) && verdict === 'untested');
    assert.deepEqual(writing, []);
  });

  test('does not count cases without requests as run', () => {
    const { cases, exchanges } = workspace.report();
    const excluded = cases.filter(({ state }) => state === 'excluded');
    assert.ok(excluded.some(({ area }) => area === 'webhooks'));
    assert.ok(exchanges.length > 0);
  });

  test('records every request, including the first ones and those for tokens', () => {
    const { exchanges, run: details } = workspace.report();
    assert.equal(details.requests, asked);
    assert.equal(exchanges.filter(({ received }) => !received).length, asked);
  });

  test('gives each test the time of its requests', () => {
    const { exchanges } = workspace.report();
    const [first, last] = [exchanges[0]?.startedAt ?? 0, Math.max(...exchanges.map(({ endedAt }) => endedAt))];
    const times = readdirSync(workspace.path('allure-results'))
      .filter((name) => name.endsWith('-result.json'))
      .map((name) => object(JSON.parse(workspace.read(`allure-results/${name}`))))
      .map(({ start, stop }) => Number(stop) - Number(start));
    assert.ok(times.length > 30, `${times.length}`);
    const longest = Math.max(...times);
    assert.ok(longest <= last - first + 1, `${longest} ms of ${last - first} ms`);
    assert.ok(times.some((time) => time > 5));
  });
});

const KEPT = 'list.200.media-type';
const entry = (requirement: string) =>
  `deviations: [{ requirement: ${requirement}, because: old, ticket: T-1, approver: Head of Platform, since: 2020-01-01, until: 2999-01-01 }]`;

test('a stale deviation fails the gate without a violation', async () => {
  workspace.write('targets/stale.yaml', entry(KEPT));
  const { code, output } = await run({ TARGET: 'stale' });
  assert.equal(code, 1, output);
  const { verdict, requirements } = workspace.report();
  assert.equal(verdict, 'stale');
  assert.match(verdictOf(output) ?? '', /^stale, read-only, no events, unsigned: /);
  const one = requirements.find(({ id }) => id === KEPT);
  assert.deepEqual([one?.observed, one?.acceptance, one?.verdict], ['kept', 'accepted', 'stale']);
});

test('an accepted violation is part of the verdict, with all its details', async () => {
  const violating = await serveReference(async (request) => {
    const response = await createReferenceOnce(request);
    if (new URL(request.url).pathname !== '/account_groups' || request.method !== 'GET' || !response.ok)
      return response;
    const page = object(await response.json());
    return new Response(JSON.stringify(page), {
      status: 200,
      headers: { ...headersOf(response), 'content-type': 'text/json' },
    });
  });
  const text = entry(KEPT);
  workspace.write('targets/accepting.yaml', text);
  const { code, output } = await run({ BASE_URL: violating.url, TARGET: 'accepting' });
  await violating.close();
  const { targetFile, requirements, run: details } = workspace.report();
  const one = requirements.find(({ id }) => id === KEPT);
  assert.deepEqual([one?.observed, one?.acceptance, one?.verdict], ['violated', 'accepted', 'known'], output);
  assert.deepEqual(one?.accepted, [
    { because: 'old', ticket: 'T-1', approver: 'Head of Platform', since: '2020-01-01', until: '2999-01-01' },
  ]);
  assert.equal(targetFile?.sha256, createHash('sha256').update(text).digest('hex'));
  assert.equal(details.ended, 'completed');
  assert.equal(code, 0, output);
  assert.match(verdictOf(output) ?? '', /^conformant with 1 accepted deviation, read-only, /);
});

const { fetch: createReferenceOnce } = createReference();
const headersOf = ({ headers }: Response) => Object.fromEntries(headers);

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../harness/fixtures.ts';
import { object, objects } from '../reference/fixtures.ts';
import type { JobResult } from './github-runner.ts';
import { gitlabJobs, Team, workflow } from './team.ts';

/** The ways to be green by accident of docs/ci.md that are a matter of the recipes; e2e/ci.ts tries the longer ones. */

const RECIPES = [
  'action.yml',
  '.github/workflows/account-groups.yml',
  '.github/workflows/conformance.yml',
  'ci/gitlab.yml',
];
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Nobody listens there; a run that came so far would end with 2 as well, but for another reason. */
const NOBODY = 'http://127.0.0.1:9';
const CLIENT = '5f1c7f0e-6d1b-4a55-9a53-3f0f3a9c2b10';

const team = new Team();
after(() => team.remove());

const called = (inputs: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>>) => {
  const jobs = team.call({ 'base-url': NOBODY, writes: 'off', ...inputs }, secrets);
  const all: readonly JobResult[] = [...jobs.run, ...jobs.judge];
  return { verdict: jobs.verdict[0]?.result, output: all.map(({ output }) => output).join('\n') };
};
const SECRETS = { 'client-id': CLIENT, 'client-secret': 'a-secret-that-nobody-may-read' };

describe('the reusable workflow is red', () => {
  for (const [what, inputs, secrets, words] of [
    ['no target', { 'base-url': '' }, SECRETS, /BASE_URL: found "\(set, and empty\)"/],
    ['nothing at all', { 'base-url': '' }, {}, /BASE_URL: found "\(set, and empty\)"/],
    ['no word about writing', { writes: '' }, SECRETS, /WRITES: found "\(set, and empty\)"/],
    ['no secret', {}, { 'client-id': CLIENT }, /CLIENT_SECRET: is missing/],
    ['no client', {}, { 'client-secret': 'x' }, /CLIENT_ID: is missing/],
    ['no key for signatures', { 'signing-key-id': 'k' }, SECRETS, /SIGNING_KEY_ID: found "k"; accepted: only together/],
    ['no key for the evidence', { 'public-key': 'public.pem' }, SECRETS, /evidence-key is empty: the secret was lost/],
    ['a setting that is misspelt', { settings: 'STRCIT=on\nCLIENT_IDS=x' }, SECRETS, /not the name of a setting/],
  ] as const)
    test(`with ${what}`, () => {
      const { verdict, output } = called(inputs, secrets);
      assert.match(output, words);
      assert.equal(verdict, 'failure');
      assert.ok(!output.includes('a-secret-that-nobody-may-read'));
    });
});

describe('the last job of the workflow', () => {
  const [step = {}] = objects(object(object(workflow('.github/workflows/account-groups.yml').jobs).verdict).steps);
  const ends = (run: string, judge: string) =>
    spawnSync('bash', ['-eo', 'pipefail', '-c', String(step.run)], { env: { RESULTS: `${run} ${judge}` } }).status;

  test('is green only if both others have succeeded, also if they were skipped', () => {
    for (const run of ['success', 'failure', 'cancelled', 'skipped', ''])
      for (const judge of ['success', 'failure', 'cancelled', 'skipped', ''])
        assert.equal(ends(run, judge), run === 'success' && judge === 'success' ? 0 : 1, `${run} ${judge}`);
  });

  test('waits for every other job, whatever became of them', () => {
    const jobs = object(workflow('.github/workflows/account-groups.yml').jobs);
    const { if: condition, needs } = object(jobs.verdict);
    assert.match(String(condition), /^\S+ always\(\) \S+$/);
    assert.deepEqual(
      needs,
      Object.keys(jobs).filter((name) => name !== 'verdict'),
    );
  });
});

describe('no recipe', () => {
  for (const path of RECIPES) {
    test(`hides a failure: ${path}`, () => {
      assert.doesNotMatch(
        read(path),
        /continue-on-error|allow_failure|\|\| true\b|--if-present|set \+e|--pass-with-no-tests/,
      );
    });

    test(`fetches the suite by its name alone, or code that can move: ${path}`, () => {
      for (const [command] of read(path).matchAll(/npx .*account-groups-conformance/g))
        assert.match(command, /^npx --no-install /);
      for (const [, action = ''] of read(path).matchAll(/uses: (\S+)/g)) assert.match(action, /^\.\/|@v\d+$/);
    });

    test(`puts an expression into a script, where it could be code: ${path}`, () => {
      const scripts = scriptsOf(path);
      assert.ok(scripts.length > 0);
      // Numbers are no code.
      for (const script of scripts)
        assert.doesNotMatch(script, /\$\{\{(?! github\.run_number )|\$\[\[(?! inputs\.shards )/);
    });
  }

  test('loses what fails on the left of a pipe', () => {
    for (const path of ['action.yml', '.github/workflows/account-groups.yml'])
      for (const step of stepsOf(path))
        if (typeof step.run === 'string') assert.equal(step.shell ?? shellOf(path), 'bash');
    for (const step of stepsOf('.github/workflows/conformance.yml'))
      if (/ \| /.test(String(step.run ?? ''))) assert.equal(step.shell, 'bash');
  });

  test('takes an artifact that is missing for none that was wanted', () => {
    for (const path of ['action.yml', '.github/workflows/account-groups.yml'])
      for (const step of stepsOf(path))
        if (String(step.uses).startsWith('actions/upload-artifact'))
          assert.equal(object(step.with)['if-no-files-found'], 'error');
  });

  test('of GitLab waits for a person, which would not keep a pipeline from being green', () => {
    for (const [name, job] of Object.entries(gitlabJobs({ writes: 'on' })))
      if (!name.startsWith('.'))
        for (const rule of objects(object(job).rules)) assert.deepEqual(Object.keys(rule), ['if']);
  });
});

describe('docs/ci.md calls the recipes as they are declared', () => {
  const blocks = [...read('docs/ci.md').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) =>
    object(parse(match[1] ?? '')),
  );

  test('on GitHub: gate, nightly and audit', () => {
    const { inputs, secrets } = object(object(workflow('.github/workflows/account-groups.yml').on).workflow_call);
    const calls = blocks.flatMap(({ jobs = {} }) => Object.values(object(jobs))).map(object);
    assert.equal(calls.length, 3);
    for (const call of calls)
      for (const [given, declared] of [
        [call.with, inputs],
        [call.secrets, secrets],
      ] as const) {
        const names = Object.keys(object(given));
        assert.deepEqual(
          names.filter((name) => !Object.hasOwn(object(declared), name)),
          [],
        );
        const required = Object.entries(object(declared)).filter(([, one]) => object(one).required === true);
        assert.deepEqual(
          required.map(([name]) => name).filter((name) => !names.includes(name)),
          [],
        );
      }
  });

  test('on GitLab', () => {
    const [included = {}] = blocks.flatMap(({ include = [] }) => objects(include));
    assert.equal(included.file, '/ci/gitlab.yml');
    const { writes, shards } = object(included.inputs);
    assert.deepEqual(
      object(gitlabJobs({ writes: String(writes), shards: Number(shards) })['account-groups-shard']).parallel,
      2,
    );
  });
});

test('a container is a pipeline that has lost its target until it is told of one', () => {
  assert.match(read('Dockerfile'), /^ENV CI=true BASE_URL= /m);
});

function stepsOf(path: string): Readonly<Record<string, unknown>>[] {
  const { runs, jobs } = workflow(path);
  if (runs !== undefined) return objects(object(runs).steps);
  return Object.values(object(jobs)).flatMap((job) =>
    object(job).steps === undefined ? [] : objects(object(job).steps),
  );
}

function scriptsOf(path: string): string[] {
  const isText = (script: unknown) => typeof script === 'string';
  if (!path.startsWith('ci/'))
    return stepsOf(path)
      .map(({ run }) => run)
      .filter(isText);
  const jobs = Object.values(object(parseAllDocuments(read(path))[1]?.toJS())).map(object);
  return jobs.flatMap(({ before_script, script }) => [before_script, script].flat()).filter(isText);
}

/** The shell of steps that name none; an action has no such default. */
const shellOf = (path: string) => object(object(workflow(path).defaults ?? {}).run ?? {}).shell;

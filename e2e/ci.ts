import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { stringify } from 'yaml';
import { ROOT } from '../harness/fixtures.ts';
import { object } from '../reference/fixtures.ts';
import { readReport } from '../reporters/report-file.ts';
import type { JobResult } from './github-runner.ts';
import { servedBy } from './served.ts';
import { gitlabJobs, Team } from './team.ts';

/**
 * `npm run e2e:ci`: executes the steps of the recipes for GitHub, GitLab and Docker, as they are written, on this
 * machine and against the reference. What only those services do (checkout, artifacts, caches, layers) is stood in for.
 */

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const EVIDENCE_KEY = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const team = new Team();
const target = await servedBy(process.execPath, [join(ROOT, 'bin/account-groups-conformance.mjs'), 'reference'], ROOT);
const { BASE_URL = '', CLIENT_ID = '', CLIENT_SECRET = '' } = target.settings;
const secrets = { 'client-id': CLIENT_ID, 'client-secret': CLIENT_SECRET };

before(() => {
  team.write('repository/public.pem', String(publicKey.export({ type: 'spki', format: 'pem' })));
});
after(async () => {
  team.remove();
  await target.stop();
});

const outputOf = (jobs: Readonly<Record<string, readonly JobResult[]>>) =>
  Object.values(jobs)
    .flat()
    .map(({ output }) => output)
    .join('\n');
const resultsOf = (jobs: Readonly<Record<string, readonly JobResult[]>>) =>
  Object.fromEntries(Object.entries(jobs).map(([name, results]) => [name, results.map(({ result }) => result)]));
const GREEN = { run: ['success'], judge: ['success'], verdict: ['success'] };

describe('GitHub', () => {
  const inputs = { 'base-url': BASE_URL, writes: 'on' };

  test('the gate of a pull request', () => {
    const jobs = team.call(inputs, secrets);
    assert.deepEqual(resultsOf(jobs), GREEN, outputOf(jobs));
    const { verdict, target: tested } = readReport(
      join(team.folder, 'artifacts/account-groups/reports/conformance.json'),
    );
    assert.deepEqual([verdict, tested], ['conformant', BASE_URL]);
    assert.match(jobs.judge[0]?.summary ?? '', /^## Account Groups: conformant/m);
  });

  test('the nightly, in two shards, and again the night after', () => {
    const nightly = { ...inputs, shards: '[1, 2]', nightly: true, settings: 'SEED=7\nOPERATOR=nightly' };
    const first = team.call(nightly, secrets);
    assert.deepEqual(resultsOf(first), { ...GREEN, run: ['success', 'success'] }, outputOf(first));
    assert.match(first.judge[0]?.summary ?? '', /There is no earlier report to compare with/);
    const second = team.call({ ...nightly, settings: 'SEED=7' }, secrets);
    assert.deepEqual(resultsOf(second), { ...GREEN, run: ['success', 'success'] }, outputOf(second));
    assert.match(second.judge[0]?.summary ?? '', /^## no requirement has changed/m);
    const report = readReport(join(team.folder, 'artifacts/account-groups/reports/conformance.json'));
    assert.deepEqual([report.run.parts, report.settings.SEED], [2, 7]);
    assert.equal(team.read('artifacts/account-groups/conformance-history.jsonl').trim().split('\n').length, 2);
  });

  test('the nightly that can judge less than the night before is red, though all that it judged is kept', () => {
    const jobs = team.call({ ...inputs, writes: 'off', nightly: true }, secrets);
    assert.deepEqual(resultsOf(jobs), { run: ['success'], judge: ['failure'], verdict: ['failure'] }, outputOf(jobs));
    assert.match(jobs.judge[0]?.summary ?? '', /^### newly untested/m);
  });

  test('the audit, whose evidence is signed', () => {
    const audit = { ...inputs, writes: 'off', 'public-key': 'public.pem' };
    const signed = team.call(audit, { ...secrets, 'evidence-key': EVIDENCE_KEY });
    assert.deepEqual(resultsOf(signed), GREEN, outputOf(signed));
    assert.match(outputOf(signed), /signed with this key/);
  });

  test('a shard that left no report', () => {
    const jobs = team.call({ ...inputs, writes: 'off', shards: '["1", "9"]' }, secrets);
    assert.deepEqual(resultsOf(jobs), {
      run: ['success', 'failure'],
      judge: ['failure'],
      verdict: ['failure'],
    });
    assert.match(outputOf(jobs), /1 of 2 shards have left a report/);
  });
});

/** Runs the script of a GitLab job where `npm ci` has been done; the caches and artifacts of others lie there. */
function gitlab(job: string, inputs: Readonly<Record<string, string | number>>, env: Readonly<Record<string, string>>) {
  const jobs = gitlabJobs(inputs);
  const own = object(jobs[job]);
  const base = object(jobs['.account-groups']);
  const script = [base.before_script, own.script].flat().map(String);
  const variables = { ...object(base.variables), ...object(own.variables ?? {}) };
  const expanded = Object.entries(variables).map(([name, value]) => [
    name,
    String(value).replaceAll(/\$(\w+)/g, (_, other: string) => env[other] ?? ''),
  ]);
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script.join('\n')], {
    cwd: team.machine.workspace,
    encoding: 'utf8',
    // Variables of the project come before those of the file.
    env: { CI: 'true', GITLAB_CI: 'true', ...Object.fromEntries(expanded), ...team.machine.env, ...env },
  });
  return { code: status, output: `${stdout}${stderr}` };
}

describe('GitLab', () => {
  const project = target.settings;

  before(() => {
    team.forget('workspace');
    cpSync(join(team.folder, 'repository'), team.machine.workspace, { recursive: true });
  });

  test('the gate of a merge request', () => {
    const { code, output } = gitlab('account-groups-gate', { writes: 'on' }, project);
    assert.equal(code, 0, output);
    assert.ok(existsSync(join(team.machine.workspace, 'account-groups/reports/junit.xml')));
  });

  test('the nightly, in two shards', () => {
    const inputs = { writes: 'on', shards: 2 };
    for (const index of [1, 2]) {
      const { code, output } = gitlab('account-groups-shard', inputs, {
        ...project,
        CI_NODE_INDEX: String(index),
        CI_NODE_TOTAL: '2',
      });
      assert.equal(code, 0, output);
    }
    const first = gitlab('account-groups-nightly', inputs, project);
    assert.equal(first.code, 0, first.output);
    assert.match(first.output, /There is no earlier report to compare with/);
    const second = gitlab('account-groups-nightly', inputs, project);
    assert.equal(second.code, 0, second.output);
    assert.match(second.output, /no requirement has changed/);
    rmSync(join(team.machine.workspace, 'blobs/2.zip'));
    const less = gitlab('account-groups-nightly', inputs, project);
    assert.equal(less.code, 1);
    assert.match(less.output, /1 of 2 shards have left a report/);
  });

  test('the audit, whose evidence is signed, and red where it is not', () => {
    team.write('evidence.pem', EVIDENCE_KEY);
    const inputs = { writes: 'off', 'public-key': 'public.pem' };
    const key = { EVIDENCE_KEY_FILE: join(team.folder, 'evidence.pem') };
    const signed = gitlab('account-groups-audit', inputs, { ...project, ...key });
    assert.equal(signed.code, 0, signed.output);
    const unsigned = gitlab('account-groups-audit', inputs, project);
    assert.equal(unsigned.code, 1);
    assert.match(unsigned.output, /the manifest is not signed/);
  });

  test('a branch that gets no protected variables', () => {
    const { code, output } = gitlab('account-groups-gate', { writes: 'on' }, {});
    assert.equal(code, 2);
    assert.match(output, /BASE_URL: found "\(set, and empty\)"/);
  });
});

describe('Docker', () => {
  /** Each instruction with what follows it. */
  const instructions = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      return name === '' ? [] : [{ name, rest }];
    });
  const wordsOf = (name: string) => instructions.find((one) => one.name === name)?.rest ?? '';
  const image = mkdtempSync(join(tmpdir(), 'image-'));
  const env = Object.fromEntries(
    wordsOf('ENV')
      .split(' ')
      .map((word) => word.split('=', 2)),
  );
  after(() => rmSync(image, { recursive: true, force: true }));

  /** What .dockerignore keeps out of the image is left out; the packages are those of this repository. */
  before(() => {
    const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    const kept = lines.filter((line) => line.startsWith('!') && !line.includes('*')).map((line) => line.slice(1));
    const ends = lines.filter((line) => line.startsWith('**/')).map((line) => line.slice(2).replace('/*', ''));
    assert.deepEqual(ends, ['.test.ts', '/fixtures.ts', '-fixtures.ts']);
    for (const name of [...kept, 'conformance.mjs'])
      cpSync(join(ROOT, name), join(image, name), {
        recursive: true,
        filter: (path) => !ends.some((end) => path.endsWith(end)),
      });
    symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'), 'junction');
  });

  const run = (more: Readonly<Record<string, string>>, ...words: readonly string[]) => {
    const [program = '']: readonly string[] = JSON.parse(wordsOf('ENTRYPOINT'));
    const work = mkdtempSync(join(tmpdir(), 'work-'));
    const { PATH = '', HOME = '' } = process.env;
    const { status, stdout, stderr } = spawnSync(program.replace('/suite', image), words, {
      cwd: work,
      encoding: 'utf8',
      env: { PATH, HOME, ...env, ...more },
    });
    const reported = existsSync(join(work, 'account-groups/reports/conformance.json'));
    rmSync(work, { recursive: true });
    return { code: status, output: `${stdout}${stderr}`, reported };
  };

  test('the image holds what a run needs, and reports into the folder that it is given', () => {
    const { code, output, reported } = run({ BASE_URL: 'reference' });
    assert.equal(code, 0, output);
    assert.ok(reported);
  });

  test('does not fall back to the reference, nor takes a part for the whole', () => {
    assert.equal(run({}).code, 2);
    assert.equal(run({ BASE_URL: 'reference' }, '--grep', '@tokens').code, 3);
  });
});

/** GitLab's template with its inputs filled in, as a file of its own. */
function gitlabFile(): string {
  team.write('gitlab.yml', stringify(gitlabJobs({ writes: 'on' })));
  return join(team.folder, 'gitlab.yml');
}

describe('linters', () => {
  const workflows = ['account-groups', 'conformance'].map((name) => `.github/workflows/${name}.yml`);
  const schema = (name: string) => ['--builtin-schema', `vendor.${name}`];
  for (const [what, tool, words] of [
    ['workflows', 'actionlint', workflows],
    ['workflows by their schema', 'check-jsonschema', [...schema('github-workflows'), ...workflows]],
    ['the action by its schema', 'check-jsonschema', [...schema('github-actions'), 'action.yml']],
    ['the template by its schema', 'check-jsonschema', [...schema('gitlab-ci'), '--data-transform', 'gitlab-ci']],
    ['the Dockerfile', 'hadolint', ['Dockerfile']],
  ] as const) {
    const isThere = spawnSync(tool, ['--version']).error === undefined;
    test(`${tool} has nothing to say about ${what}`, { skip: isThere ? false : `${tool} is not installed` }, () => {
      const files = what === 'the template by its schema' ? [gitlabFile()] : [];
      const { status, stdout, stderr } = spawnSync(tool, [...words, ...files], { cwd: ROOT, encoding: 'utf8' });
      assert.equal(status, 0, `${stdout}${stderr}`);
    });
  }
});

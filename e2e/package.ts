import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ROOT } from '../harness/fixtures.ts';
import { suiteHash } from '../reporters/provenance.ts';
import { readReport } from '../reporters/report-file.ts';
import { type ServedElsewhere, servedBy } from './served.ts';

/**
 * `npm run e2e:package`: packs the suite, installs it into an empty folder with an empty cache, and uses it there as a
 * team does. Skipped if no registry can be reached.
 */

const NAME = 'account-groups-conformance';
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const team = join(folder, 'team');
const installed = join(team, 'node_modules', NAME);
const { PATH = '', HOME = '' } = process.env;
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(command: string, words: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Ended {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, env: { ...env }, encoding: 'utf8' });
  return { code: status, output: `${stdout}${stderr}` };
}

const npm = (words: readonly string[], cwd: string): Ended =>
  run('npm', [...words, '--no-audit', '--no-fund'], cwd, { PATH, HOME });

/** The command of the package, as a script of the team's would call it. */
const suite = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Ended =>
  run(join(team, 'node_modules/.bin', NAME), words, team, { PATH, HOME, ...env });

const write = (name: string, text: string): void => writeFileSync(join(team, name), text);
const reportIn = (output: string) => readReport(join(team, output, 'reports/conformance.json'));

/** Every file of the installed package, and what is in it. */
function contents(): ReadonlyMap<string, string> {
  const names = readdirSync(installed, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(installed, name)).isFile());
  return new Map(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(installed, name)))
        .digest('hex'),
    ]),
  );
}

/** Packs and installs; returns why that is not possible here. */
function install(): string | undefined {
  const packed = npm(['pack', '--silent', '--pack-destination', folder], ROOT);
  assert.equal(packed.code, 0, packed.output);
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  mkdirSync(team);
  write('package.json', '{ "name": "team", "private": true, "type": "module" }');
  const words = ['install', '--save-exact', join(folder, tarball)];
  const fresh = npm([...words, '--cache', join(folder, 'cache'), '--fetch-retries', '0'], team);
  if (fresh.code === 0) return undefined;
  assert.match(fresh.output, NO_REGISTRY);
  const cached = npm([...words, '--prefer-offline', '--fetch-retries', '0'], team);
  return cached.code === 0 ? undefined : 'no registry can be reached, and its packages are not in the cache';
}

const unable = install();
const shipped = unable === undefined ? contents() : new Map<string, string>();
after(() => rmSync(folder, { recursive: true, force: true }));

const OWN_CASES = `
import type { OwnCases } from '${NAME}';

const make: OwnCases = ({ resource: { list } }) =>
  list === undefined
    ? []
    : [
        {
          id: 'own.list-twice',
          area: 'listing',
          operation: list.name,
          title: 'a list that is asked for twice is allowed both times',
          covers: ['list.allowed'],
          writes: false,
          async run(api) {
            for (const _ of [1, 2]) await api.ask({ operation: list.name, expects: ['list.allowed'] });
          },
        },
      ];
export default make;
`;

const OWN_REPORTER = `
import { writeFileSync } from 'node:fs';
export default class {
  #count = 0;
  onTestEnd() { this.#count++; }
  onEnd() { writeFileSync('counted.txt', String(this.#count)); }
}
`;

const TSCONFIG = `{
  "compilerOptions": {
    "module": "NodeNext", "target": "ES2023", "strict": true, "noEmit": true, "types": ["node"],
    "typeRoots": [${JSON.stringify(join(ROOT, 'node_modules/@types'))}]
  },
  "include": ["own.cases.mts"]
}`;

describe('the package in an empty folder', { skip: unable ?? false }, () => {
  test('is the suite that was proven, and none of its tests', () => {
    assert.equal(suiteHash(installed), suiteHash(ROOT));
    assert.ok(shipped.has('proof/record.json'));
    const odd = [...shipped.keys()].filter((name) => /\.test\.ts$|^(e2e|gate|bench)\b|\.env$|\.pem$/.test(name));
    assert.deepEqual(odd, []);
    for (const name of ['index.ts', 'types/index.d.ts', 'spec/account-groups.openapi.yaml'])
      assert.ok(shipped.has(name), name);
    for (const name of shipped.keys())
      assert.ok(!readFileSync(join(installed, name), 'utf8').includes(ROOT), `${name} names a folder of this machine`);
  });

  test('says how it is used', () => {
    const help = suite(['--help']);
    assert.equal(help.code, 0, help.output);
    for (const command of ['run', 'proof', 'reference', 'compare', 'check-event', 'verify-evidence', 'which-version'])
      assert.match(help.output, new RegExp(`^ {2}${command} `, 'm'));
    assert.match(suite(['--version']).output, /^\d+\.\d+\.\d+\n$/);
    const slip = suite(['conpare']);
    assert.equal(slip.code, 2);
    assert.match(slip.output, /there is no command "conpare"/);
  });

  test('holds the reference to the contract, and reports where it was started', () => {
    const { code, output } = suite([]);
    assert.equal(code, 0, output);
    const { verdict, contract } = reportIn('.');
    assert.deepEqual([verdict, contract.path], ['conformant', 'spec/account-groups.openapi.yaml']);
    for (const name of ['reports/conformance.html', 'playwright-report/index.html', 'conformance-history.jsonl'])
      assert.ok(existsSync(join(team, name)), name);
    assert.equal(suite(['verify-evidence']).code, 3);
  });
});

describe('what a team adds', { skip: unable ?? false }, () => {
  let target: ServedElsewhere;
  let env: Readonly<Record<string, string>> = {};
  let broken = '';

  before(async () => {
    target = await servedBy(join(team, 'node_modules/.bin', NAME), ['reference', '--fault', 'request-id-number'], team);
    env = { WRITES: 'on', ...target.settings };
    broken = /Must break: (\S+)$/.exec(target.lines.join('\n'))?.[1] ?? '';
  });
  after(() => target.stop());

  test('a case of its own, typed by the package', () => {
    write('own.cases.mts', OWN_CASES);
    write('tsconfig.json', TSCONFIG);
    const compiled = run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], team, { PATH, HOME });
    assert.equal(compiled.code, 0, compiled.output);
  });

  test('is run with a reporter and an accepted deviation of its own, into a folder of its own', () => {
    const day = (from: number) => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
    const entry = `{ requirement: ${broken}, because: b, ticket: T-1, since: ${day(-1)}, until: ${day(1)} }`;
    write('accepted.yaml', `deviations: [${entry}]\n`);
    write('counting.mjs', OWN_REPORTER);
    const settings = { TARGET: './accepted.yaml', CASES: 'own.cases.mts', OUTPUT_DIR: 'out' };
    const unaccepted = suite(['--grep', '@listing'], { ...env, OUTPUT_DIR: 'red' });
    assert.equal(unaccepted.code, 1, unaccepted.output);
    const { code, output } = suite(['--add-reporter=./counting.mjs'], { ...env, ...settings });
    assert.equal(code, 0, output);
    assert.match(output, /^verdict: conformant with 1 accepted deviation/m);
    const { requirements, targetFile } = reportIn('out');
    assert.equal(requirements.find(({ id }) => id === broken)?.verdict, 'known');
    assert.equal(targetFile?.path, 'accepted.yaml');
    assert.ok(requirements.find(({ id }) => id === 'list.allowed')?.cases.includes('own.list-twice'));
    assert.ok(Number(readFileSync(join(team, 'counted.txt'), 'utf8')) > 50);
  });

  test('that cannot be used ends the run with 2', () => {
    for (const [text, words] of [
      ['export default 1;', /own\.mjs: its default export has to be a function/],
      [
        'export default () => [{ id: "x", area: "listing", title: "t", covers: ["no.such"], writes: false, run() {} }];',
        /own\.mjs: case x: the contract does not promise no\.such/,
      ],
    ] as const) {
      write('own.mjs', text);
      const { code, output } = suite([], { CASES: 'own.mjs' });
      assert.equal(code, 2, output);
      assert.match(output, words);
    }
  });

  test('the other commands work as in the repository', () => {
    assert.equal(suite(['compare', 'reports/conformance.json', 'out/reports/conformance.json']).code, 1);
    assert.equal(suite(['verify-evidence', 'out']).code, 3);
    assert.equal(suite(['contract-diff', 'seed', '1.18']).output.includes('seed to 1.18'), true);
    write('event.json', 'null');
    assert.equal(suite(['check-event', 'event.json']).code, 1);
    const proof = suite(['proof', 'number-letter']);
    assert.match(proof.output, /1 of 1/, proof.output);
  });

  test('shards are merged', () => {
    for (const shard of [1, 2]) {
      const blob = { PLAYWRIGHT_BLOB_OUTPUT_FILE: join(team, `blobs/${shard}.zip`), OUTPUT_DIR: 'shard' };
      const { code, output } = suite([`--shard=${shard}/2`, '--add-reporter=blob'], blob);
      assert.equal(code, 3, output);
    }
    const { code, output } = suite(['merge', 'blobs'], { OUTPUT_DIR: 'merged' });
    assert.equal(code, 0, output);
    assert.equal(reportIn('merged').run.parts, 2);
  });

  test('nothing of all that was written into the package', () => {
    assert.deepEqual(contents(), shipped);
  });
});

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../harness/fixtures.ts';
import { object } from '../reference/fixtures.ts';
import { type JobResult, type Machine, runJob, type Values } from './github-runner.ts';

const NAME = 'account-groups-conformance';

/** What `npm ci` does in the repository of a team: the suite is there as a dependency. No registry is asked. */
const NPM = `#!/usr/bin/env bash
case "$1" in
  ci)
    mkdir -p node_modules/.bin
    ln -sfn '${ROOT}' node_modules/${NAME}
    ln -sfn ../${NAME}/bin/${NAME}.mjs node_modules/.bin/${NAME}
    ;;
  pkg) echo '"team"' ;;
  *) exit 1 ;;
esac
`;

/** A team with a repository of its own, in which recipes are run. */
export class Team {
  readonly folder = mkdtempSync(join(tmpdir(), 'team-'));
  readonly machine: Machine;

  constructor() {
    this.write('bin/npm', NPM);
    chmodSync(join(this.folder, 'bin/npm'), 0o755);
    this.write('repository/package.json', '{ "name": "team", "private": true }');
    const { PATH = '', HOME = '' } = process.env;
    this.machine = {
      workspace: join(this.folder, 'workspace'),
      temporary: this.folder,
      env: { PATH: `${join(this.folder, 'bin')}:${PATH}`, HOME },
    };
  }

  write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Nobody keeps the artifacts of an earlier workflow. */
  forget(...names: readonly string[]): void {
    for (const name of names) rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  /** Calls the reusable workflow; what every job came to. */
  call(inputs: Values, secrets: Values = {}): Record<'run' | 'judge' | 'verdict', readonly JobResult[]> {
    this.forget('artifacts');
    const { jobs, on } = workflow('.github/workflows/account-groups.yml');
    const declared = Object.entries(object(object(object(on).workflow_call).inputs));
    const defaults = Object.fromEntries(declared.map(([name, input]) => [name, object(input).default ?? '']));
    const contexts = {
      inputs: { ...defaults, ...inputs },
      secrets,
      github: { run_id: '1', run_attempt: '1' },
      vars: {},
    };
    const shards: readonly unknown[] = JSON.parse(String(contexts.inputs.shards));
    const job = (name: string) => object(object(jobs)[name]);
    const run = shards.map((shard) =>
      runJob(job('run'), { ...contexts, matrix: { shard }, strategy: { 'job-total': shards.length } }, this.machine),
    );
    const of = (results: readonly JobResult[]) => ({
      result: results.find(({ result }) => result !== 'success')?.result ?? 'success',
    });
    const judge = [runJob(job('judge'), { ...contexts, needs: { run: of(run) } }, this.machine)];
    const needs = { run: of(run), judge: of(judge) };
    return { run, judge, verdict: [runJob(job('verdict'), { ...contexts, needs }, this.machine)] };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const workflow = (path: string) => object(parse(readFileSync(join(ROOT, path), 'utf8')));

/** The jobs of the GitLab template, with these inputs and the defaults of others. */
export function gitlabJobs(inputs: Readonly<Record<string, string | number>>): Record<string, unknown> {
  const text = readFileSync(join(ROOT, 'ci/gitlab.yml'), 'utf8');
  const declared = object(object(object(parseAllDocuments(text)[0]?.toJS()).spec).inputs);
  const filled = text.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => {
    const value = inputs[name] ?? object(declared[name]).default;
    if (value === undefined) throw new Error(`the template needs the input ${name}`);
    return String(value);
  });
  return object(parseAllDocuments(filled)[1]?.toJS());
}

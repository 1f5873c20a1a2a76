import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import { object, objects } from '../reference/fixtures.ts';

/**
 * As much of a GitHub runner as the recipes need: expressions, composite actions, the files of a step, artifacts and
 * caches. What it does not know is an error, so that a recipe cannot use it untried.
 */

export type Values = Readonly<Record<string, unknown>>;

/** What a recipe finds on the machine, and leaves there. */
export interface Machine {
  /** The folder in which jobs find what was checked out. */
  readonly workspace: string;
  /** A folder for everything else. */
  readonly temporary: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface JobResult {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly output: string;
  readonly summary: string;
}

type Contexts = Readonly<Record<string, Values>>;

const CONTEXT = /\b(inputs|secrets|matrix|strategy|github|needs|steps|vars)((?:\.[\w-]+)+)/g;

/** The value of an expression, without its braces. @throws for a context that is not there. */
export function evaluated(expression: string, contexts: Contexts, failed = false): unknown {
  const known = expression.replaceAll(
    CONTEXT,
    (_, name: string, path: string) => `at(${JSON.stringify(name)}, ${JSON.stringify(path)})`,
  );
  const at = (name: string, path: string) => {
    if (contexts[name] === undefined) throw new Error(`there is no ${name} here: ${expression}`);
    const found = path
      .slice(1)
      .split('.')
      .reduce<unknown>((value, key) => (value as Values | undefined)?.[key], contexts[name]);
    return found ?? '';
  };
  const functions = {
    always: () => true,
    cancelled: () => false,
    success: () => !failed,
    failure: () => failed,
    fromJSON: (text: string): unknown => JSON.parse(text),
  };
  return runInNewContext(known, { at, ...functions });
}

/** A text with its expressions filled in. */
export const filled = (text: unknown, contexts: Contexts): string =>
  String(text ?? '').replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    String(evaluated(expression.trim(), contexts)),
  );

const filledAll = (values: unknown, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(object(values ?? {})).map(([name, value]) => [name, filled(value, contexts)] as const),
  );

/** Runs one job of a workflow; each job finds the workspace as it was checked out. */
export function runJob(job: unknown, contexts: Contexts, machine: Machine): JobResult {
  const { if: condition = 'success()', steps } = object(job);
  const { needs = {} } = contexts;
  const failed = Object.values(needs).some((one) => object(one).result !== 'success');
  if (!isMet(condition, contexts, failed)) return { result: 'skipped', output: '', summary: '' };
  const run = new Run(machine);
  const result = run.steps(objects(steps), contexts, {}) ? 'success' : 'failure';
  return { result, output: run.output, summary: readFileSync(run.summary, 'utf8') };
}

function isMet(condition: unknown, contexts: Contexts, failed: boolean): boolean {
  const text = String(condition).replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const asks = /\b(always|cancelled|failure|success)\(\)/.test(text);
  return Boolean(evaluated(asks ? text : `success() && (${text})`, contexts, failed));
}

class Run {
  readonly #machine: Machine;
  readonly #folder: string;
  readonly summary: string;
  #env: Record<string, string> = {};
  output = '';

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#folder = mkdtempSync(join(machine.temporary, 'job-'));
    this.summary = join(this.#folder, 'summary.md');
    writeFileSync(this.summary, '');
  }

  /** Runs steps one after the other; true if none failed. */
  steps(steps: readonly Values[], contexts: Contexts, extra: Readonly<Record<string, string>>): boolean {
    let failed = false;
    const outputs: Record<string, Values> = {};
    for (const step of steps) {
      const known = { ...contexts, steps: outputs };
      if (!isMet(step.if ?? 'success()', known, failed)) continue;
      const { ok, set } = this.#step(step, known, extra);
      if (typeof step.id === 'string') outputs[step.id] = { outputs: set };
      failed ||= !ok;
    }
    return !failed;
  }

  #step(step: Values, contexts: Contexts, extra: Readonly<Record<string, string>>) {
    if (typeof step.uses === 'string') return { ok: this.#uses(step.uses, step, contexts), set: {} };
    const files = { GITHUB_ENV: '', GITHUB_OUTPUT: '' };
    for (const name of Object.keys(files)) writeFileSync(join(this.#folder, name), '');
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', String(step.run)],
      {
        cwd: this.#machine.workspace,
        encoding: 'utf8',
        env: {
          CI: 'true',
          GITHUB_ACTIONS: 'true',
          ...this.#machine.env,
          ...this.#env,
          ...filledAll(step.env, contexts),
          ...extra,
          RUNNER_TEMP: this.#folder,
          GITHUB_STEP_SUMMARY: this.summary,
          GITHUB_ENV: join(this.#folder, 'GITHUB_ENV'),
          GITHUB_OUTPUT: join(this.#folder, 'GITHUB_OUTPUT'),
        },
      },
    );
    this.output += `${stdout}${stderr}`;
    Object.assign(this.#env, this.#lines('GITHUB_ENV'));
    return { ok: status === 0, set: this.#lines('GITHUB_OUTPUT') };
  }

  #lines(name: string): Record<string, string> {
    const lines = readFileSync(join(this.#folder, name), 'utf8').split('\n');
    return Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/s, 2)));
  }

  #uses(action: string, step: Values, contexts: Contexts): boolean {
    const [name = ''] = action.split('@');
    const words = filledAll(step.with, contexts);
    const { workspace, temporary } = this.#machine;
    const at = (path: string) => join(workspace, path);
    const paths = (words.path ?? '').split('\n').filter((path) => path !== '');
    const [artifacts, cache] = [join(temporary, 'artifacts'), join(temporary, 'cache')];
    if (name.startsWith('./')) return this.#composite(at(name), words);
    if (name === 'actions/upload-artifact') {
      if (!existsSync(at(words.path ?? ''))) return words['if-no-files-found'] !== 'error';
      cpSync(at(words.path ?? ''), join(artifacts, words.name ?? ''), { recursive: true });
    } else if (name === 'actions/download-artifact') {
      const pattern = new RegExp(`^${(words.pattern ?? '').replaceAll('*', '.*')}$`);
      for (const one of existsSync(artifacts) ? readdirSync(artifacts) : [])
        if (pattern.test(one)) cpSync(join(artifacts, one), join(at(words.path ?? ''), one), { recursive: true });
    } else if (name === 'actions/cache/restore') {
      for (const path of paths)
        if (existsSync(join(cache, path))) cpSync(join(cache, path), at(path), { recursive: true });
    } else if (name === 'actions/cache/save') {
      for (const path of paths) if (existsSync(at(path))) cpSync(at(path), join(cache, path), { recursive: true });
    } else if (name === 'actions/checkout') this.#checkOut();
    else if (name !== 'actions/setup-node') throw new Error(`what does ${action} do?`);
    return true;
  }

  /** The repository of the team: nothing of an earlier job is left. */
  #checkOut(): void {
    const { workspace, temporary } = this.#machine;
    rmSync(workspace, { recursive: true, force: true });
    mkdirSync(workspace, { recursive: true });
    cpSync(join(temporary, 'repository'), workspace, { recursive: true });
  }

  #composite(folder: string, words: Readonly<Record<string, string>>): boolean {
    const { inputs, runs } = object(parse(readFileSync(join(folder, 'action.yml'), 'utf8')));
    const defaults = Object.entries(object(inputs)).map(([name, input]) => [name, String(object(input).default ?? '')]);
    const unknown = Object.keys(words).find((name) => !Object.hasOwn(object(inputs), name));
    if (unknown !== undefined) throw new Error(`the action has no input ${unknown}`);
    const contexts = { inputs: { ...Object.fromEntries(defaults), ...words } };
    return this.steps(objects(object(runs).steps), contexts, { GITHUB_ACTION_PATH: folder });
  }
}

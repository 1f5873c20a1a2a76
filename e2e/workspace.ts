import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../harness/fixtures.ts';
import type { Report } from '../reporters/report.ts';
import { readReport } from '../reporters/report-file.ts';

const OWN = ['package.json', 'tsconfig.json', 'bin', 'conformance.mjs', 'playwright.config.ts', 'spec'];
/** Code that the runner transpiles; linked, so that it is cached once for all workspaces. */
const CODE = ['harness', 'reference', 'reporters'];

export interface Ended {
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

type Environment = Readonly<Record<string, string>>;

/** A folder with the suite, in which runs write their reports without affecting others. */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), 'workspace-'));

  /** `copied`: the code is a copy that tests may change. */
  constructor({ copied = false }: { readonly copied?: boolean } = {}) {
    const copy = (name: string) => cpSync(join(ROOT, name), join(this.root, name), { recursive: true });
    const link = (name: string, type: 'junction' | 'file') =>
      symlinkSync(join(ROOT, name), join(this.root, name), type);
    for (const name of OWN) copy(name);
    link('node_modules', 'junction');
    if (copied) for (const name of [...CODE, 'tests']) copy(name);
    else {
      for (const name of CODE) link(name, 'junction');
      mkdirSync(join(this.root, 'tests'));
      // The runner does not find tests behind links.
      for (const name of readdirSync(join(ROOT, 'tests')).map((one) => join('tests', one)))
        if (name.endsWith('.spec.ts')) copy(name);
        else link(name, 'file');
    }
  }

  path(name: string): string {
    return join(this.root, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Runs the suite as a user does, and waits for its end. */
  conformance(env: Environment, ...words: string[]): Promise<Ended> {
    return this.started(env, ...words).ended;
  }

  /** Starts the suite, for tests that interrupt it. */
  started(env: Environment, ...words: string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    return this.#node(['conformance.mjs', ...words], env);
  }

  /** Does what `npm run merge` does. */
  merge(...words: string[]): Promise<Ended> {
    const command = ['merge-reports', '-c', 'reporters/merge.config.ts'];
    return this.#node(['node_modules/@playwright/test/cli.js', ...command, ...words]).ended;
  }

  /** Does what the script of this name does. */
  tool(name: 'compare' | 'verify-evidence', ...words: string[]): Promise<Ended> {
    return this.#node(['--import', 'tsx', join(ROOT, `reporters/${name}.ts`), ...words]).ended;
  }

  /** Generates the Allure report, without adding it to the manifest. */
  allureReport(...words: string[]): Promise<Ended> {
    return this.#node(['node_modules/allure/cli.js', 'generate', '--config', 'reporters/allurerc.mjs', ...words]).ended;
  }

  /** The report of the last run. */
  report(): Report {
    return readReport(this.path('reports/conformance.json'));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #node(args: readonly string[], env: Environment = {}) {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, args, { cwd: this.root, env: { PATH, HOME, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    return { child, ended: once(child, 'close').then((): Ended => ({ code: child.exitCode, output })) };
  }
}

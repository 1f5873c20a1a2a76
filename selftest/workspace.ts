import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './harness-fixtures.ts';

const PARTS = ['package.json', 'playwright.config.ts', 'spec', 'harness', 'tests', 'reference', 'reporters'];

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of the suite, in which runs leave their reports without disturbing those of others. */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), 'workspace-'));

  constructor() {
    for (const part of PARTS) cpSync(join(ROOT, part), join(this.root, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.root, 'node_modules'), 'junction');
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Runs the suite as a user does. */
  conformance(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Ended> {
    return this.#node(['node_modules/@playwright/test/cli.js', 'test', ...words], env);
  }

  /** What `npm run report:allure` does. */
  allureReport(...words: string[]): Promise<Ended> {
    return this.#node(['node_modules/allure/cli.js', 'generate', '--config', 'reporters/allurerc.ts', ...words]);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  async #node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, args, { cwd: this.root, env: { PATH, HOME, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    await once(child, 'close');
    return { code: child.exitCode, output };
  }
}

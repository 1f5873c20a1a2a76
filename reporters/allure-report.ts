import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { settingsOrExit } from '../harness/run/environment.ts';
import type { Settings } from '../harness/run/settings.ts';
import { statementOf, writeStatement } from './evidence.ts';
import { artifactsIn, RUN } from './manifest.ts';
import { readManifest, verifyEvidence } from './verification.ts';

/**
 * `npm run report:allure [-- FOLDER...]`: generates `allure-report/` from the results of a run, or of all its shards, and
 * adds it to the manifest of the run.
 */

/** Extends the manifest to the Allure report. Returns a message if it cannot. */
function extendManifest({ outputDir: root, evidenceKeyFile: keyFile }: Settings): string | undefined {
  if (!existsSync(join(root, RUN.manifest))) return undefined;
  const { problems, signature } = verifyEvidence(root);
  const others = problems.filter((problem) => !/^(added|changed|missing): allure-re(port|sults)\//.test(problem));
  if (others.length > 0) return `the evidence of the run is invalid and was left unchanged: ${others[0]}`;
  if (signature !== 'none' && keyFile === undefined)
    return 'the evidence of the run is signed and does not cover allure-report/: set EVIDENCE_KEY_FILE, and run this command again';
  const { manifest } = readManifest(root, undefined, RUN);
  writeStatement(statementOf(manifest.predicate, artifactsIn(root, RUN)), join(root, RUN.manifest), keyFile);
  return undefined;
}

/** The history file: one for each target; that of the embedded reference has no host in its name. */
function historyOf(folders: readonly string[]): string {
  for (const folder of folders)
    try {
      const executor: unknown = JSON.parse(readFileSync(join(folder, 'executor.json'), 'utf8'));
      const target = /"target":"https?:\/\/([^"]+)"/.exec(JSON.stringify(executor))?.[1];
      if (target !== undefined) return `allure-history.${target.replaceAll(/[^\w.-]+/g, '-')}.jsonl`;
    } catch {
      // A folder without executor.json does not name its target; another one may.
    }
  return 'allure-history.jsonl';
}

const settings = settingsOrExit(false);
const cli = join(dirname(createRequire(import.meta.url).resolve('allure')), '../cli.js');
const config = join(import.meta.dirname, 'allurerc.mjs');
// Arguments are relative to the current folder; the generator runs in the output folder.
const args = process.argv.slice(2).map((word) => (existsSync(word) ? resolve(word) : word));
const folders = args.filter((word) => isAbsolute(word));
if (folders.length === 0) folders.push(resolve(settings.outputDir, 'allure-results'));
const { status } = spawnSync(process.execPath, [cli, 'generate', '--config', config, ...args], {
  cwd: settings.outputDir,
  stdio: 'inherit',
  env: { ...process.env, ALLURE_HISTORY: historyOf(folders) },
});
const trouble = status === 0 ? extendManifest(settings) : undefined;
if (trouble !== undefined) process.stderr.write(`${trouble}\n`);
process.exitCode = trouble === undefined ? (status ?? 1) : 1;

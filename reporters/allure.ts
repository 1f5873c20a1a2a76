import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFacts } from './facts.ts';
import type { Report } from './report.ts';
import { verdictLine } from './verdict-line.ts';

/** Why a test is red, by the beginning of its message; the first match counts. */
const CATEGORIES: ReadonlyArray<{ readonly name: string; readonly messageRegex?: string }> = [
  { name: 'violation: the target breaks a promise', messageRegex: '^(MUST|SHOULD) [\\s\\S]*' },
  { name: 'blocked: a prerequisite is missing', messageRegex: '^\\S+(, \\S+)* (is|are) blocked: [\\s\\S]*' },
  { name: 'stale: accepted, and kept again', messageRegex: '^\\S+(, \\S+)* (is|are) stale: [\\s\\S]*' },
  { name: 'known: accepted for this target', messageRegex: '^accepted for this target until [\\s\\S]*' },
  { name: 'error: the suite could not judge' },
];

/** The options of allure-playwright for a run with these facts. */
export function allureOptions({ target, settings, contract, suite, node }: RunFacts, resultsDir: string) {
  return {
    resultsDir,
    detail: true,
    suiteTitle: false,
    environmentInfo: {
      Target: target,
      Contract: `${settings.CONTRACT} sha256:${contract}`,
      Suite: `${suite.version}${suite.commit === undefined ? '' : ` ${suite.commit}${suite.dirty === true ? ' (local changes)' : ''}`}`,
      Node: node,
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])),
    },
    categories: CATEGORIES.map((category) => ({ ...category, matchedStatuses: ['failed', 'broken'] })),
  };
}

/** Writes `executor.json`, which tells Allure who ran the tests: the CI server, if there is one. */
export function writeExecutor(
  directory: string,
  report: Report,
  env: Readonly<Record<string, string | undefined>>,
): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'executor.json'), `${JSON.stringify(executorOf(report, env), null, 2)}\n`);
}

/** Whether the Allure results in a folder belong to one of these runs. */
export function isOfRun(directory: string, ids: readonly string[]): boolean {
  try {
    const text = readFileSync(join(directory, 'executor.json'), 'utf8');
    return ids.some((id) => text.includes(JSON.stringify(id)));
  } catch {
    return false;
  }
}

function executorOf(report: Report, env: Readonly<Record<string, string | undefined>>) {
  const { run, suite, target } = report;
  const base = {
    reportName: `Account Groups: ${verdictLine(report)}`,
    runId: run.id,
    target,
    // Allure sorts the runs of one target by this number.
    buildOrder: Number(env.GITHUB_RUN_NUMBER) || Math.floor(Date.parse(run.startedAt) / 1000),
  };
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  if (env.GITHUB_ACTIONS !== 'true' || server === undefined || repository === undefined || id === undefined)
    return { ...base, name: 'local', type: 'local', buildName: `suite ${suite.version}, run ${run.id}` };
  const url = `${server}/${repository}/actions/runs/${id}`;
  return { ...base, name: 'GitHub Actions', type: 'github', url: server, buildName: `run ${id}`, buildUrl: url };
}

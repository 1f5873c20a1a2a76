import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';
import { readContract } from '../harness/contract/index.ts';
import { hashOf, SEED } from '../harness/contract/versions.ts';
import type { Exchange } from '../harness/exchange.ts';
import { OWN_DOCUMENT, portable } from '../harness/package.ts';
import { EXIT_UNUSABLE, settingsOrExit } from '../harness/run/environment.ts';
import type { Left } from '../harness/run/footprint.ts';
import { Journal } from '../harness/run/journal.ts';
import { RUN_DIR, RUN_NOTES, RUN_TROUBLE } from '../harness/run/processes.ts';
import { requirementVerdicts, runVerdict } from '../harness/verdicts/verdicts.ts';
import { casesOf } from '../tests/own-cases.ts';
import { isOfRun, writeExecutor } from './allure.ts';
import { completeAllure } from './allure-results.ts';
import { readLog } from './authority.ts';
import { auxiliaryIn } from './auxiliary.ts';
import { summary } from './console.ts';
import { deliver, OWN_FILES } from './deliver.ts';
import { writeEvidence } from './evidence.ts';
import { disagreements, factsIn, factsOf, joined, type RunFacts } from './facts.ts';
import { footprintIn, footprintsOf, sum } from './footprint.ts';
import { ending, exitWith, isExcused } from './gate.ts';
import { writeGitHubOutput } from './github.ts';
import { headerOf, Live } from './live.ts';
import { readLock } from './lock.ts';
import { judgedIn, proofOf } from './provenance.ts';
import { buildReport, type Report } from './report.ts';
import { evidenceOf } from './report-file.ts';
import { both, caseOf, renamed } from './results.ts';
import { ciOf, endOf, fingerprintOf } from './run-details.ts';
import { printable } from './text.ts';

export interface ConformanceOptions {
  /** The folder for reports, results and history. */
  readonly outputDir?: string;
  /** Path of the private key (PEM) that signs the evidence; not the key, because other reports contain these options. */
  readonly evidenceKeyFile?: string | undefined;
}

/** Folders that a run replaces, with those that are generated from its results. */
const OWN_FOLDERS = ['playwright-report', 'allure-report'];

/**
 * Collects the results of the cases, has them judged by `harness/verdicts`, and writes and prints the outcome. Works on a
 * run, and on the merged blob reports of its shards.
 */
export default class ConformanceReporter implements Reporter {
  readonly #outputDir: string;
  readonly #evidenceKeyFile: string | undefined;
  readonly #results = new Map<string, CaseResult>();
  readonly #troubles: string[] = [];
  readonly #left: Left[] = [];
  readonly #auxiliary: Exchange[] = [];
  #parted = 0;
  #tests: readonly TestCase[] = [];
  #parts: readonly Suite[] = [];
  #facts: readonly RunFacts[] = [];
  #playwright = '';
  #isShard = false;
  #isSelection = false;
  readonly #live = new Live(process.stdout, { isPipeline: process.env.CI !== undefined });
  #report: Report | undefined;

  constructor({ outputDir = '.', evidenceKeyFile }: ConformanceOptions = {}) {
    this.#outputDir = outputDir;
    this.#evidenceKeyFile = evidenceKeyFile;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#clearAway(config);
    this.#playwright = config.version;
    this.#parts = suite.suites;
    this.#tests = suite.allTests();
    this.#isShard = (config.shard?.total ?? 1) > 1;
    // The runner swallows errors thrown here.
    try {
      const known = factsIn(config.metadata);
      this.#facts = known.length > 0 ? known : [factsOf(settingsOrExit())];
    } catch (error) {
      this.onError({ message: `the facts of this run cannot be determined: ${String(error)}` });
    }
    const facts = joined(this.#facts);
    const directory = process.env[RUN_DIR];
    const isAskedAhead = directory !== undefined && config.maxFailures === 0;
    if (facts !== undefined && this.#tests.length > 0)
      this.#live.begin(
        this.#tests.length,
        { ...headerOf(facts, this.#tests.length), notes: notesOf(process.env[RUN_NOTES]) },
        isAskedAhead ? new Journal(directory) : undefined,
      );
  }

  onStdOut(chunk: string | Buffer): void {
    const footprint = footprintIn(String(chunk));
    const auxiliary = auxiliaryIn(String(chunk));
    if (footprint !== undefined) this.#left.push(footprint);
    else if (auxiliary !== undefined) this.#auxiliary.push(...this.#ofPart(auxiliary));
    else this.#live.print(printable(String(chunk)));
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const evidence = this.#evidenceOf(test, result);
    if (evidence !== undefined) {
      const mine = this.#parts.length > 1 ? renamed(evidence, `${this.#partOf(test)}/`) : evidence;
      const other = this.#results.get(mine.case);
      this.#results.set(mine.case, other === undefined ? mine : both(other, mine));
    } else if (result.error !== undefined) this.onError(result.error);
    this.#live.ended(test.title, result, this.#results.get(caseOf(test)));
  }

  onError(error: TestError): void {
    const text = printable(error.message ?? error.value ?? 'unknown error')
      .replace(/^Error: /, '')
      .replace(/^No tests found$/, process.argv.includes('--last-failed') ? 'Nothing failed in the last run' : '$&');
    this.#troubles.push(text);
    this.#live.print('');
    process.stderr.write(`${text}\n`);
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] }> {
    this.#live.end();
    const report = await this.#judge(result);
    const paths = deliver(report, this.#outputDir, this.#contractPath(report.settings, report.contract.sha256));
    writeGitHubOutput(report, process.env);
    writeExecutor(this.#at('allure-results'), report, process.env);
    this.#report = report;
    const isUnusable = this.#tests.length === 0 || process.env[RUN_TROUBLE] !== undefined;
    if (!isUnusable) process.stdout.write(`\n${summary(report, paths)}\n`);
    const directory = process.env[RUN_DIR];
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    const { status, exitCode } = ending(report.verdict, result.status, {
      isSelection: this.#isSelection,
      isShard: this.#isShard || isMerge(),
      isPipeline: process.env.CI !== undefined,
    });
    // An unreachable target does not violate its contract.
    exitWith(isUnusable ? EXIT_UNUSABLE : exitCode);
    return { status };
  }

  /** Runs when all other reporters have written their files. */
  async onExit(): Promise<void> {
    if (this.#report === undefined) return;
    if (!isMerge())
      completeAllure(this.#at('allure-results'), this.#report, (id) => this.#results.get(id)?.exchanges ?? []);
    writeEvidence({ report: this.#report, keyFile: this.#evidenceKeyFile, root: this.#outputDir });
  }

  printsToStdio(): boolean {
    return true;
  }

  async #judge(result: FullResult): Promise<Report> {
    const facts = joined(this.#facts) ?? factsOf(settingsOrExit());
    const path = this.#contractPath(facts.settings, facts.contract);
    const contract = await readContract(path, String(facts.settings.CONTRACT_VERSION ?? SEED));
    const cases = await casesOf(contract, settingsOrExit(false).caseModules);
    this.#readJournal();
    const troubles = [...this.#troubles, ...disagreements(this.#facts)];
    if (contract.hash !== facts.contract)
      troubles.push('the contract has changed since the run; merge with the document that the run used');
    // If the target cannot be reached, the runner loads no tests.
    const isLoaded = this.#tests.length > 0 || process.env[RUN_TROUBLE] === undefined;
    const selected = new Set(isLoaded ? this.#tests.map(caseOf) : cases.map(({ id }) => id));
    const journalled = isMerge() ? [] : new Journal(process.env[RUN_DIR] ?? '').auxiliary();
    this.#isSelection = cases.some(({ id }) => !selected.has(id));
    const narrowed = this.#isSelection || result.status === 'interrupted' || result.status === 'timedout';
    const options = {
      ...facts.options,
      today: result.startTime.toISOString().slice(0, 10),
      trouble: process.env[RUN_TROUBLE],
      selected,
    };
    const verdicts = requirementVerdicts(contract, cases, this.#results, options);
    const byId = new Map(verdicts.map((one) => [one.requirement.id, one]));
    const caseById = new Map(cases.map((one) => [one.id, one]));
    const unexplained = this.#tests.filter((test) => {
      const of = caseById.get(caseOf(test));
      const isRed = test.outcome() === 'unexpected';
      return isRed && !(of && isExcused(test, of, this.#results.get(of.id), byId, options));
    });
    const trouble =
      troubles[0] ?? (unexplained.length > 0 ? 'a test failed for a reason that no verdict explains' : undefined);
    const verdict = runVerdict(verdicts, { ...options, narrowed, trouble: options.trouble ?? trouble });
    const ci = ciOf(process.env);
    const keyFingerprint = fingerprintOf(this.#evidenceKeyFile);
    return buildReport({
      contract,
      log: readLog(path),
      histories: readLock(path),
      cases,
      selected,
      results: this.#results,
      auxiliary: [...this.#auxiliary, ...journalled],
      verdicts,
      verdict,
      narrowed,
      facts,
      proof: proofOf(contract, judgedIn(verdicts), {
        own: cases.filter(({ id, own }) => own && selected.has(id)).length,
      }),
      run: {
        id: this.#facts.length > 1 ? randomUUID() : facts.run,
        partIds: this.#facts.length > 1 ? this.#facts.map(({ run }) => run) : [],
        ended: endOf(result.status),
        startedAt: result.startTime.toISOString(),
        endedAt: new Date(result.startTime.getTime() + result.duration).toISOString(),
        durationMs: Math.round(result.duration),
        parts: Math.max(1, this.#facts.length),
        node: facts.node,
        playwright: this.#playwright,
        footprint: sum(isMerge() ? this.#left : footprintsOf(process.env[RUN_DIR])),
        troubles,
        ...(ci && { ci }),
        ...(facts.operator !== undefined && { operator: facts.operator }),
        ...(keyFingerprint !== undefined && { keyFingerprint }),
      },
    });
  }

  #evidenceOf(test: TestCase, result: TestResult): CaseResult | undefined {
    try {
      return evidenceOf(result);
    } catch (error) {
      this.onError({ message: `${caseOf(test)}: ${error instanceof Error ? error.message : String(error)}` });
      return undefined;
    }
  }

  /** Adds the results of requests that were sent before an interruption and whose tests did not run. */
  #readJournal(): void {
    const directory = process.env[RUN_DIR];
    if (directory === undefined) return;
    for (const result of new Journal(directory).results())
      if (!this.#results.has(result.case) && result.error === undefined) this.#results.set(result.case, result);
  }

  /** Removes the files of an earlier run, which could be mistaken for those of this one. */
  #clearAway({ metadata }: FullConfig): void {
    for (const name of [...OWN_FILES.map((one) => join('reports', one)), ...OWN_FOLDERS])
      rmSync(this.#at(name), { recursive: true, force: true });
    const ids = factsIn(metadata).map(({ run }) => run);
    const results = this.#at('allure-results');
    if (isMerge() && !isOfRun(results, ids)) rmSync(results, { recursive: true, force: true });
  }

  /** A path in the output folder. */
  #at(name: string): string {
    return join(this.#outputDir, name);
  }

  /** Makes the ids of auxiliary exchanges unique across shards. */
  #ofPart(exchanges: readonly Exchange[]): readonly Exchange[] {
    if (this.#parts.length < 2) return exchanges;
    this.#parted++;
    return exchanges.map((exchange) => ({ ...exchange, id: `auxiliary-${this.#parted}/${exchange.id}` }));
  }

  /** The path of the contract: from the settings of a run; a merge has none, and uses the path in its facts. */
  #contractPath({ CONTRACT, CONTRACT_VERSION = SEED }: RunFacts['settings'], sha256: string): string {
    if (!isMerge()) return settingsOrExit().contract;
    const shown = String(CONTRACT);
    const isOwn = shown === portable(OWN_DOCUMENT) && hashOf(OWN_DOCUMENT, String(CONTRACT_VERSION)) === sha256;
    return isOwn ? OWN_DOCUMENT : shown;
  }

  /** The shard that a test belongs to, counted from 1. */
  #partOf(test: TestCase): number {
    let suite: Suite | undefined = test.parent;
    while (suite !== undefined && suite.type !== 'project') suite = suite.parent;
    return suite === undefined ? 1 : this.#parts.indexOf(suite) + 1;
  }
}

/** The configuration gives each run a run directory; a merge has none. */
const isMerge = () => process.env[RUN_DIR] === undefined;

const notesOf = (text = '') => text.split('\n').filter((note) => note !== '');

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
import { allCases } from '../tests/cases/index.ts';
import { isOfRun, writeExecutor } from './allure.ts';
import { completeAllure } from './allure-results.ts';
import { readLog } from './authority.ts';
import { besidesIn } from './besides.ts';
import { summary } from './console.ts';
import { deliver, OWN_FILES } from './deliver.ts';
import { writeEvidence } from './evidence.ts';
import { disagreements, factsIn, factsOf, joined, type RunFacts } from './facts.ts';
import { footprintIn, footprintsOf, sum } from './footprint.ts';
import { ending, exitWith, isExcused } from './gate.ts';
import { writeGitHubOutput } from './github.ts';
import { headerOf, Live } from './live.ts';
import { judgedIn, proofOf } from './provenance.ts';
import { buildReport, type Report } from './report.ts';
import { evidenceOf } from './report-file.ts';
import { both, caseOf, renamed } from './results.ts';
import { ciOf, endOf, fingerprintOf } from './run-details.ts';
import { printable } from './text.ts';

export interface ConformanceOptions {
  /** The folder of the run: reports, results and history lie in it. */
  readonly outputDir?: string;
  /** A private key (PEM) that signs the evidence. A path: options of reporters are copied into other reports. */
  readonly evidenceKeyFile?: string | undefined;
}

/** Folders that are a run's as a whole, or made of what it leaves. */
const OWN_FOLDERS = ['playwright-report', 'allure-report'];

/**
 * Collects what the cases have shown, asks for the verdicts, and writes and prints them. Decides nothing itself. Works
 * on a run, and on the blob reports of its shards.
 */
export default class ConformanceReporter implements Reporter {
  readonly #outputDir: string;
  readonly #evidenceKeyFile: string | undefined;
  readonly #results = new Map<string, CaseResult>();
  readonly #troubles: string[] = [];
  readonly #left: Left[] = [];
  readonly #besides: Exchange[] = [];
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
    // The runner would swallow what is thrown here.
    try {
      const told = factsIn(config.metadata);
      this.#facts = told.length > 0 ? told : [factsOf(settingsOrExit())];
    } catch (error) {
      this.onError({ message: `the facts of this run cannot be told: ${String(error)}` });
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
    const besides = besidesIn(String(chunk));
    if (footprint !== undefined) this.#left.push(footprint);
    else if (besides !== undefined) this.#besides.push(...this.#ofPart(besides));
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
    const text = printable(error.message ?? error.value ?? 'unknown trouble')
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
    // A target that cannot be talked to is not a target that breaks its contract.
    exitWith(isUnusable ? EXIT_UNUSABLE : exitCode);
    return { status };
  }

  /** All other reporters have written by now. */
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
    const cases = allCases(contract);
    this.#readJournal();
    const troubles = [...this.#troubles, ...disagreements(this.#facts)];
    if (contract.hash !== facts.contract) troubles.push('the contract is not the one that the run was made with');
    // Where the target cannot be talked to, the runner loads no tests.
    const isLoaded = this.#tests.length > 0 || process.env[RUN_TROUBLE] === undefined;
    const selected = new Set(isLoaded ? this.#tests.map(caseOf) : cases.map(({ id }) => id));
    const journalled = isMerge() ? [] : new Journal(process.env[RUN_DIR] ?? '').besides();
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
    const trouble = troubles[0] ?? (unexplained.length > 0 ? 'a test is red for a reason of its own' : undefined);
    const verdict = runVerdict(verdicts, { ...options, narrowed, trouble: options.trouble ?? trouble });
    const ci = ciOf(process.env);
    const keyFingerprint = fingerprintOf(this.#evidenceKeyFile);
    return buildReport({
      contract,
      log: readLog(path),
      cases,
      selected,
      results: this.#results,
      besides: [...this.#besides, ...journalled],
      verdicts,
      verdict,
      narrowed,
      facts,
      proof: proofOf(contract.hash, judgedIn(verdicts)),
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

  /** What was asked before an interruption counts, also where its test never came to tell. */
  #readJournal(): void {
    const directory = process.env[RUN_DIR];
    if (directory === undefined) return;
    for (const result of new Journal(directory).results())
      if (!this.#results.has(result.case) && result.error === undefined) this.#results.set(result.case, result);
  }

  /** What an earlier run has said must not be taken for the word of this one. */
  #clearAway({ metadata }: FullConfig): void {
    for (const name of [...OWN_FILES.map((one) => join('reports', one)), ...OWN_FOLDERS])
      rmSync(this.#at(name), { recursive: true, force: true });
    const ids = factsIn(metadata).map(({ run }) => run);
    const results = this.#at('allure-results');
    if (isMerge() && !isOfRun(results, ids)) rmSync(results, { recursive: true, force: true });
  }

  /** Where something of the run lies. */
  #at(name: string): string {
    return join(this.#outputDir, name);
  }

  /** Exchanges of another part have ids of their own. */
  #ofPart(exchanges: readonly Exchange[]): readonly Exchange[] {
    if (this.#parts.length < 2) return exchanges;
    this.#parted++;
    return exchanges.map((exchange) => ({ ...exchange, id: `besides-${this.#parted}/${exchange.id}` }));
  }

  /** A merge has no settings of its own, and knows the path as it was shown; a run knows the whole path. */
  #contractPath({ CONTRACT, CONTRACT_VERSION = SEED }: RunFacts['settings'], sha256: string): string {
    if (!isMerge()) return settingsOrExit().contract;
    const shown = String(CONTRACT);
    const isOwn = shown === portable(OWN_DOCUMENT) && hashOf(OWN_DOCUMENT, String(CONTRACT_VERSION)) === sha256;
    return isOwn ? OWN_DOCUMENT : shown;
  }

  /** Which shard a test comes from, counted from 1. */
  #partOf(test: TestCase): number {
    let suite: Suite | undefined = test.parent;
    while (suite !== undefined && suite.type !== 'project') suite = suite.parent;
    return suite === undefined ? 1 : this.#parts.indexOf(suite) + 1;
  }
}

/** Runs have a folder of their own, from the configuration; merges have none. */
const isMerge = () => process.env[RUN_DIR] === undefined;

const notesOf = (text = '') => text.split('\n').filter((note) => note !== '');

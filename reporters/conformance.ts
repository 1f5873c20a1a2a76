import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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
import { type Contract, readContract } from '../harness/contract/index.ts';
import { EXIT_UNUSABLE, settingsOrExit } from '../harness/environment.ts';
import { Journal } from '../harness/journal.ts';
import { RUN_CASES, RUN_DIR, RUN_TROUBLE, targetOf } from '../harness/run.ts';
import { requirementVerdicts, runVerdict } from '../harness/verdicts.ts';
import { allCases } from '../tests/cases.ts';
import { caseLine, type Left, summary } from './console.ts';
import { buildReport } from './report.ts';

const REPORT = 'reports/conformance.json';

/** Collects what the cases have shown, asks for the verdicts, and writes and prints them. Decides nothing itself. */
export default class ConformanceReporter implements Reporter {
  readonly #settings = settingsOrExit();
  readonly #results = new Map<string, CaseResult>();
  readonly #troubles: string[] = [];
  readonly #startedAt = new Date();
  #selected: readonly string[] = [];
  #contract: Contract | undefined;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#selected = suite.allTests().map(caseOf);
    process.env[RUN_CASES] = this.#selected.join(',');
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const attachment = result.attachments.find(({ name }) => name === 'evidence');
    if (attachment?.body !== undefined)
      this.#results.set(caseOf(test), JSON.parse(attachment.body.toString('utf8')) as CaseResult);
    else if (result.error !== undefined) this.onError(result.error);
    process.stdout.write(`${caseLine(test.title, result, this.#results.get(caseOf(test)))}\n`);
  }

  onError(error: TestError): void {
    const text = stripVTControlCharacters(error.message ?? error.value ?? 'unknown trouble');
    this.#troubles.push(text);
    process.stderr.write(`${text}\n`);
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] }> {
    const settings = this.#settings;
    this.#contract ??= await readContract(settings.contract);
    const contract = this.#contract;
    const cases = allCases(contract);
    this.#readJournal();
    const narrowed = cases.some(({ id }) => !this.#selected.includes(id));
    const options = {
      ...settings,
      today: this.#startedAt.toISOString().slice(0, 10),
      trouble: process.env[RUN_TROUBLE],
    };
    const verdicts = requirementVerdicts(contract, cases, this.#results, options);
    const verdict = runVerdict(verdicts, { ...options, narrowed });
    const report = buildReport({
      contract,
      cases,
      results: this.#results,
      verdicts,
      verdict,
      narrowed,
      settings,
      target: settings.baseUrl ?? `${targetOf(settings).baseUrl} (the embedded reference)`,
      startedAt: this.#startedAt,
      footprint: this.#footprint(),
      troubles: this.#troubles,
    });
    mkdirSync('reports', { recursive: true });
    writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(`\n${summary(report, verdicts, settings, REPORT)}\n`);
    const directory = process.env[RUN_DIR];
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    // Red tests are excused in one case only: every violation is known, and nothing else is wrong.
    if (verdict === 'conformant' && this.#troubles.length === 0) return { status: 'passed' };
    return { status: result.status === 'interrupted' ? 'interrupted' : 'failed' };
  }

  /** A target that cannot be talked to is not a target that breaks its contract. */
  async onExit(): Promise<void> {
    if (process.env[RUN_TROUBLE] !== undefined) process.exit(EXIT_UNUSABLE);
  }

  printsToStdio(): boolean {
    return true;
  }

  /** What was asked before an interruption counts, also where its test never came to tell. */
  #readJournal(): void {
    const directory = process.env[RUN_DIR];
    if (directory === undefined) return;
    for (const result of new Journal(directory).results())
      if (!this.#results.has(result.case) && result.error === undefined) this.#results.set(result.case, result);
  }

  #footprint(): Left {
    const directory = process.env[RUN_DIR];
    const left: Left = { users: [], groups: [] };
    if (directory === undefined) return left;
    for (const file of readdirSync(directory).filter((name) => name.startsWith('footprint-'))) {
      const part = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Left;
      left.users.push(...part.users);
      left.groups.push(...part.groups);
    }
    return left;
  }
}

const caseOf = (test: TestCase) => test.annotations.find(({ type }) => type === 'allure.id')?.description ?? test.title;

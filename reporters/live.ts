import type { TestResult } from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';
import type { Journal } from '../harness/run/journal.ts';
import { caseLine } from './console.ts';
import type { RunFacts } from './facts.ts';
import { counted, cut, oneLine, printable } from './text.ts';

/** The stream to which progress is written. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What is printed before the first case. */
export interface Header {
  readonly target: string;
  readonly contract: string;
  readonly cases: string;
  /** Observations of the set-up about the target. */
  readonly notes: readonly string[];
}

/** The header of a run, without the notes of its set-up. */
export function headerOf(facts: RunFacts, tests: number): Omit<Header, 'notes'> {
  const { target, contract, settings } = facts;
  const { CONTRACT = '', CONTRACT_VERSION = '', WRITES = '', SEED = '' } = settings;
  return {
    target,
    contract: `${CONTRACT}, version ${CONTRACT_VERSION}, SHA-256 ${contract.slice(0, 12)}`,
    cases: `${tests}, with WRITES=${WRITES} SEED=${SEED}`,
  };
}

/** Interval between two looks at the journal: often enough to feel live. */
const EVERY_MS = 200;
/** Findings of a case that are printed in full; the others are shortened. */
const MOST_WHOLE = 3;
/** Characters printed of a request body or of a violation, about two lines. */
const MOST_SHOWN = 160;
/** Violations printed, one line each, before the tests that report them have run. */
const MOST_EARLY = 10;

/**
 * Progress of a run: a header, and for each red case the request, the answer, the promise, and the command that repeats
 * it. On a terminal, green cases are only counted, and violations are shown as soon as they are known.
 */
export class Live {
  readonly #out: Output;
  readonly #isTerminal: boolean;
  /** Reasons for blocked and failed judgements; each is printed once. */
  readonly #reasons = new Set<string>();
  readonly #read = new Set<string>();
  readonly #broken = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #finished = 0;
  #red = 0;
  #hasProgress = false;

  constructor(out: Output, { isPipeline }: { readonly isPipeline: boolean }) {
    this.#out = out;
    this.#isTerminal = out.isTTY === true && !isPipeline;
  }

  /** `journal`: the results of requests that are sent ahead; `undefined` if none are. */
  begin(
    total: number,
    { target, contract, cases, notes }: Header,
    journal: Pick<Journal, 'results'> | undefined,
  ): void {
    this.#total = total;
    const lines = [
      ['target', target],
      ['contract', contract],
      ['cases', cases],
      ...notes.map((note) => ['note', note]),
    ];
    this.print(`${lines.map(([word = '', text = '']) => `${word.padEnd(9)} ${oneLine(text)}`).join('\n')}\n\n`);
    if (!this.#isTerminal || journal === undefined) return;
    this.#timer = setInterval(() => this.look(journal), EVERY_MS);
    this.#timer.unref();
  }

  /** Prints complete lines in place of the progress line. */
  print(text: string): void {
    this.#out.write(`${this.#hasProgress ? '\r\u001b[2K' : ''}${text}`);
    this.#hasProgress = false;
  }

  /** Prints or counts a finished case. */
  ended(
    title: string,
    result: Pick<TestResult, 'status' | 'annotations' | 'error'>,
    shown: CaseResult | undefined,
  ): void {
    this.#finished++;
    const isRed = result.status !== 'passed' && result.status !== 'skipped';
    if (isRed) this.#red++;
    const failure = isRed && result.error?.message !== undefined ? this.#failure(result.error.message) : '';
    if (isRed || !this.#isTerminal) this.print(`${caseLine(title, result, shown)}${failure}\n`);
    this.#progress();
  }

  end(): void {
    clearInterval(this.#timer);
    this.print('');
  }

  /** Shortens a failure as written by `harness/verdicts/case-outcome.ts`, whose findings are separated by empty lines. */
  #failure(message: string): string {
    const findings = printable(message).split('\n\n');
    const again = findings.pop() ?? '';
    const promises = new Set<string>();
    const lines = findings.flatMap((finding) => {
      const reason = reasonIn(finding);
      if (reason !== undefined) {
        const isNew = !this.#reasons.has(reason);
        this.#reasons.add(reason);
        return isNew ? [finding] : [];
      }
      const [promise = ''] = finding.split('\n');
      if (promises.has(promise)) return [];
      promises.add(promise);
      return [promises.size <= MOST_WHOLE ? finding : shortened(finding)];
    });
    if (lines.length === 0) return '; for a reason printed above';
    return `\n${[...lines, again].join('\n').replaceAll(/^/gm, '     ')}\n`;
  }

  /** Prints violations in the results that were added to the journal since the last call. */
  look(journal: Pick<Journal, 'results'>): void {
    for (const result of journal.results().filter(({ case: id }) => !this.#read.has(id))) {
      this.#read.add(result.case);
      for (const [id, { violations }] of Object.entries(result.findings)) {
        const [first] = violations;
        if (first === undefined || this.#broken.has(id)) continue;
        this.#broken.add(id);
        if (this.#broken.size <= MOST_EARLY) this.print(`seen      ${id}: ${cut(oneLine(first.seen), MOST_SHOWN)}\n`);
      }
    }
    this.#progress();
  }

  #progress(): void {
    if (!this.#isTerminal) return;
    const asked = Math.max(this.#read.size, this.#finished);
    const red = this.#red > 0 ? `, ${this.#red} red` : '';
    const broken = this.#broken.size > 0 ? `, ${counted(this.#broken.size, 'promise')} violated` : '';
    const text = `${asked} of ${counted(this.#total, 'case')} asked${broken}${red}`;
    this.#out.write(`\r\u001b[2K${text.slice(0, (this.#out.columns || 80) - 1)}`);
    this.#hasProgress = true;
  }
}

const REASON =
  /(?: (?:is|are) (?:blocked|in error): |^The case ended in an error: )(?:TransportError: \S+ \S+: )?([\s\S]*)$/;

/** The reason in a finding without the requirements, subjects and requests that it names. */
function reasonIn(finding: string): string | undefined {
  const reason = REASON.exec(finding)?.[1];
  const parts = reason
    ?.replace(/ \(in the case .*\)$/, '')
    .split('; ')
    .map((part) => part.replace(/^(nothing was shown about .*?|first|second): /, ''));
  return parts && [...new Set(parts)].join('; ');
}

/** A finding reduced to the promise, the request and the violation. */
function shortened(finding: string): string {
  const [promise = ''] = finding.split('\n');
  const part = (word: string) => new RegExp(`^  ${word} +(.*?)(?:, by a caller .*)?$`, 'm').exec(finding)?.[1];
  const [asked, sent, seen] = ['asked', 'sent', 'seen'].map(part);
  if (seen === undefined) return promise;
  return [
    promise,
    ...(sent === undefined ? [] : [`  sent      ${cut(sent, MOST_SHOWN)}`]),
    `  seen      ${seen}${asked === undefined ? '' : ` (${asked})`}`,
  ].join('\n');
}

import type { TestResult } from '@playwright/test/reporter';
import type { CaseResult } from '../harness/case.ts';
import type { Journal } from '../harness/run/journal.ts';
import { caseLine } from './console.ts';
import type { RunFacts } from './facts.ts';
import { counted, cut, oneLine, printable } from './text.ts';

/** Where a run is told of while it lasts. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Facts that a reader wants before anything else. */
export interface Header {
  readonly target: string;
  readonly contract: string;
  readonly cases: string;
  /** What the set-up has noticed about the target. */
  readonly notes: readonly string[];
}

/** What is known of a run before it begins. */
export function headerOf(facts: RunFacts, tests: number): Omit<Header, 'notes'> {
  const { target, contract, settings } = facts;
  const { CONTRACT = '', CONTRACT_VERSION = '', WRITES = '', SEED = '' } = settings;
  return {
    target,
    contract: `${CONTRACT}, version ${CONTRACT_VERSION}, SHA-256 ${contract.slice(0, 12)}`,
    cases: `${tests}, with WRITES=${WRITES} SEED=${SEED}`,
  };
}

const EVERY_MS = 200;
/** So many findings of a case are shown whole; of the others, what was seen. */
const MOST_WHOLE = 3;
/** So much is shown of what was sent there, in characters. */
const MOST_SENT = 160;
/** So many promises that broke before any case was told are shown in a line each. */
const MOST_EARLY = 10;

/**
 * A run as it happens: a header, and for each red case what was sent, what came, what is promised, and the command that
 * repeats it. On a terminal green cases are counted only, and what the answers break is shown as soon as it is known.
 */
export class Live {
  readonly #out: Output;
  readonly #isTerminal: boolean;
  /** Why something could not be shown: each reason is told once. */
  readonly #reasons = new Set<string>();
  readonly #read = new Set<string>();
  readonly #broken = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #total = 0;
  #told = 0;
  #red = 0;
  #hasProgress = false;

  constructor(out: Output, { isPipeline }: { readonly isPipeline: boolean }) {
    this.#out = out;
    this.#isTerminal = out.isTTY === true && !isPipeline;
  }

  /** `journal` shows what is asked ahead; `undefined`: nothing is. */
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

  /** Prints a text that ends its line; progress makes room for it. */
  print(text: string): void {
    this.#out.write(`${this.#hasProgress ? '\r\u001b[2K' : ''}${text}`);
    this.#hasProgress = false;
  }

  /** A case has come to its end. */
  ended(
    title: string,
    result: Pick<TestResult, 'status' | 'annotations' | 'error'>,
    shown: CaseResult | undefined,
  ): void {
    this.#told++;
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

  /** A failure as `harness/verdicts/case-outcome.ts` writes it, shortened to what was not told before; findings are apart by an empty line. */
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
    if (lines.length === 0) return '; for a reason above';
    return `\n${[...lines, again].join('\n').replaceAll(/^/gm, '     ')}\n`;
  }

  /** Shows what was asked ahead since the last time. */
  look(journal: Pick<Journal, 'results'>): void {
    for (const result of journal.results().filter(({ case: id }) => !this.#read.has(id))) {
      this.#read.add(result.case);
      for (const [id, { violations }] of Object.entries(result.findings)) {
        const [first] = violations;
        if (first === undefined || this.#broken.has(id)) continue;
        this.#broken.add(id);
        if (this.#broken.size <= MOST_EARLY) this.print(`seen      ${id}: ${cut(oneLine(first.seen), 160)}\n`);
      }
    }
    this.#progress();
  }

  #progress(): void {
    if (!this.#isTerminal) return;
    const asked = Math.max(this.#read.size, this.#told);
    const red = this.#red > 0 ? `, ${this.#red} red` : '';
    const broken = this.#broken.size > 0 ? `, ${counted(this.#broken.size, 'promise')} violated` : '';
    const text = `${asked} of ${counted(this.#total, 'case')} asked${broken}${red}`;
    this.#out.write(`\r\u001b[2K${text.slice(0, (this.#out.columns || 80) - 1)}`);
    this.#hasProgress = true;
  }
}

const REASON =
  /(?: (?:is|are) (?:blocked|in error): |^The suite could not tell: )(?:TransportError: \S+ \S+: )?([\s\S]*)$/;

/** Why something could not be shown, however many requirements, subjects and requests it is said of. */
function reasonIn(finding: string): string | undefined {
  const reason = REASON.exec(finding)?.[1];
  const parts = reason
    ?.replace(/ \(in the case .*\)$/, '')
    .split('; ')
    .map((part) => part.replace(/^(nothing was shown about .*?|first|second): /, ''));
  return parts && [...new Set(parts)].join('; ');
}

/** What is promised, sent and seen, without the rest. */
function shortened(finding: string): string {
  const [promise = ''] = finding.split('\n');
  const part = (word: string) => new RegExp(`^  ${word} +(.*?)(?:, by a caller .*)?$`, 'm').exec(finding)?.[1];
  const [asked, sent, seen] = ['asked', 'sent', 'seen'].map(part);
  if (seen === undefined) return promise;
  return [
    promise,
    ...(sent === undefined ? [] : [`  sent      ${cut(sent, MOST_SENT)}`]),
    `  seen      ${seen}${asked === undefined ? '' : ` (${asked})`}`,
  ].join('\n');
}

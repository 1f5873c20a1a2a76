import type { Subjects } from './case.ts';
import type { CaseRecord } from './case-record.ts';

/** More subjects than these are counted only. */
const MOST_NAMED = 3;

/** The subjects that a case has declared for one requirement, and which of them came to a finding. */
export class DeclaredSubjects implements Subjects {
  readonly #record: CaseRecord;
  readonly #requirement: string;
  readonly #open: Set<string>;
  readonly #declared: ReadonlySet<string>;

  constructor(record: CaseRecord, requirement: string, names: readonly string[]) {
    this.#record = record;
    this.#requirement = requirement;
    this.#declared = new Set(names);
    this.#open = new Set(names);
  }

  judge: Subjects['judge'] = (name, exchanges, ...seen) => {
    this.#settle(name);
    this.#record.judge(
      this.#requirement,
      exchanges,
      seen.filter((text) => typeof text === 'string'),
    );
  };

  blocked: Subjects['blocked'] = (name, _, detail) => {
    this.#settle(name);
    this.#record.blocked(this.#requirement, `${name}: ${detail}`);
  };

  /** To be called once the case has ended; `because` is the reason where it was cut short. */
  end(because: string | undefined): void {
    const missing = [...this.#open];
    if (missing.length === 0) return;
    const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
    this.#record.blocked(
      this.#requirement,
      `nothing was shown about ${missing.slice(0, MOST_NAMED).join(', ')}${more}${because === undefined ? '' : `: ${because}`}`,
    );
  }

  #settle(name: string): void {
    if (!this.#declared.has(name))
      throw new TypeError(`${this.#requirement}: ${name} was not declared as a subject of this case`);
    this.#open.delete(name);
  }
}

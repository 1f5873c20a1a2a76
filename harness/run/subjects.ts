import type { Subjects } from '../case.ts';
import type { CaseRecord } from './case-record.ts';
import type { Missing } from './missing.ts';

/** Subjects that a reason names, to keep it readable; the rest are counted. */
const MOST_NAMED = 3;

/** The subjects that a case has declared for a requirement, and which of them have a finding. */
export class DeclaredSubjects implements Subjects {
  readonly #record: CaseRecord;
  readonly #requirement: string;
  readonly #open: Set<string>;
  readonly #declared: ReadonlySet<string>;
  readonly #missing: (requirement: string, missing: Missing) => void;

  constructor(
    record: CaseRecord,
    missing: (requirement: string, missing: Missing) => void,
    requirement: string,
    names: readonly string[],
  ) {
    this.#record = record;
    this.#missing = missing;
    this.#requirement = requirement;
    this.#declared = new Set(names);
    this.#open = new Set(names);
  }

  report: Subjects['report'] = (name, exchanges, ...seen) => {
    this.#settle(name);
    this.#record.judge(
      this.#requirement,
      exchanges,
      seen.filter((text) => typeof text === 'string'),
    );
  };

  blocked: Subjects['blocked'] = (name, prerequisite, detail) => {
    this.#settle(name);
    this.#missing(this.#requirement, { prerequisite, detail: `${name}: ${detail}`, needed: [] });
  };

  /** Call once the case has ended; `because`: the missing prerequisite that ended it early, if one did. */
  end(because: Missing | undefined): void {
    const open = [...this.#open];
    if (open.length === 0) return;
    const more = open.length > MOST_NAMED ? ` and ${open.length - MOST_NAMED} more` : '';
    const detail = `nothing was shown about ${open.slice(0, MOST_NAMED).join(', ')}${more}`;
    if (because === undefined) this.#record.blocked(this.#requirement, detail);
    else this.#missing(this.#requirement, { ...because, detail: `${detail}: ${because.detail}` });
  }

  #settle(name: string): void {
    if (!this.#declared.has(name))
      throw new TypeError(`${this.#requirement}: ${name} was not declared as a subject of this case`);
    this.#open.delete(name);
  }
}

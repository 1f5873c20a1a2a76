import { Blocked, type Prerequisite } from '../case.ts';
import { ScopeRefused } from '../client/tokens.ts';
import { excusedBy, type Profile, withExcuse } from '../verdicts/profile.ts';
import type { CaseRecord } from './case-record.ts';

/** What a case needed and did not get. */
export interface Missing {
  readonly prerequisite: Prerequisite;
  readonly detail: string;
  /** The scopes, or the types, that are missing, where it is these. */
  readonly needed: readonly string[];
}

/** What an error says is missing; `undefined` if it is an error of another kind. */
export function missingIn(error: unknown): Missing | undefined {
  if (error instanceof ScopeRefused) return { prerequisite: 'no-scope', detail: error.message, needed: error.scopes };
  if (!(error instanceof Blocked)) return undefined;
  return { prerequisite: error.prerequisite, detail: error.message, needed: error.needed };
}

/**
 * Notes what is missing: as excluded where the profile declares it, and as blocked otherwise. `so far`: the case ended
 * early, which counts for what it had not judged by then.
 */
export function noteMissing(
  record: CaseRecord,
  profile: Profile,
  requirement: string,
  { prerequisite, detail, needed }: Missing,
  when: 'at all' | 'so far' = 'at all',
): void {
  const exclusion = excusedBy(profile, prerequisite, needed);
  if (exclusion !== undefined) record.excluded(requirement, exclusion);
  else if (when === 'at all') record.blocked(requirement, withExcuse(prerequisite, detail));
  else record.cutShort(requirement, withExcuse(prerequisite, detail));
}

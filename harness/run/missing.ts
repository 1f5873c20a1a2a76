import { Blocked, type Prerequisite } from '../case.ts';
import { ScopeRefused } from '../client/tokens.ts';
import { excusedBy, type Profile, withExcuse } from '../verdicts/profile.ts';
import type { CaseRecord } from './case-record.ts';

/** A prerequisite that a case needed and did not get. */
export interface Missing {
  readonly prerequisite: Prerequisite;
  readonly detail: string;
  /** The scopes or types that were needed; empty if something else is missing. */
  readonly needed: readonly string[];
}

/** The missing prerequisite behind an error; `undefined` for any other error. */
export function missingIn(error: unknown): Missing | undefined {
  if (error instanceof ScopeRefused) return { prerequisite: 'no-scope', detail: error.message, needed: error.scopes };
  if (!(error instanceof Blocked)) return undefined;
  return { prerequisite: error.prerequisite, detail: error.message, needed: error.needed };
}

/**
 * Records a missing prerequisite: as excluded if the profile declares it, else as blocked.
 *
 * @param when `so far`: the case ended early, which counts only if the requirement has no finding yet
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

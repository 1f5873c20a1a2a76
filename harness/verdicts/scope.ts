import type { Exclusion } from '../case.ts';
import { lineOf } from './profile.ts';
import type { RequirementVerdict } from './verdicts.ts';

/** What a run was able to judge, and what its settings or its target's profile excluded. */
export interface Scope {
  /** What was excluded, with the number of promises each. */
  readonly limits: readonly Limit[];
  /** Number of promises that were seen kept or violated. */
  readonly judged: number;
  /** Number of promises in all. */
  readonly of: number;
}

export interface Limit {
  readonly by: 'setting' | 'profile' | 'target' | 'contract';
  /** Completes "conformant, ..."; for a profile, the name of its line. */
  readonly words: string;
  readonly promises: number;
}

/** The words for each exclusion in the verdict line, in display order. */
const WORDS: Readonly<Record<Exclusion, string>> = {
  'not-in-contract': 'as far as the contract says how',
  'writes-off': 'read-only',
  'no-webhook-listener': 'no events',
  unsigned: 'unsigned',
  'deliveries-unsigned': 'deliveries unsigned',
  'signed-by-proxy': 'signed by a proxy',
  'tokens-outlive-the-run': 'no expired tokens',
  'profile-approval': 'approval',
  'profile-closing': 'closing',
  'profile-types': 'types',
  'profile-scopes': 'scopes',
};

/**
 * What excludes a requirement: a setting, a line of the profile, the nature of the target, or a gap in the contract.
 */
export function excludedBy(exclusion: Exclusion): Limit['by'] {
  if (lineOf(exclusion) !== undefined) return 'profile';
  if (exclusion === 'not-in-contract') return 'contract';
  return exclusion === 'tokens-outlive-the-run' ? 'target' : 'setting';
}

/** The scope of a run, from its verdicts: only exclusions that took effect limit it. */
export function scopeOf(verdicts: readonly RequirementVerdict[]): Scope {
  const limits = Object.keys(WORDS).flatMap((key): Limit[] => {
    const found = verdicts.filter(({ exclusion }) => exclusion === key);
    const [exclusion] = found.flatMap((one) => one.exclusion ?? []);
    return exclusion === undefined
      ? []
      : [{ by: excludedBy(exclusion), words: WORDS[exclusion], promises: found.length }];
  });
  return { limits, judged: verdicts.filter(({ observed }) => observed !== 'not-shown').length, of: verdicts.length };
}

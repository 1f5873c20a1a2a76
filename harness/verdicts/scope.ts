import type { Exclusion } from '../case.ts';
import { lineOf } from './profile.ts';
import type { RequirementVerdict } from './verdicts.ts';

/** What a run was able to judge, and what its configuration or the profile of its target ruled out. */
export interface Scope {
  /** What was ruled out, and how many promises went with it. */
  readonly limits: readonly Limit[];
  /** How many promises were seen kept or violated. */
  readonly judged: number;
  /** How many there are. */
  readonly of: number;
}

export interface Limit {
  readonly by: 'setting' | 'profile' | 'target' | 'contract';
  /** Completes "conformant, ..."; for a profile, its line. */
  readonly words: string;
  readonly promises: number;
}

/** How each exclusion is said along with the verdict, in the order in which they are. */
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

/** What rules a requirement out: a setting, the target's profile, or what the target is like. */
export function excludedBy(exclusion: Exclusion): Limit['by'] {
  if (lineOf(exclusion) !== undefined) return 'profile';
  if (exclusion === 'not-in-contract') return 'contract';
  return exclusion === 'tokens-outlive-the-run' ? 'target' : 'setting';
}

/** The scope of a run, by its verdicts: only what really took effect limits it. */
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

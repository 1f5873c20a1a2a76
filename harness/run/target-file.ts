import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isObject } from '../contract/document.ts';
import { type Deviation, toDeviations } from '../verdicts/deviations.ts';
import { type Profile, toProfile } from '../verdicts/profile.ts';

/** The declarations about a target: what it cannot do, and which violations are accepted for a time. */
export interface TargetFile {
  readonly profile: Profile;
  readonly deviations: readonly Deviation[];
  /** SHA-256 of the file. */
  readonly sha256: string;
}

const MEMBERS = ['profile', 'deviations'];
const EMPTY = 'must have a profile or a list of deviations';

/**
 * Reads `targets/<name>.yaml`.
 *
 * @throws {Error} naming the file and everything invalid in it
 */
export function readTargetFile(path: string): TargetFile {
  try {
    const bytes = readFileSync(path);
    const document: unknown = parse(bytes.toString('utf8'), { schema: 'failsafe' });
    if (!isObject(document)) throw new Error(EMPTY);
    const unknown = Object.keys(document).find((key) => !MEMBERS.includes(key));
    if (unknown !== undefined) throw new Error(`${unknown} is unknown`);
    if (Object.keys(document).length === 0) throw new Error(EMPTY);
    return {
      profile: toProfile(document.profile),
      deviations: toDeviations(document.deviations),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

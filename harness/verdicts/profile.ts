import type { Exclusion, Prerequisite } from '../case.ts';
import { isObject, isTextList } from '../contract/document.ts';
import { isUuid } from '../contract/formats.ts';
import type { Contract } from '../contract/index.ts';
import { readScopes } from '../contract/operations.ts';
import { isOneEdit } from '../one-edit.ts';

/**
 * What a target can do, as declared in `targets/<name>.yaml`. A target is expected to do everything else; what turns out
 * to be missing without being declared is `blocked`.
 */
export interface Profile {
  /** `manual`: a person approves new groups, so that they may not become closable within a run. */
  readonly approval: 'automatic' | 'manual';
  /** `manual`: a closing is accepted, and a person completes it after the run. */
  readonly closing: 'automatic' | 'manual';
  /** Types of group that can be created; `undefined`: all. */
  readonly types: readonly string[] | undefined;
  /** Scopes that the client can be granted; `undefined`: all. */
  readonly scopes: readonly string[] | undefined;
  /** Ids of groups that the run may read, and send refused requests about, if it creates none itself. */
  readonly groups: readonly string[];
  /** The reason for each line. */
  readonly because: Readonly<Partial<Record<ProfileLine, string>>>;
}

const LINES = ['approval', 'closing', 'types', 'scopes', 'groups'] as const;
export type ProfileLine = (typeof LINES)[number];

/** The profile of a target that declares no limits. */
export const FULL_PROFILE: Profile = {
  approval: 'automatic',
  closing: 'automatic',
  types: undefined,
  scopes: undefined,
  groups: [],
  because: {},
};

/** The profile line behind an exclusion; `undefined` if it is not due to the profile. */
export function lineOf(exclusion: Exclusion): ProfileLine | undefined {
  return LINES.find((line) => exclusion === `profile-${line}`);
}

/** The profile line that excuses a missing prerequisite, and how to write it. */
const EXCUSES: Readonly<
  Partial<Record<Prerequisite, { readonly line: ProfileLine; readonly written: string; readonly as?: Exclusion }>>
> = {
  'not-closable': { line: 'approval', written: 'approval: manual', as: 'profile-approval' },
  'not-closed': { line: 'closing', written: 'closing: manual', as: 'profile-closing' },
  'type-refused': { line: 'types', written: 'types: [the types that can be created]', as: 'profile-types' },
  'no-scope': { line: 'scopes', written: 'scopes: [the scopes that are granted]', as: 'profile-scopes' },
  'no-group-to-read': { line: 'groups', written: 'groups: [ids of groups that may be read]' },
};

/**
 * The exclusion by which the profile excuses a missing prerequisite; `undefined` if it does not.
 *
 * @param needed the scopes or types, if one of them is what is missing
 */
export function excusedBy(
  profile: Profile,
  prerequisite: Prerequisite,
  needed: readonly string[] = [],
): Exclusion | undefined {
  if (prerequisite === 'not-in-contract') return prerequisite;
  const excuse = EXCUSES[prerequisite];
  if (excuse === undefined) return undefined;
  const { line, as } = excuse;
  if (line === 'approval' || line === 'closing') return profile[line] === 'manual' ? as : undefined;
  const available = profile[line];
  if (line === 'groups' || available === undefined) return undefined;
  return needed.some((word) => !available.includes(word)) ? as : undefined;
}

/** The detail of a missing prerequisite, followed by the profile line that would excuse it, if there is one. */
export function withExcuse(prerequisite: Prerequisite, detail: string): string {
  const excuse = EXCUSES[prerequisite];
  return excuse === undefined
    ? detail
    : `${detail}; if the target cannot do this, declare it in its profile: "${excuse.written}" (targets/README.md)`;
}

/** True for a type or scope that the profile line does not exclude. */
export function has(declared: readonly string[] | undefined, word: string): boolean {
  return declared?.includes(word) ?? true;
}

/** Types of a profile that the contract does not have, and scopes that look misspelt. */
export function unknownWords({ doc, resource }: Contract, { types = [], scopes = [] }: Profile): string[] {
  const known = resource.creation.choice?.words;
  const prerequisites = doc
    .children(doc.find('#/x-prerequisites'))
    .map(([, { value }]) => (isObject(value) ? value.scope : undefined));
  const all = [...readScopes(doc), ...prerequisites];
  return [
    ...types.filter((type) => known !== undefined && !known.includes(type)),
    // An unknown scope may belong to another resource, so only near misses count.
    ...scopes.filter((scope) => all.some((known) => typeof known === 'string' && isOneEdit(scope, known))),
  ];
}

/**
 * Reads the profile of a target file.
 *
 * @throws {Error} naming every line that is invalid
 */
export function toProfile(value: unknown): Profile {
  if (value === undefined) return FULL_PROFILE;
  if (!isObject(value)) throw new Error('profile must be a mapping');
  const problems = Object.keys(value)
    .filter((key) => key !== 'because' && !(LINES as readonly string[]).includes(key))
    .map((key) => `profile.${key} is unknown`);
  const manual = (line: 'approval' | 'closing') => {
    const word = value[line];
    if (word !== undefined && word !== 'manual' && word !== 'automatic')
      problems.push(`profile.${line} must be manual or automatic`);
    return word === 'manual' ? 'manual' : 'automatic';
  };
  const list = (line: 'types' | 'scopes' | 'groups') => {
    const words = value[line];
    if (words === undefined) return undefined;
    if (isTextList(words) && words.length > 0) return words;
    problems.push(`profile.${line} must be a non-empty list`);
    return undefined;
  };
  const { because = {} } = value;
  const reasons = isObject(because) ? because : {};
  if (!isObject(because)) problems.push('profile.because must be a mapping');
  for (const [line, text] of Object.entries(reasons))
    if (value[line] === undefined || line === 'because')
      problems.push(`profile.because.${line}: the profile has no such line`);
    else if (typeof text !== 'string') problems.push(`profile.because.${line} must be a string`);
  const profile: Profile = {
    approval: manual('approval'),
    closing: manual('closing'),
    types: list('types'),
    scopes: list('scopes'),
    groups: list('groups') ?? [],
    because: Object.fromEntries(
      LINES.flatMap((line) => (typeof reasons[line] === 'string' ? [[line, reasons[line].trim()]] : [])),
    ),
  };
  if (!profile.groups.every(isUuid)) problems.push('profile.groups must be UUIDs');
  if (problems.length > 0) throw new Error(problems.join('; '));
  return profile;
}

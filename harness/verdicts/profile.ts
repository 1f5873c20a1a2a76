import type { Exclusion, Prerequisite } from '../case.ts';
import { isObject, isTextList } from '../contract/document.ts';
import { isUuid } from '../contract/formats.ts';
import type { Contract } from '../contract/index.ts';
import { readScopes } from '../contract/operations.ts';
import { isOneEdit } from '../one-edit.ts';

/**
 * What a target can do, as `targets/<name>.yaml` declares it. What is not declared is expected of every target, and
 * `blocked` where it is missing.
 */
export interface Profile {
  /** `manual`: a new group waits for a person, and may not be open for closing within a run. */
  readonly approval: 'automatic' | 'manual';
  /** `manual`: a closing is accepted, and completed by a person after the run. */
  readonly closing: 'automatic' | 'manual';
  /** Types of groups that can be created; `undefined`: all. */
  readonly types: readonly string[] | undefined;
  /** Scopes that the client can have; `undefined`: all. */
  readonly scopes: readonly string[] | undefined;
  /** Ids of groups that may be read, and be refused things, where the run has none of its own. */
  readonly groups: readonly string[];
  /** Why, by line. */
  readonly because: Readonly<Partial<Record<ProfileLine, string>>>;
}

const LINES = ['approval', 'closing', 'types', 'scopes', 'groups'] as const;
export type ProfileLine = (typeof LINES)[number];

/** The profile of a target that declares none. */
export const FULL_PROFILE: Profile = {
  approval: 'automatic',
  closing: 'automatic',
  types: undefined,
  scopes: undefined,
  groups: [],
  because: {},
};

/** The line of a profile behind an exclusion; `undefined` where it is a setting that excludes. */
export function lineOf(exclusion: Exclusion): ProfileLine | undefined {
  return LINES.find((line) => exclusion === `profile-${line}`);
}

/** What a line excludes, and how it is written. */
const EXCUSES: Readonly<
  Partial<Record<Prerequisite, { readonly line: ProfileLine; readonly written: string; readonly as?: Exclusion }>>
> = {
  'not-closable': { line: 'approval', written: 'approval: manual', as: 'profile-approval' },
  'not-closed': { line: 'closing', written: 'closing: manual', as: 'profile-closing' },
  'type-refused': { line: 'types', written: 'types: [those that can be created]', as: 'profile-types' },
  'no-scope': { line: 'scopes', written: 'scopes: [those that can be had]', as: 'profile-scopes' },
  'no-group-to-read': { line: 'groups', written: 'groups: [ids of groups that may be read]' },
};

/**
 * Why something that is missing is no fault of the run: a line of the profile excludes it. `wanted` are the scopes, or
 * the types, that were missed.
 */
export function excusedBy(
  profile: Profile,
  prerequisite: Prerequisite,
  wanted: readonly string[] = [],
): Exclusion | undefined {
  if (prerequisite === 'not-in-contract') return prerequisite;
  const excuse = EXCUSES[prerequisite];
  if (excuse === undefined) return undefined;
  const { line, as } = excuse;
  if (line === 'approval' || line === 'closing') return profile[line] === 'manual' ? as : undefined;
  const had = profile[line];
  if (line === 'groups' || had === undefined) return undefined;
  return wanted.some((word) => !had.includes(word)) ? as : undefined;
}

/** The detail of what is missing, with the line of a profile that would excuse it, where there is one. */
export function withExcuse(prerequisite: Prerequisite, detail: string): string {
  const excuse = EXCUSES[prerequisite];
  return excuse === undefined
    ? detail
    : `${detail}; where the target cannot do this, say so in its profile: "${excuse.written}" (targets/README.md)`;
}

/** True for a type or a scope that a line of the profile does not rule out. */
export function has(declared: readonly string[] | undefined, word: string): boolean {
  return declared?.includes(word) ?? true;
}

/** Types of a profile that the contract does not know, and scopes that are misspelt. */
export function unknownWords({ doc, resource }: Contract, { types = [], scopes = [] }: Profile): string[] {
  const known = resource.creation.choice?.words;
  const prerequisites = doc
    .children(doc.find('#/x-prerequisites'))
    .map(([, { value }]) => (isObject(value) ? value.scope : undefined));
  const all = [...readScopes(doc), ...prerequisites];
  return [
    ...types.filter((type) => known !== undefined && !known.includes(type)),
    // A client may have scopes of other resources.
    ...scopes.filter((scope) => all.some((known) => typeof known === 'string' && isOneEdit(scope, known))),
  ];
}

/**
 * The profile in a target file.
 *
 * @throws {Error} naming every line that cannot be used.
 */
export function toProfile(value: unknown): Profile {
  if (value === undefined) return FULL_PROFILE;
  if (!isObject(value)) throw new Error('profile must be a mapping');
  const problems = Object.keys(value)
    .filter((key) => key !== 'because' && !(LINES as readonly string[]).includes(key))
    .map((key) => `profile.${key} is not known`);
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
    problems.push(`profile.${line} must be a list that is not empty`);
    return undefined;
  };
  const { because = {} } = value;
  const reasons = isObject(because) ? because : {};
  if (!isObject(because)) problems.push('profile.because must be a mapping');
  for (const [line, text] of Object.entries(reasons))
    if (value[line] === undefined || line === 'because')
      problems.push(`profile.because.${line}: there is no such line`);
    else if (typeof text !== 'string') problems.push(`profile.because.${line} must be a text`);
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

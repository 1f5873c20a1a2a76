import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isUuid } from '../contract/formats.ts';
import { portable } from '../package.ts';
import { FULL_PROFILE } from '../verdicts/profile.ts';
import { readTargetFile, type TargetFile } from './target-file.ts';

/** The text of a setting as a value, or what would have been accepted instead, in the user's words. */
export type Reading<T> = { readonly value: T } | { readonly accepted: string; readonly found?: string };

/** What a setting may be: how its text is read, and how its value is shown to others. */
export interface Kind<T> {
  /** `text` is trimmed, and never empty. */
  read(text: string): Reading<T>;
  show(value: T): string | number;
  /** What is shown of a value that is `undefined`; by default what the setting usually is. */
  readonly absent?: string;
}

/** Said of a secret that is set, instead of its value. */
const SET = '(set)';

export const text: Kind<string> = { read: (value) => ({ value }), show: (value) => value };

export const secret: Kind<string> = { ...text, show: () => SET };

/** An absolute URL without credentials, query or fragment; slashes at its end are dropped. */
export const url: Kind<string> = {
  read(value) {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    if (value.includes('@')) return { accepted: 'a URL without credentials in it', found: '(a URL with credentials)' };
    if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol) || /[?#]/.test(value))
      return { accepted: 'an absolute http:// or https:// URL without query or fragment' };
    return { value: value.replace(/\/+$/, '') };
  },
  show: (value) => value,
};

/** One of a few words; of those that mean the same, the first one is shown. */
export function oneOf<T>(...pairs: ReadonlyArray<readonly [word: string, value: T]>): Kind<T> {
  return {
    read(text) {
      const pair = pairs.find(([word]) => word === text);
      return pair ? { value: pair[1] } : { accepted: `one of ${pairs.map(([word]) => word).join(', ')}` };
    },
    show: (value) => pairs.find(([, meant]) => meant === value)?.[0] ?? '',
  };
}

export const onOff = oneOf(['on', true], ['off', false]);
export const yesNo = oneOf(['yes', true], ['no', false]);

/** A whole number; its value is multiplied by `unit`, such as the milliseconds of a second. */
export function whole(least: number, most: number, unit = 1): Kind<number> {
  return {
    read: (value) =>
      /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
        ? { value: Number(value) * unit }
        : { accepted: `a whole number from ${least} to ${most}` },
    show: (value) => value / unit,
  };
}

export const uuid: Kind<string> = {
  read: (value) => (isUuid(value) ? { value } : { accepted: 'a UUID' }),
  show: (value) => value,
};

const listed = (list: string): readonly string[] =>
  list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

export const uuids: Kind<readonly string[]> = {
  read(list) {
    const value = listed(list);
    return value.every(isUuid) ? { value } : { accepted: 'one or more UUIDs, separated by commas' };
  },
  show: (value) => value.join(', '),
};

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A file that may be named to others. */
export const file: Kind<TextFile> = {
  read: readFile('the path of a readable file'),
  show: ({ path }) => portable(path),
};

/** Files that may be named to others: their paths. */
export const files: Kind<readonly string[]> = {
  read(list) {
    const value = listed(list);
    return value.every((path) => readText(path) !== undefined)
      ? { value }
      : { accepted: 'paths of readable files, separated by commas' };
  },
  show: (value) => value.map(portable).join(', '),
};

/** A file of which others learn no more than that it is set. */
export const secretFile: Kind<TextFile> = { ...file, show: () => SET };

export const pemFile: Kind<TextFile> = {
  read: readFile('the path of a readable file in PEM form', (content) => content.includes('-----BEGIN ')),
  show: () => SET,
};

function readFile(accepted: string, isUsable: (content: string) => boolean = () => true): Kind<TextFile>['read'] {
  return (path) => {
    // Whoever pastes a key instead of a path does not want to read it again.
    const found = /-----BEGIN|\n/.test(path) ? '(a key instead of a path)' : path;
    const content = readText(path);
    return content === undefined || !isUsable(content) ? { accepted, found } : { value: { path, text: content } };
  };
}

/** A folder to write into, which need not be there yet. */
export const folder: Kind<string> = {
  read: (path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
      ? { accepted: 'the path of a folder' }
      : { value: path },
  show: portable,
};

export interface Listening {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

/** `host:port`, or `off`, which is `undefined`. */
export const listening: Kind<Listening | undefined> = {
  read(value) {
    if (value === 'off') return { value: undefined };
    const match = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(value);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    return host === undefined || port > 65_535
      ? { accepted: 'host:port to listen on, port 0 for any free one, or off' }
      : { value: { host, port } };
  },
  show: (value) => (value === undefined ? 'off' : `${value.host}:${value.port}`),
  absent: 'off',
};

export interface NamedTarget extends TargetFile {
  readonly name: string | undefined;
  /** Where the file is; `undefined`: there is none. */
  readonly path?: string;
}

/** What is known of a target of which nothing is declared. */
export const UNDECLARED: NamedTarget = { name: undefined, profile: FULL_PROFILE, deviations: [] };

/** The name of a file in `targets/`, or the path of one anywhere, read. */
export const target: Kind<NamedTarget> = {
  read(written) {
    const isPath = /[\\/]|\.ya?ml$/.test(written);
    const path = isPath ? written : `targets/${written}.yaml`;
    if (readText(path) === undefined)
      return { accepted: 'the name of a readable file in targets/, without .yaml, or the path of one' };
    const name = isPath ? basename(written).replace(/\.ya?ml$/, '') : written;
    try {
      return { value: { name, path, ...readTargetFile(path) } };
    } catch (error) {
      return { accepted: `a usable target file (${error instanceof Error ? error.message : String(error)})` };
    }
  },
  show: ({ name }) => name ?? '',
};

/** The text of a file; `undefined` if it cannot be read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isUuid } from '../contract/formats.ts';
import { portable } from '../package.ts';
import { FULL_PROFILE } from '../verdicts/profile.ts';
import { readTargetFile, type TargetFile } from './target-file.ts';

/** A parsed setting, or a description of what would have been accepted. `found` replaces the text in the message. */
export type Reading<T> = { readonly value: T } | { readonly accepted: string; readonly found?: string };

/** A type of setting: how its text is parsed, and how its value is published. */
export interface Kind<T> {
  /** `text` is trimmed, and never empty. */
  read(text: string): Reading<T>;
  show(value: T): string | number;
  /** Shown for the value `undefined`; the default of the setting if missing. */
  readonly absent?: string;
}

/** Shown in place of a secret. */
const SET = '(set)';

export const text: Kind<string> = { read: (value) => ({ value }), show: (value) => value };

export const secret: Kind<string> = { ...text, show: () => SET };

/** An absolute URL without credentials, query or fragment; trailing slashes are dropped. */
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

/** One of a few words; of synonyms, the first is shown. */
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

/**
 * A whole number. Its value is multiplied by `unit`, for example 1000 for a setting in seconds whose value is in
 * milliseconds.
 */
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

/** A readable file; its path may be published. */
export const file: Kind<TextFile> = {
  read: readFile('the path of a readable file'),
  show: ({ path }) => portable(path),
};

/** Readable files; their paths may be published. */
export const files: Kind<readonly string[]> = {
  read(list) {
    const value = listed(list);
    return value.every((path) => readText(path) !== undefined)
      ? { value }
      : { accepted: 'paths of readable files, separated by commas' };
  },
  show: (value) => value.map(portable).join(', '),
};

/** A readable file whose path is not published. */
export const secretFile: Kind<TextFile> = { ...file, show: () => SET };

export const pemFile: Kind<TextFile> = {
  read: readFile('the path of a readable file in PEM form', (content) => content.includes('-----BEGIN ')),
  show: () => SET,
};

function readFile(accepted: string, isUsable: (content: string) => boolean = () => true): Kind<TextFile>['read'] {
  return (path) => {
    // A key that was pasted in place of its path must not be repeated in the message.
    const found = /-----BEGIN|\n/.test(path) ? '(a key instead of a path)' : path;
    const content = readText(path);
    return content === undefined || !isUsable(content) ? { accepted, found } : { value: { path, text: content } };
  };
}

/** A folder to write to, which need not exist yet. */
export const folder: Kind<string> = {
  read: (path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
      ? { accepted: 'the path of a folder' }
      : { value: path },
  show: portable,
};

export interface Listening {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** `host:port`, or `off` for `undefined`. */
export const listening: Kind<Listening | undefined> = {
  read(value) {
    if (value === 'off') return { value: undefined };
    const match = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(value);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    return host === undefined || port > 65_535
      ? { accepted: 'host:port to listen on (port 0: any free one), or off' }
      : { value: { host, port } };
  },
  show: (value) => (value === undefined ? 'off' : `${value.host}:${value.port}`),
  absent: 'off',
};

export interface DeclaredTarget extends Pick<TargetFile, 'profile' | 'deviations'> {
  /** `undefined`: there is none. */
  readonly file: { readonly path: string; readonly sha256: string } | undefined;
}

/** A target without a target file. */
export const UNDECLARED: DeclaredTarget = { file: undefined, profile: FULL_PROFILE, deviations: [] };

/** A target file, given by its name in `targets/` or by its path. */
export const target: Kind<DeclaredTarget> = {
  read(written) {
    const isPath = /[\\/]|\.ya?ml$/.test(written);
    const path = isPath ? written : `targets/${written}.yaml`;
    if (readText(path) === undefined)
      return { accepted: 'the name of a readable file in targets/, without .yaml, or the path of a target file' };
    try {
      const { sha256, ...declared } = readTargetFile(path);
      return { value: { ...declared, file: { path, sha256 } } };
    } catch (error) {
      return { accepted: `a valid target file (${error instanceof Error ? error.message : String(error)})` };
    }
  },
  show: ({ file }) => basename(file?.path ?? '').replace(/\.ya?ml$/, ''),
};

/** The text of a file; `undefined` if it cannot be read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

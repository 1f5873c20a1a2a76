import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { PACKAGE_ROOT as ROOT } from '../harness/package.ts';

/** The files of the project and their imports. Paths are relative to the root, with `/`. */

export const ROOMS = ['spec', 'tests', 'harness', 'reference', 'proof', 'reporters', 'targets', 'e2e', 'bench', 'gate'];
export const CODE = /\.[cm]?[jt]sx?$/;

/** All files in the rooms. */
export function sourceFiles(): string[] {
  return ROOMS.flatMap((room) => {
    try {
      return readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
    } catch {
      return [];
    }
  });
}

export interface Import {
  readonly from: string;
  readonly at: string;
  /** A path relative to the root, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const IMPORT = /(?:^|[;\s}])(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/gm;
const OF_TYPES = /^(?:import|export) type [^;]*$/;

/** All imports in those of the files that are code. */
export function importsIn(paths: readonly string[]): Import[] {
  return paths
    .filter((path) => CODE.test(path))
    .flatMap((from) => {
      const text = readFileSync(join(ROOT, from), 'utf8');
      return [...text.matchAll(IMPORT)].map((match): Import => {
        const name = match[2] ?? '';
        const upToHere = text.slice(0, match.index + match[0].length);
        return {
          from,
          at: `${from}:${upToHere.split('\n').length}`,
          to: name.startsWith('.') ? join(dirname(from), name).split(sep).join('/') : name,
          typeOnly: OF_TYPES.test(upToHere.split(/^(?=import|export)/m).at(-1) ?? ''),
        };
      });
    });
}

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Where a run leaves its artifacts. */
export const ARTIFACT_FOLDERS = ['reports', 'playwright-report', 'allure-results'] as const;

/** The manifest itself, which cannot list itself. */
export const EVIDENCE = 'reports/evidence.intoto.json';

/** One artifact and what it holds. */
export interface Artifact {
  /** Path from the folder of the run, with `/`. */
  readonly name: string;
  readonly sha256: string;
}

/** Every artifact in some folders, in the order of names. A link counts by where it leads, not by what lies there. */
export function artifactsIn(root: string, folders: readonly string[]): Artifact[] {
  return folders
    .flatMap((folder) => filesIn(root, folder))
    .filter((name) => name !== EVIDENCE)
    .sort()
    .map((name) => ({ name, sha256: hashOf(join(root, name)) }));
}

/** The folders in which this run has written anything; what else lies around is of an earlier one. */
export function freshFolders(root: string, since: number): string[] {
  // File systems keep time more coarsely than clocks do.
  const after = since - 2000;
  return ARTIFACT_FOLDERS.filter((folder) =>
    filesIn(root, folder).some(
      (name) => (statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= after,
    ),
  );
}

function filesIn(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch {
    return [];
  }
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  return (lstatSync(path).isFile() ? hash.update(readFileSync(path)) : hash.update('not a file')).digest('hex');
}

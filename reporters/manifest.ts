import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Artifacts that belong together, and the manifest that covers them. Paths are relative to the output folder. */
export interface Delivery {
  readonly folders: readonly string[];
  readonly report: string;
  /** The manifest; it does not list itself. */
  readonly manifest: string;
}

/** The artifacts of a run; `npm run report:allure` adds the last folder later. */
export const RUN: Delivery = {
  folders: ['reports', 'playwright-report', 'allure-results', 'allure-report'],
  report: 'reports/conformance.json',
  manifest: 'reports/evidence.intoto.json',
};

/** The artifacts of `npm run check-event`. */
export const EVENTS: Delivery = {
  folders: ['event-report'],
  report: 'event-report/conformance.json',
  manifest: 'event-report/evidence.intoto.json',
};

/** One artifact with its hash. */
export interface Artifact {
  /** Path relative to the output folder, with `/`. */
  readonly name: string;
  readonly sha256: string;
}

/**
 * Every artifact of a delivery, by name. Anything but a regular file, such as a symbolic link, gets a hash that no file
 * has: its content could change without notice.
 */
export function artifactsIn(root: string, { folders, manifest }: Delivery): Artifact[] {
  return folders
    .flatMap((folder) => filesIn(root, folder))
    .filter((name) => name !== manifest)
    .sort()
    .map((name) => ({ name, sha256: hashOf(join(root, name)) }));
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

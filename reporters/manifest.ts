import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Artifacts that belong together, and the manifest that covers them. Paths are relative to the folder of the run. */
export interface Delivery {
  readonly folders: readonly string[];
  readonly report: string;
  /** The manifest itself, which cannot list itself. */
  readonly manifest: string;
}

/** What a run leaves; its last folder comes later, by `npm run report:allure`. */
export const RUN: Delivery = {
  folders: ['reports', 'playwright-report', 'allure-results', 'allure-report'],
  report: 'reports/conformance.json',
  manifest: 'reports/evidence.intoto.json',
};

/** What `npm run check-event` leaves. */
export const EVENTS: Delivery = {
  folders: ['event-report'],
  report: 'event-report/conformance.json',
  manifest: 'event-report/evidence.intoto.json',
};

/** One artifact and what it holds. */
export interface Artifact {
  /** Path from the folder of the run, with `/`. */
  readonly name: string;
  readonly sha256: string;
}

/** Every artifact of a delivery, in the order of names. A link counts by where it leads, not by what lies there. */
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

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ContractError } from './document.ts';
import { applyOverlay, type Overlay, readOverlay } from './overlay.ts';

/**
 * The versions of a contract. The document itself is the first; each later one is an overlay in the folder `versions`
 * next to it, applied to the version before.
 */

/** The document itself. */
export const SEED = 'seed';
/** As a setting: the newest version. */
export const LATEST = 'latest';

const FILE = /^(\d+(?:\.\d+)+)\.overlay\.yaml$/;

/** The versions of a contract by name, such as `1.91`, oldest first. */
export function versionsOf(path: string): readonly string[] {
  const later = filesBeside(path)
    .flatMap((file) => FILE.exec(file)?.[1] ?? [])
    .sort(compareVersions);
  return [SEED, ...later];
}

/** The files that make up a version: the document and the overlays up to it, in the order of application. */
export function sourcesOf(path: string, version: string): { readonly path: string; readonly bytes: Buffer }[] {
  const versions = versionsOf(path);
  const last = versions.indexOf(version);
  if (last < 0)
    throw new ContractError(path, [
      { pointer: '#', message: `there is no version ${version}; known are ${versions.join(', ')}` },
    ]);
  const overlays = versions.slice(1, last + 1).map((one) => join(folderOf(path), `${one}.overlay.yaml`));
  return [path, ...overlays].map((source) => ({ path: source, bytes: readFileSync(source) }));
}

/** SHA-256 over the document and the overlays of a version, in hex. */
export function hashOf(path: string, version: string): string {
  const hash = createHash('sha256');
  for (const { bytes } of sourcesOf(path, version)) hash.update(bytes);
  return hash.digest('hex');
}

/**
 * A document at a version.
 *
 * @param base the parsed document, which is not changed
 * @throws {ContractError} if an overlay cannot be read or applied
 */
export function atVersion(base: unknown, path: string, version: string): unknown {
  const overlays = sourcesOf(path, version)
    .slice(1)
    .map((source): Overlay => readOverlay(source.path, source.bytes.toString('utf8')));
  return overlays.reduce(applyOverlay, base);
}

const folderOf = (path: string) => join(dirname(path), 'versions');

function filesBeside(path: string): readonly string[] {
  try {
    return readdirSync(folderOf(path));
  } catch {
    return [];
  }
}

/** Compares versions for sorting: {@link SEED} first, `1.9` before `1.18`. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => (version === SEED ? [] : version.split('.').map(Number)));
  for (let index = 0; index < Math.max(a?.length ?? 0, b?.length ?? 0); index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package: what it ships is found there, wherever a run is started. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The contract document that the package ships. */
export const OWN_DOCUMENT = join(PACKAGE_ROOT, 'spec/account-groups.openapi.yaml');

/**
 * A path as others may see it: relative to this package for what it ships, else relative to where the run was started,
 * or its last part only.
 */
export function portable(path: string): string {
  const shipped = within(PACKAGE_ROOT, path);
  return shipped ?? within(process.cwd(), path) ?? path.split(/[\\/]/).at(-1) ?? '';
}

function within(folder: string, path: string): string | undefined {
  const inside = relative(folder, resolve(path));
  return inside.startsWith('..') || isAbsolute(inside) ? undefined : inside || '.';
}

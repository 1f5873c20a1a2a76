import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package. Shipped files are found here, wherever a run is started. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The contract document that the package ships. */
export const OWN_DOCUMENT = join(PACKAGE_ROOT, 'spec/account-groups.openapi.yaml');

/**
 * A path that is safe to publish, because it names no folder outside this package or the working directory: relative to
 * the package for shipped files, else relative to the working directory, else only the file name.
 */
export function portable(path: string): string {
  const shipped = within(PACKAGE_ROOT, path);
  return shipped ?? within(process.cwd(), path) ?? path.split(/[\\/]/).at(-1) ?? '';
}

function within(folder: string, path: string): string | undefined {
  const inside = relative(folder, resolve(path));
  return inside.startsWith('..') || isAbsolute(inside) ? undefined : inside || '.';
}

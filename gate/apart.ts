import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../harness/package.ts';
import { sourceFiles } from './imports.ts';

/** Decides which test files share a process: starting one for each takes longer than most tests. */

/** Signs that a test uses sockets, processes, the working folder or the environment, which other tests could disturb. */
const OF_ITS_OWN =
  /node:(http|https|net|tls|child_process|worker_threads)'|\/(workspace|in-process|serve|post|browser|pool)\.ts'|process\.(chdir|env)|\bfetch\(|@playwright\/test'|^(before|after)Each\(/m;

/** Absolute paths of all test files: those that need their own process, and those that can share one. */
export function testFiles(): { readonly apart: readonly string[]; readonly together: readonly string[] } {
  const all = sourceFiles()
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(PACKAGE_ROOT, name));
  const needsOwn = (path: string) => OF_ITS_OWN.test(readFileSync(path, 'utf8'));
  return { apart: all.filter(needsOwn), together: all.filter((path) => !needsOwn(path)) };
}

import type { Import } from './imports.ts';

/** What is worth a look after a change, when there is no time for everything. */

/** Which files there are, and how they hang together. */
export interface Tree {
  readonly files: readonly string[];
  readonly imports: ReadonlyArray<Pick<Import, 'from' | 'to'>>;
  textOf(file: string): string;
}

const isTest = (file: string) => file.endsWith('.test.ts');
/** Tests of whole programs take seconds each; they are run if they have changed themselves. */
const isSlow = (file: string) => file.startsWith('e2e/');

/** The unit tests that have changed, import something that has, or name a document that has. */
export function testsFor(changed: readonly string[], { files, imports, textOf }: Tree): string[] {
  const documents = changed.filter((file) => !/\.[cm]?[jt]s$/.test(file));
  return files.filter(isTest).filter((test) => {
    if (changed.includes(test)) return true;
    if (isSlow(test)) return false;
    const direct = imports.some(({ from, to }) => from === test && changed.includes(to));
    return direct || documents.some((file) => textOf(test).includes(file));
  });
}

/** The requirements whose ids stand in changed lines. */
export function requirementsIn(lines: string, known: readonly string[]): string[] {
  const words = new Set(lines.match(/[\w-]+(?:\.[\w-]+)+/g) ?? []);
  return known.filter((id) => words.has(id));
}

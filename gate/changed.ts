import type { Import } from './imports.ts';

/** Selects tests and requirements that a change is likely to affect. */

/** The files of the project and their imports. */
export interface Tree {
  readonly files: readonly string[];
  readonly imports: ReadonlyArray<Pick<Import, 'from' | 'to'>>;
  textOf(file: string): string;
}

const isTest = (file: string) => file.endsWith('.test.ts');
/** Whole-program tests take seconds each; they are only selected if they changed themselves. */
const isSlow = (file: string) => file.startsWith('e2e/');

/** The unit tests that changed, that import a changed module, or that name a changed document. */
export function testsFor(changed: readonly string[], { files, imports, textOf }: Tree): string[] {
  const documents = changed.filter((file) => !/\.[cm]?[jt]s$/.test(file));
  return files.filter(isTest).filter((test) => {
    if (changed.includes(test)) return true;
    if (isSlow(test)) return false;
    const direct = imports.some(({ from, to }) => from === test && changed.includes(to));
    return direct || documents.some((file) => textOf(test).includes(file));
  });
}

/** The requirements whose ids occur in changed lines. */
export function requirementsIn(lines: string, known: readonly string[]): string[] {
  const words = new Set(lines.match(/[\w-]+(?:\.[\w-]+)+/g) ?? []);
  return known.filter((id) => words.has(id));
}

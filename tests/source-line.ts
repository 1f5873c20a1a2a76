import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import type { Api, Case } from '../harness/case.ts';

/** Where in the sources something is written; counted from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const IS_OF_CASES = /\.cases\.ts$/;
const lines: ReadonlyArray<SourceLine & { readonly text: string }> = readdirSync(FOLDER)
  .filter((name) => IS_OF_CASES.test(name))
  .map((name) => join(FOLDER, name))
  .flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((text, index) => ({ file, line: index + 1, text })),
  );

/** Stands in for everything that a case can do, and refuses all of it. */
const NOTHING: Api = new Proxy({} as Api, {
  get() {
    throw new Error('looked at');
  },
});

/**
 * Where a case is written, which editors need to find it; `undefined` if that cannot be told. A case is a value and
 * knows no place: it is where its id is written, or, if the id is made of parts, above the first step of its stack.
 * Nothing is asked for that: there is nothing that could be.
 */
export async function sourceLineOf(test: Case): Promise<SourceLine | undefined> {
  const written = lines.find(({ text }) => text.includes(`id: '${test.id}'`));
  if (written !== undefined) return written;
  const stack = await (async () => test.run(NOTHING))().then(
    () => '',
    (error: unknown) => (error instanceof Error ? (error.stack ?? '') : ''),
  );
  const [, url = '', line = ''] = [...stack.matchAll(/([^\s()]+\.cases\.ts):(\d+):\d+/g)].at(-1) ?? [];
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  return lines.findLast((one) => one.file === file && one.line <= Number(line) && /^\s*id: /.test(one.text));
}

/** Calls a function as if the call were written there: the runner takes the place of a test from its caller. */
export function callAt<A extends unknown[]>(
  place: SourceLine | undefined,
  act: (...words: A) => void,
  ...words: A
): void {
  if (place === undefined) act(...words);
  else {
    const options = { filename: place.file, lineOffset: place.line - 1 };
    compileFunction('act(...words)', ['act', 'words'], options)(act, words);
  }
}

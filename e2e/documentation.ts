import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/fixtures.ts';

/** The pages for people, and the commands and files that they show. */

/** Pages for people, relative to the root. */
export const PAGES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'targets/README.md', 'bench/peers/README.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Pages that are written by a test, and may repeat themselves. */
export const GENERATED: readonly string[] = ['docs/promises.md', 'bench/peers/README.md'];

const COMMAND = /^(?:[A-Z_]+=\S+ +)*(?:npm|npx|openssl|export) /;

/** Every command on the pages, with the pages on which it stands. Commands that are joined by `&&` count one by one. */
export function documentedCommands(
  read = (page: string) => readFileSync(join(ROOT, page), 'utf8'),
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const page of PAGES)
    for (const command of commandsOf(read(page)))
      found.set(command, [...new Set([...(found.get(command) ?? []), page])]);
  return found;
}

/** Lines of shell blocks, and what stands as a command in running text. */
export function commandsOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|bash|shell)\n([\s\S]*?)^```/gm)].flatMap((match) =>
    (match[1] ?? '').replaceAll('\\\n', ' ').split('\n'),
  );
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
  const inline = [...prose.matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map((match) => match[1] ?? '');
  return [
    ...blocks.map((line) => line.replace(/(^|\s+)#.*/, '')),
    ...inline.map((text) => text.replaceAll(/\s+/g, ' ')).filter((text) => COMMAND.test(text)),
  ]
    .flatMap((line) => line.split('&&'))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Files that a page shows as a whole, by the names in their first lines. */
export function shownFiles(markdown: string): ReadonlyArray<readonly [name: string, text: string]> {
  return [...markdown.matchAll(/^```(?:ts|js)\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm)].map(
    ([, text = '', name = '']) => [name, text] as const,
  );
}

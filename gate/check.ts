import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readContract } from '../harness/contract/index.ts';
import { OWN_DOCUMENT, PACKAGE_ROOT as ROOT } from '../harness/package.ts';
import { requirementsIn, testsFor } from './changed.ts';
import { importsIn, sourceFiles } from './imports.ts';
import { passesAll, type Step } from './steps.ts';

/**
 * `npm run check`: what is worth knowing before a commit, in seconds. Formatter, linters and types; the unit tests next to
 * what has changed since the last commit; and a small proof, with faults of the requirements that the change names, or
 * some of all others. `npm test` is for the rest. Exit code 2 where git cannot say what has changed.
 */

/** Faults and variants tried if the change names no requirement. */
const FEW = '4';
/** Faults tried of the requirements that the change names. */
const MOST = '40';

const print = (text: string) => void process.stdout.write(`${text}\n`);
const git = (...words: string[]) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 });
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

/** The paths of what has changed since the last commit, and the lines that it has now. */
function changes(): { readonly files: readonly string[]; readonly lines: string } {
  const tracked = linesOf(git('diff', '--name-only', '--relative', 'HEAD'));
  const added = linesOf(git('ls-files', '--others', '--exclude-standard'));
  const texts = added.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const diff = git('diff', '--unified=0', '--relative', 'HEAD', '--', '*.ts', '*.yaml');
  return { files: [...tracked, ...added], lines: [diff, ...texts].join('\n') };
}

async function steps(): Promise<Step[][]> {
  const { files, lines } = changes();
  const paths = sourceFiles();
  const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
  const tests = testsFor(files, { files: paths, imports: importsIn(paths), textOf });
  const contract = await readContract(OWN_DOCUMENT);
  const named = requirementsIn(lines, [...contract.requirements.keys()]);
  const narrowed = named.length > 0 ? ['--most', MOST, ...named.flatMap((id) => ['--breaking', id])] : ['--most', FEW];
  print(
    `${files.length} files have changed: ${tests.length} test files are next to them, ${named.length} requirements are named`,
  );
  const script = (name: string, file: string, ...words: string[]): Step => ({
    name,
    command: ['--import', 'tsx', file, ...words],
  });
  const module = (name: string, path: string, ...words: string[]): Step => ({
    name,
    command: [join(ROOT, 'node_modules', path), ...words],
  });
  return [
    [
      module('format and lint', '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
      module('types', 'typescript/bin/tsc'),
      ...(files.some((file) => file.startsWith('spec/')) ? [script('contracts', 'gate/lint-contracts.ts')] : []),
    ],
    [
      ...(tests.length === 0
        ? []
        : [{ name: 'unit tests', command: ['--import', 'tsx', '--test', '--test-reporter=spec', ...tests] }]),
      script('proof', 'proof/prove.ts', ...narrowed),
    ],
  ];
}

if (existsSync(join(ROOT, '.git'))) process.exitCode = (await passesAll(await steps(), print)) ? 0 : 1;
else {
  process.stderr.write(
    'npm run check asks git what has changed, and this is no work tree; npm test checks everything\n',
  );
  process.exitCode = 2;
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT } from '../harness/fixtures.ts';
import { commandsOf } from './documentation.ts';

/** The worked example of CONTRIBUTING.md, done in a copy of the project. */

const page = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
const section = /^## A worked example\n([\s\S]*?)(?=^## )/m.exec(page)?.[1] ?? '';

const root = mkdtempSync(join(tmpdir(), 'worked-example-'));
after(() => rmSync(root, { recursive: true }));
/** What a run leaves, and what does not belong to the project. */
const LEFT_OUT = readFileSync(join(ROOT, '.gitignore'), 'utf8')
  .split('\n')
  .map((line) => line.replace(/\/$/, ''));
for (const name of readdirSync(ROOT))
  if (name !== '.git' && !LEFT_OUT.includes(name)) cpSync(join(ROOT, name), join(root, name), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
// A file of git's, as a link is no folder to it.
writeFileSync(join(root, '.gitignore'), `${LEFT_OUT.join('\n')}\nnode_modules\n`);
const COMMIT =
  'git init -q && git add -A && git -c user.name=nobody -c user.email=nobody@example.com commit -q -m copy';
const hasGit = (await ended('git --version')).code === 0;

/** One block of the example: lines to be found in a file, and those to be added between them. */
interface Edit {
  readonly path: string;
  readonly found: string;
  readonly made: string;
}

const edits = [...section.matchAll(/^```diff\n\+\+\+ (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, path = '', body = '']): Edit => {
    const lines = body.split(/(?<=\n)/);
    const kept = lines.filter((line) => !line.startsWith('+'));
    return {
      path,
      found: kept.map((line) => line.slice(1)).join(''),
      made: lines.map((line) => line.slice(1)).join(''),
    };
  },
);

function apply({ path, found, made }: Edit): void {
  const text = readFileSync(join(root, path), 'utf8');
  assert.equal(text.split(found).length, 2, `${path} has to hold this once:\n${found}`);
  writeFileSync(
    join(root, path),
    text.replace(found, () => made),
  );
}

function ended(line: string): Promise<{ readonly code: unknown; readonly output: string }> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    execFile('bash', ['-c', line], { cwd: root, env: { PATH, HOME } }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

const isFault = ({ path }: Edit) => path.startsWith('proof/faults/');
const PROOF = 'npm run proof -- unknown-query';
const CHECK = 'npm run check';

describe('the worked example', () => {
  test('adds a sentence, its argument, a case and a variant, and lacks a fault', async () => {
    for (const edit of edits.filter((one) => !isFault(one))) apply(edit);
    assert.deepEqual(
      edits.map(({ path }) => path.split('/')[0]),
      ['spec', 'spec', 'tests', 'proof', 'proof', 'proof'],
    );
    const { code, output } = await ended(PROOF);
    assert.equal(code, 1, output);
    assert.match(output, /in no fault: retrieve\.unknown-query$/m);
  });

  test('has its fault', () => {
    for (const edit of edits.filter(isFault)) apply(edit);
  });

  const commands = commandsOf(/^```sh\n[\s\S]*?^```$/m.exec(section)?.[0] ?? '');
  test('ends with its proof, and with what is done before a commit', () =>
    assert.deepEqual(commands.slice(-2), [PROOF, CHECK]));

  for (const command of commands)
    test(`goes on with ${command}`, async () => {
      // Before a commit it also runs the tests next to the change, for which the gate has no time twice.
      const { code, output } = await ended(command === CHECK && hasGit ? `${COMMIT} && ${CHECK}` : command);
      // Without git there is nobody to ask what has changed.
      assert.equal(code, command === CHECK && !hasGit ? 2 : 0, output);
      if (command === PROOF)
        assert.match(output, /^(\d+) of \1 faults caught by exactly the requirements they name .* 0 false alarms/m);
      if (command.includes('conformance')) assert.match(output, /^ok {3}retrieve_account_group ignores or refuses/m);
    });

  test('has locked and shown the promise that it is about, and counted it', () => {
    for (const path of ['spec/requirements.lock.json', 'docs/promises.md'])
      assert.ok(readFileSync(join(root, path), 'utf8').includes('retrieve.unknown-query'), path);
    const total = (readme: string) => Number(/\d+ of (\d+) promises judged/.exec(readFileSync(readme, 'utf8'))?.[1]);
    assert.equal(total(join(root, 'README.md')), total(join(ROOT, 'README.md')) + 1);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { group, object, ROOT } from '../harness/fixtures.ts';
import { createReference } from '../reference/app.ts';
import { type Served, serveReference } from '../reference/serve.ts';
import { isUnitTest } from '../reporters/provenance.ts';
import { commandsOf, documentedCommands, GENERATED, PAGES, shownFiles } from './documentation.ts';
import { TREATMENTS } from './documented-commands.ts';
import { CREDENTIALS } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** The documentation: every command works, every link leads somewhere, and nothing is said twice. */

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const commands = documentedCommands();

describe('commands', () => {
  let target: Served;
  let workspace: Workspace;

  before(async () => {
    target = await serveReference(createReference().fetch);
    workspace = new Workspace();
    for (const room of ['proof', 'e2e', 'gate', 'bench', 'docs', 'targets'])
      if (!existsSync(workspace.path(room))) symlinkSync(join(ROOT, room), workspace.path(room), 'junction');
    const settings = { BASE_URL: target.url, ...CREDENTIALS };
    workspace.write(
      '.env',
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const event = {
      id: '2f0f5f6c-1d1b-4a55-9a53-3f0f3a9c2b10',
      created_at: '2025-06-02T00:00:00Z',
      type: 'ACCOUNT_GROUP.CREATED',
      object: group(),
      webhook_id: '7d0f5f6c-1d1b-4a55-9a53-3f0f3a9c2b10',
    };
    for (const [name, text] of PAGES.flatMap((page) => shownFiles(read(page)))) workspace.write(name, text);
    workspace.write('delivery.json', JSON.stringify({ payload: [event] }));
  });
  after(async () => {
    workspace.remove();
    await target.close();
  });

  interface Ended {
    readonly code: number | null;
    readonly output: string;
  }
  const executed = new Map<string, Promise<Ended>>();

  /** What came of a command line, which is executed once. */
  function ended(line: string, serves?: RegExp): Promise<Ended> {
    const running = executed.get(line) ?? execute(line, serves);
    executed.set(line, running);
    return running;
  }

  /** Runs a command line as a user does; `serves`: until it prints this, and is ended then. */
  function execute(line: string, serves: RegExp | undefined): Promise<Ended> {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn('bash', ['-c', line], { cwd: workspace.root, env: { PATH, HOME }, detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        // The shell, npm and the program are one group of processes.
        if (serves?.test(output) && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      });
    return new Promise((resolve) => void child.on('close', (code) => resolve({ code, output })));
  }

  test('each has a treatment, and each treatment a command', () => {
    assert.deepEqual(Object.keys(TREATMENTS).toSorted(), [...commands.keys()].toSorted());
  });

  test('lead to every script of the package', () => {
    const { scripts } = object(JSON.parse(read('package.json')));
    const OF_NPM = ['prepack', 'postpack', 'test'];
    const shown = [...commands.keys()].map((command) => /npm run (?:-s )?([\w:-]+)/.exec(command)?.[1]);
    const others = Object.keys(object(scripts)).filter((name) => !OF_NPM.includes(name) && !shown.includes(name));
    assert.deepEqual(others, []);
  });

  test('few are left to people', () => {
    const byHand = Object.keys(TREATMENTS).filter((command) => 'byHand' in (TREATMENTS[command] ?? {}));
    assert.deepEqual(
      byHand.toSorted(),
      ['bench', 'bench:peers', 'bench:report', 'sample'].map((name) => `npm run ${name}`),
    );
  });

  for (const [command, treatment] of Object.entries(TREATMENTS))
    if ('elsewhere' in treatment)
      test(`${command} is left to ${treatment.elsewhere}: ${treatment.because}`, () => {
        assert.ok(read(treatment.elsewhere).includes(treatment.as));
      });
    else if ('serves' in treatment)
      test(`${command} serves`, async () => {
        const { output } = await ended(treatment.as, treatment.serves);
        assert.match(output, treatment.serves);
      });
    else if (!('byHand' in treatment))
      test(`${command} does what the page says`, async () => {
        const { ends = 0, shows } = treatment;
        const { code, output } = await ended('as' in treatment ? treatment.as : command);
        assert.equal(code, ends, output);
        if (shows !== undefined) assert.match(output, shows);
      });
});

test('commands are found in blocks and in running text', () => {
  const page = [
    'Type `npm run a -- WORD` or `A=b npm run\nc`, not `npm` or `--flag`.',
    '```sh',
    'npm ci && npm run d   # why',
    'E=f \\',
    '  npm run g',
    '```',
    '```',
    'npm run shown',
    '```',
  ].join('\n');
  assert.deepEqual(commandsOf(page), ['npm ci', 'npm run d', 'E=f    npm run g', 'npm run a -- WORD', 'A=b npm run c']);
});

describe('the README', () => {
  const readme = read('README.md');

  test('has less than 120 lines, one picture, and the two commands first', () => {
    assert.ok(readme.split('\n').length <= 120);
    assert.equal([...readme.matchAll(/!\[/g)].length, 1);
    assert.deepEqual(commandsOf(readme).slice(0, 4), ['npm ci', 'npm run conformance', 'npm ci', 'npm test']);
  });

  test('leads to every page of the documentation', () => {
    for (const page of PAGES.filter((name) => name.startsWith('docs/'))) assert.ok(readme.includes(`(${page})`), page);
  });
});

/** Where headings are found: their words in small letters, joined by hyphens. */
const anchors = (markdown: string) =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

test('every link leads to a file, and to a heading of it', () => {
  const broken = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? page : join(dirname(page), path);
        return !existsSync(join(ROOT, file)) || (anchor !== undefined && !anchors(read(file)).includes(anchor));
      })
      .map((link) => `${page}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test('sections of a report are called what the report calls them', () => {
  const folder = join(ROOT, 'reporters/html');
  const report = readdirSync(folder)
    .filter((name) => !isUnitTest(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const named = ['docs/first-run.md', 'docs/auditors.md'].flatMap((page) =>
    [...read(page).matchAll(/(?<![*\w])\*([A-Z][^*\n]+)\*(?!\*)/g)].map((match) => match[1] ?? ''),
  );
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((name) => !report.includes(name)),
    [],
  );
});

test('no sentence is written twice', () => {
  const seen = new Map<string, string>();
  const repeated = PAGES.filter((page) => !GENERATED.includes(page)).flatMap((page) =>
    sentencesOf(read(page)).flatMap((sentence) => {
      const before = seen.get(sentence);
      seen.set(sentence, page);
      return before === undefined ? [] : [`${before} and ${page}: ${sentence}`];
    }),
  );
  assert.ok(seen.size > 100);
  assert.deepEqual(repeated, []);
});

const SHORT = 25;

/** The sentences of running text, lists and cells, without short ones such as "none". */
function sentencesOf(markdown: string): string[] {
  return markdown
    .replaceAll(/^```[\s\S]*?^```/gm, '\n\n')
    .split(/\n\s*\n|^\s*[-*\d]+[.]? |\||^#+ /gm)
    .flatMap((part) => part.replaceAll(/\s+/g, ' ').split(/(?<=[.!?:]) /))
    .map((sentence) => sentence.trim().toLowerCase())
    .filter((sentence) => sentence.length > SHORT && !sentence.startsWith('`'));
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { DOCUMENT, group, ROOT } from '../harness/fixtures.ts';
import { checkEvents } from '../reporters/event-check.ts';
import { readReport } from '../reporters/report-file.ts';

/** `npm run check-event`, in temporary folders. */

const root = mkdtempSync(join(tmpdir(), 'check-event-'));
const before = process.cwd();
process.env.CONTRACT = DOCUMENT;
after(() => {
  process.chdir(before);
  rmSync(root, { recursive: true, force: true });
});

type Json = Record<string, unknown>;

const WEBHOOK = randomUUID();
const event = (changes: Json = {}): Json => ({
  id: randomUUID(),
  created_at: '2025-06-02T00:00:00Z',
  type: 'ACCOUNT_GROUP.CREATED',
  object: group(),
  webhook_id: WEBHOOK,
  ...changes,
});
const VALID = JSON.stringify({ payload: [event(), event({ type: 'ACCOUNT_GROUP.ACTIVATED' })] });
const INVALID = JSON.stringify({ payload: [event({ object: group({ status: 'OPEN' }) })] });

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly report: ReturnType<typeof readReport> | undefined;
  readonly html: string;
}

/** The output of the command, and its report. */
function ended(cwd: string, code: number | null, said: { readonly out: string; readonly err: string }): Ended {
  const [, html = '', json = ''] = /^reports: (\S+), (\S+)$/m.exec(said.out) ?? [];
  const report = existsSync(join(cwd, json)) && json !== '' ? readReport(join(cwd, json)) : undefined;
  if (report !== undefined) assert.notEqual(report.verdict, 'conformant');
  return { code, ...said, report, html: html === '' ? '' : readFileSync(join(cwd, html), 'utf8') };
}

function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const cwd = join(root, randomUUID());
  mkdirSync(cwd);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return cwd;
}

/** Does what the command does in a folder with these files, with these arguments (default: the files); one after the other. */
async function check(
  files: Readonly<Record<string, string | Uint8Array>>,
  { words = Object.keys(files) }: { words?: readonly string[] } = {},
): Promise<Ended> {
  const cwd = folder(files);
  const said = { out: '', err: '' };
  process.chdir(cwd);
  const code = await checkEvents(words, {
    print: (text) => {
      said.out += `${text}\n`;
    },
    complain: (text) => {
      said.err += `${text}\n`;
    },
  });
  return ended(cwd, code, said);
}

/** Runs the command itself with a standard input. */
async function command(words: readonly string[], input: string): Promise<Ended> {
  const cwd = folder();
  const { PATH = '', HOME = '' } = process.env;
  const program = [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), join(ROOT, 'reporters/check-event.ts'), ...words];
  const child = spawn(process.execPath, program, { cwd, env: { PATH, HOME, CONTRACT: DOCUMENT } });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  child.stdin.on('error', () => undefined).end(input);
  await once(child, 'close');
  return ended(cwd, child.exitCode, said);
}

const failed = ({ report }: Ended) =>
  report?.requirements.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id) ?? [];
const all = (ended: Ended) => `${ended.code}\n${ended.out}\n${ended.err}`;

describe('check-event', () => {
  test('exits with 0 for conforming events, and judges only what they show', async () => {
    const ended = await check({ 'a.json': VALID });
    assert.equal(ended.code, 0, all(ended));
    assert.equal(ended.err, '');
    assert.match(ended.out, /^2 events in 1 delivery: \d+ requirements judged, 0 violated$/m);
    assert.equal(ended.report?.verdict, 'incomplete');
    const verdicts = new Map(ended.report?.requirements.map(({ id, verdict }) => [id, verdict]));
    for (const id of ['event.signed', 'event.webhook-id', 'event.created', 'list.allowed', 'event.media-type'])
      assert.equal(verdicts.get(id), 'not-run', id);
    for (const id of ['event.order', 'event.once', 'account-group.status.enum'])
      assert.equal(verdicts.get(id), 'passed', id);
  });

  test('exits with 1 for a violation, and prints requirement, file and violation', async () => {
    const ended = await check({ 'good.json': VALID, 'bad one.json': INVALID });
    assert.equal(ended.code, 1, all(ended));
    assert.deepEqual(failed(ended), ['account-group.status.enum']);
    assert.match(
      ended.out,
      /^FAIL account-group\.status\.enum: .*\n {2}bad one\.json: body\/payload\/0\/object\/status is "OPEN"/m,
    );
    assert.doesNotMatch(ended.out, /good\.json/);
    assert.equal(ended.report?.verdict, 'non-conformant');
  });

  test('judges files together', async () => {
    const object = group();
    const one = (changes: Json = {}) => JSON.stringify({ payload: [event({ object, ...changes })] });
    const ended = await check({ 'a.json': one(), 'b.json': one() });
    assert.equal(ended.code, 1, all(ended));
    assert.deepEqual(failed(ended), ['event.once']);
    assert.match(ended.out, /^ {2}a\.json, b\.json: /m);
    const id = randomUUID();
    assert.equal((await check({ 'a.json': one({ id }), 'b.json': one({ id }) })).code, 0, 'a repetition');
  });

  test('reads several bodies in one file, with or without line breaks between them', async () => {
    const pretty = JSON.stringify(JSON.parse(INVALID), null, 2);
    const ended = await check({
      'a.jsonl': `${VALID}\n${VALID.replace('{', '{ "x": "}{\\"", ')}\r\n\n${pretty}${VALID}\n`,
    });
    assert.equal(ended.code, 1, all(ended));
    assert.deepEqual(failed(ended), ['account-group.status.enum']);
    assert.match(ended.out, /^7 events in 4 deliveries/m);
    assert.match(ended.out, /^ {2}a\.jsonl \(3\): /m);
    const cut = await check({ 'a.jsonl': `${VALID}\n${VALID.slice(0, -20)}` });
    assert.equal(cut.code, 2, all(cut));
    assert.match(cut.err, /^a\.jsonl \(2\) is not JSON; it may have been truncated$/m);
    assert.match(cut.out, /^2 events in 1 delivery/m);
  });

  test('reads standard input if there is no argument, or for -', async () => {
    for (const words of [[], ['-']]) {
      const ended = await command(words, VALID);
      assert.equal(ended.code, 0, all(ended));
      assert.equal(ended.report?.exchanges[0]?.request.url, 'standard input');
    }
    const ended = await command([], '');
    assert.equal(ended.code, 2);
    assert.match(ended.err, /^standard input is not JSON; it may have been truncated$/m);
  });

  test('judges an event without its envelope', async () => {
    const ended = await check({ 'a.json': JSON.stringify(event({ x: 1 })) });
    assert.equal(ended.code, 1, all(ended));
    assert.deepEqual(failed(ended), ['account-group-event.additionalProperties']);
  });

  test('exits with 2 for unreadable files, and judges the others', async () => {
    const files = { 'cut.json': VALID.slice(0, -20), 'binary.json': Uint8Array.from([0xc3, 0x28, 0]), 'a.json': VALID };
    const ended = await check(files, { words: [...Object.keys(files), 'missing.json', '.'] });
    assert.equal(ended.code, 2, all(ended));
    for (const line of [
      /^cut\.json is not JSON; it may have been truncated$/m,
      /^binary\.json is not JSON/m,
      /^missing\.json cannot be read: ENOENT/m,
      /^\. cannot be read: EISDIR/m,
    ])
      assert.match(ended.err, line);
    assert.match(ended.out, /^2 events in 1 delivery/m);
    assert.doesNotMatch(ended.err, / at .*:\d+:\d+/, 'a stack trace');
  });

  test('exits with 1 for a violation, even if other files are unreadable', async () => {
    const ended = await check({ 'bad.json': INVALID, 'cut.json': '{' });
    assert.equal(ended.code, 1, all(ended));
    assert.match(ended.err, /^cut\.json is not JSON/m);
  });

  const empty: Readonly<Record<string, string>> = {
    'no events': '{"payload": []}',
    'other resources only': JSON.stringify({ payload: [{ id: 1, type: 'ORDER.FILLED', object: {} }] }),
    'one event of another resource, bare': JSON.stringify({ type: 'ORDER.FILLED', object: { id: 1 }, webhook_id: 7 }),
    'a type in three parts': JSON.stringify({ payload: [{ type: 'USER_CHECK.KYC.PASSED_2', object: {} }] }),
  };
  for (const [what, body] of Object.entries(empty))
    test(`exits with 2 for ${what}, which shows nothing`, async () => {
      const ended = await check({ 'a.json': body });
      assert.equal(ended.code, 2, all(ended));
      assert.deepEqual(failed(ended), []);
      assert.match(ended.err, /^found no event of an account group in the input$/m);
    });

  test('ignores events of other resources', async () => {
    const foreign = { type: 'ORDER.FILLED', created_at: '1999-01-01T00:00:00+09:00', object: { id: 'o1' } };
    const ended = await check({ 'a.json': JSON.stringify({ payload: [event(), foreign, event()] }) });
    assert.equal(ended.code, 0, all(ended));
    assert.match(ended.out, /^2 events in 1 delivery/m);
  });

  test('does not ignore events of account groups with a wrong type', async () => {
    for (const type of ['ACCOUNT.CREATED', 'account_group.created', 'ACCOUNT_GROUP.OPENED', 7, null]) {
      const ended = await check({ 'a.json': JSON.stringify({ payload: [event({ type })] }) });
      assert.equal(ended.code, 1, `${type} ${all(ended)}`);
    }
  });

  test('shows hostile text as text', async () => {
    const evil = '\u001b[2J\u202e</script><img src=x onerror=alert(1)>\u0000\r\nFAIL nothing';
    const body = JSON.stringify({ payload: [event({ type: evil, [evil]: evil, object: group({ status: evil }) })] });
    const ended = await check({ 'a\u001b[31m.json': body });
    assert.equal(ended.code, 1);
    assert.doesNotMatch(ended.out + ended.err, /[^\P{C}\n]|^FAIL nothing/mu);
    assert.doesNotMatch(ended.html, /<img|[^\P{C}\n\t]/u);
    assert.ok(ended.html.includes('&lt;img') || ended.html.includes('\\u003c'), 'the text is in the page');
  });

  test('limits its output for large files and for many violations', async () => {
    const many = (count: number, make: () => unknown) =>
      JSON.stringify({ payload: Array.from({ length: count }, make) });
    const good = await check({ 'large.json': many(11_000, event) });
    const bad = await check({ 'wrong.json': many(60_000, () => ({ object: {}, type: 'x'.repeat(50) })) });
    assert.equal(good.code, 0, all(good));
    assert.match(good.out, /^11,000 events in 1 delivery/m);
    assert.equal(bad.code, 1, all(bad).slice(0, 1000));
    assert.ok(bad.out.length < 20_000, `${bad.out.length} characters`);
  });

  test('survives deeply nested JSON', async () => {
    const ended = await check({ 'deep.json': `{"payload": [${'['.repeat(200_000)}${']'.repeat(200_000)}]}` });
    assert.equal(ended.code, 2, all(ended).slice(0, 1000));
    assert.doesNotMatch(ended.err, /RangeError|stack/);
  });

  test('leaves no partially written files', async () => {
    const ended = await check({ 'a.json': VALID });
    assert.match(ended.html, /<\/html>\s*$/);
    assert.ok(ended.report?.complete);
  });
});

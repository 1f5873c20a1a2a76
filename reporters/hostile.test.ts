import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COMMAND, HOSTILE } from '../e2e/hostile.ts';
import { Redactor } from '../harness/client/redactor.ts';
import { exchange, resultOf } from '../harness/fixtures.ts';
import { caseLine, summary } from './console.ts';
import { everything, FACTS, MUST, reportOf } from './fixtures.ts';
import { annotations, stepSummary } from './github.ts';
import { page } from './html/page.ts';
import { reportText } from './report-file.ts';
import { printable } from './text.ts';

const SECRET = 'correct-horse battery/staple+1';

const redactor = new Redactor();
redactor.add(SECRET, 'CLIENT_SECRET');
const clean = (text: string) => redactor.redact(text);

const told = clean(`${HOSTILE} ${SECRET} ${encodeURIComponent(SECRET)}`);
const asked = {
  ...exchange({
    body: told,
    sent: told,
    url: `https://target.test/${encodeURIComponent(HOSTILE.replace('\ud800', ''))}`,
  }),
  caller: told,
};
const hostile = {
  ...asked,
  response: {
    ...asked.response,
    headers: [
      ['upvest-request-id', told],
      [`x-${HOSTILE}`, told],
    ] as const,
  },
};
const result = everything({ [MUST]: [told] }, [hostile]);
const report = reportOf([result, resultOf('broken', { error: told })], {
  facts: { ...FACTS, target: HOSTILE },
  run: {
    troubles: [told],
    footprint: {
      prerequisites: [{ what: told, id: told }],
      groups: [{ id: told, state: 'open' }],
      webhooks: [{ id: told, state: 'registered' }],
    },
  },
});

const json = reportText(report);
const html = page(report);
const terminal = `${summary(report, ['reports/conformance.json'])}\n${caseLine(HOSTILE, { status: 'passed', annotations: [{ type: 'elsewhere', description: HOSTILE }] }, result)}`;
const markdown = stepSummary(report);
const commands = annotations(report);
const outputs = { json, html, terminal, markdown, commands: commands.join('\n') };

describe('hostile text from a target', () => {
  for (const [name, text] of Object.entries(outputs)) {
    test(`leaves no sign in ${name} that a terminal or browser obeys unseen`, () => {
      assert.doesNotMatch(text, /[^\P{Cc}\n\t]/u);
      assert.doesNotMatch(text, /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    });
    test(`brings no secret into ${name}`, () => {
      assert.ok(!text.includes(SECRET) && !text.includes(encodeURIComponent(SECRET)));
    });
  }

  test('is kept to the letter in JSON', () => {
    const read: unknown = JSON.parse(json);
    assert.deepEqual(read, JSON.parse(JSON.stringify(report)));
    assert.ok(JSON.stringify(read).includes('obeyed = 1'));
  });

  test('is text in HTML: no element, attribute or address of its own', () => {
    const tags = new Set([...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name?.toLowerCase()));
    for (const name of ['script', 'img', 'svg', 'iframe', 'object', 'b', 'link', 'base', 'form '])
      assert.ok(!tags.has(name), name);
    assert.equal(html.match(/<h1/g)?.length, 1);
    const inTags = [...html.matchAll(/<[a-z][^<>]*>/gi)].map(([tag]) => tag).filter((tag) => !tag.startsWith('<style'));
    for (const tag of inTags) {
      const names = tag.replaceAll(/"[^"]*"/g, '""');
      assert.doesNotMatch(names, /\son\w+\s*=/i);
      assert.doesNotMatch(tag, /(href|src)="(?!#)/i);
    }
    assert.ok(html.includes('&lt;script&gt;globalThis.obeyed = 1&lt;/script&gt;'));
    assert.ok(html.includes('\\u{202e}') && html.includes('\\u{1b}'));
  });

  test('opens nothing: one file, no script, no address to load from', () => {
    assert.match(
      html,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/,
    );
    assert.doesNotMatch(html, /<(script|link|iframe|img|object|embed|base)\b/i);
    const style = html.slice(html.indexOf('<style>') + 7, html.indexOf('</style>'));
    assert.doesNotMatch(style, /url\(|@import|</);
  });

  test('gives a CI server no command', () => {
    assert.doesNotMatch(terminal, COMMAND);
    assert.doesNotMatch(printable(HOSTILE), COMMAND);
  });

  test('is one line in a workflow command', () => {
    for (const line of commands) {
      assert.match(line, /^::error title=[^:,\n]+,file=[^:,\n]+::[^\n]*$/);
      assert.ok(!line.slice(2).includes('\n'));
    }
  });

  test('is no markup in Markdown', () => {
    assert.doesNotMatch(markdown, /<(?!\/?code>)/);
    assert.doesNotMatch(markdown, /\]\(|!\[|@everyone/);
    for (const line of markdown.split('\n').filter((one) => one.startsWith('| failed')))
      assert.equal(line.match(/\|/g)?.length, 6);
  });
});

test('a page stays bounded when a target sends as much as it may', () => {
  const long = 'x'.repeat(16_384);
  const many = Array.from({ length: 400 }, () => exchange({ body: long }));
  const size = page(reportOf([everything({ [MUST]: Array.from({ length: 400 }, () => long) }, many)])).length;
  assert.ok(size < 2_000_000, `${size}`);
});

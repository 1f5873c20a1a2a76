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

const payload = clean(`${HOSTILE} ${SECRET} ${encodeURIComponent(SECRET)}`);
const asked = {
  ...exchange({
    body: payload,
    sent: payload,
    url: `https://target.test/${encodeURIComponent(HOSTILE.replace('\ud800', ''))}`,
  }),
  caller: payload,
};
const hostile = {
  ...asked,
  response: {
    ...asked.response,
    headers: [
      ['upvest-request-id', payload],
      [`x-${HOSTILE}`, payload],
    ] as const,
  },
};
const result = everything({ [MUST]: [payload] }, [hostile]);
const report = reportOf([result, resultOf('broken', { error: payload })], {
  facts: { ...FACTS, target: HOSTILE },
  run: {
    troubles: [payload],
    footprint: {
      prerequisites: [{ what: payload, id: payload }],
      groups: [{ id: payload, state: 'open' }],
      webhooks: [{ id: payload, state: 'registered' }],
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
    test(`leaves no control or invisible character in ${name}`, () => {
      assert.doesNotMatch(text, /[^\P{Cc}\n\t]/u);
      assert.doesNotMatch(text, /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    });
    test(`leaks no secret into ${name}`, () => {
      assert.ok(!text.includes(SECRET) && !text.includes(encodeURIComponent(SECRET)));
    });
  }

  test('is unchanged in JSON', () => {
    const read: unknown = JSON.parse(json);
    assert.deepEqual(read, JSON.parse(JSON.stringify(report)));
    assert.ok(JSON.stringify(read).includes('obeyed = 1'));
  });

  test('is plain text in HTML: it creates no element, attribute or URL', () => {
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

  test('cannot load anything into the page: no script, no external resource', () => {
    assert.match(
      html,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/,
    );
    assert.doesNotMatch(html, /<(script|link|iframe|img|object|embed|base)\b/i);
    const style = html.slice(html.indexOf('<style>') + 7, html.indexOf('</style>'));
    assert.doesNotMatch(style, /url\(|@import|</);
  });

  test('is no command to a CI server', () => {
    assert.doesNotMatch(terminal, COMMAND);
    assert.doesNotMatch(printable(HOSTILE), COMMAND);
  });

  test('stays within one line of a workflow command', () => {
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

test('the size of a page is bounded whatever a target sends', () => {
  const long = 'x'.repeat(16_384);
  const many = Array.from({ length: 400 }, () => exchange({ body: long }));
  const size = page(reportOf([everything({ [MUST]: Array.from({ length: 400 }, () => long) }, many)])).length;
  assert.ok(size < 2_000_000, `${size}`);
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { artifactTexts } from './artifacts.ts';
import { noBrowser, startBrowser } from './browser.ts';
import { CREDENTIALS } from './fixtures.ts';
import { COMMAND, HOSTILE } from './hostile.ts';
import { type Ended, Workspace } from './workspace.ts';

/** A target that sends hostile text and echoes secrets: every artifact must stay harmless. */

const { clientSecret } = REFERENCE_DEFAULTS;
const LONG_LINE = 'x'.repeat(100_000);
/** The part of the text that is valid in headers. */
const IN_A_HEADER = HOSTILE.replaceAll(/[^\x20-\x7e]/g, '');

const workspace = new Workspace();
const tokens: string[] = [];
let ended: Ended;

before(async () => {
  const { fetch } = createReference();
  const target = await serveReference(async (request) => {
    const authorization = request.headers.get('authorization') ?? '';
    const response = await fetch(request);
    const body = await response.text();
    const issued = /"access_token":"([^"]+)"/.exec(body)?.[1];
    if (issued !== undefined) tokens.push(issued);
    const headers = new Headers(response.headers);
    headers.set('x-echo', `${authorization} ${clientSecret} ${IN_A_HEADER}`);
    const spoiled = issued === undefined ? hostile(body, `${authorization} ${clientSecret}`) : body;
    return new Response(spoiled === '' ? null : spoiled, { status: response.status, headers });
  });
  ended = await workspace.conformance({
    BASE_URL: target.url,
    WRITES: 'on',
    SETTLE_TIMEOUT: '1',
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: workspace.path('summary.md'),
    ...CREDENTIALS,
  });
  await target.close();
});
after(() => workspace.remove());

/** Hostile text in numbers, problems and undocumented members, and without JSON for media types that are not acceptable. */
function hostile(body: string, echo: string): string {
  const text = JSON.stringify(`${HOSTILE} ${echo}`);
  if (body.includes('not_acceptable')) return `${HOSTILE} ${echo} ${LONG_LINE}`;
  return body
    .replaceAll(/"securities_account_number":"[^"]*"/g, `"securities_account_number":${text},${text}:${text}`)
    .replaceAll(/"(title|detail)":"[^"]*"/g, `"$1":${text}`)
    .replace('"detail":', `"long":"${LONG_LINE}","detail":`);
}

test('the violations are reported, also to GitHub', () => {
  assert.equal(ended.code, 1, ended.output);
  assert.equal(workspace.report().verdict, 'non-conformant');
  assert.match(ended.output, /^::error title=failed%3A account-group\.additionalProperties,/m);
});

test('no artifact and no output contains a secret or a part of a token', () => {
  const texts = [...artifactTexts(workspace.root), ['the output', ended.output] as const];
  assert.ok(tokens.length >= 4);
  assert.ok(texts.length > 50);
  const secrets = [clientSecret, ...tokens.map((token) => token.slice(0, 20))];
  const leaks = texts.filter(([, text]) => secrets.some((secret) => text.includes(secret))).map(([path]) => path);
  assert.deepEqual([...new Set(leaks)], []);
});

test('the output contains no control characters, and no CI commands except our own', () => {
  assert.doesNotMatch(ended.output, /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  const ours = /^::error title=[^:,\n]+,file=[^:,\n]+::[^\n]*$/;
  const lines = ended.output.split('\n').filter((line) => COMMAND.test(line) && !ours.test(line));
  assert.deepEqual(lines, []);
  const longest = Math.max(...ended.output.split('\n').map(({ length }) => length));
  assert.ok(longest < 5000, `a line of ${longest} characters`);
});

test('the step summary is plain Markdown', () => {
  const markdown = workspace.read('summary.md');
  assert.doesNotMatch(markdown, /<(?!\/?code>)|\]\(|!\[|@everyone|[\p{Cf}\p{Zl}\p{Zp}]/u);
  assert.ok(markdown.includes('&lt;script&gt;'));
});

test('the Allure results contain no control or invisible characters', () => {
  const results = artifactTexts(workspace.root).filter(([path]) => path.endsWith('-result.json'));
  assert.ok(results.length > 0);
  for (const [, text] of results) {
    JSON.parse(text);
    assert.doesNotMatch(text, /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});

describe('in a browser', { skip: noBrowser }, () => {
  let browser: Browser | undefined;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());

  const open = async (name: string) => {
    const page = await browser?.newPage();
    assert.ok(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', () => asked.push('a dialog'));
    await page.goto(pathToFileURL(workspace.path(name)).href);
    return { page, asked };
  };
  const harm = (page: Page) =>
    page.evaluate('[globalThis.obeyed ?? null, document.querySelectorAll("img[src=x]").length]');

  test('junit.xml is well-formed', async () => {
    const { page } = await open('reports/conformance.html');
    const xml = JSON.stringify(workspace.read('reports/junit.xml'));
    const parsed = `new DOMParser().parseFromString(${xml}, 'application/xml')`;
    assert.equal(await page.evaluate(`${parsed}.querySelector('parsererror')?.textContent ?? ''`), '');
    assert.equal(await page.evaluate(`${parsed}.documentElement.nodeName`), 'testsuites');
    assert.notEqual(await page.evaluate(`${parsed}.querySelectorAll('failure, error').length`), 0);
    await page.close();
  });

  test('the conformance report executes nothing', async () => {
    const { page, asked } = await open('reports/conformance.html');
    await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
    assert.ok((await page.locator('pre', { hasText: 'globalThis.obeyed = 1' }).count()) > 0);
    assert.deepEqual(await harm(page), [null, 0]);
    assert.equal(asked.length, 1);
    await page.close();
  });

  test('the report of the runner executes nothing', async () => {
    const { page, asked } = await open('playwright-report/index.html');
    const titles = page.locator('a', { hasText: 'a created group can be retrieved' });
    await titles.first().waitFor();
    const addresses = new Set(
      await Promise.all((await titles.all()).map(async (title) => await title.getAttribute('href'))),
    );
    assert.ok(addresses.size > 0);
    for (const address of addresses) {
      await page.goto(`${page.url().split('#')[0]}${address}`);
      await page.getByText('globalThis.obeyed').first().waitFor();
      assert.deepEqual(await harm(page), [null, 0]);
    }
    assert.deepEqual(
      asked.filter((url) => !/^(file|data|blob):/.test(url)),
      [],
    );
    await page.close();
  });
});

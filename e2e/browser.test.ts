import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, describe, test } from 'node:test';
import type { Page } from '@playwright/test';
import { caseOf, file, resultOf } from '../harness/fixtures.ts';
import { everything, MUST, reportOf, SHOULD } from '../reporters/fixtures.ts';
import { page as pageOf } from '../reporters/html/page.ts';
import type { Report } from '../reporters/report.ts';
import { noBrowser, startBrowser } from './browser.ts';

/** The report in a real browser, if one is installed. */
const require = createRequire(import.meta.url);
const axePath = (() => {
  try {
    return require.resolve('axe-core/axe.min.js');
  } catch {
    return undefined;
  }
})();
const absent = noBrowser || (axePath === undefined ? 'axe-core is not installed' : false);

const reports = {
  green: reportOf([everything()]),
  red: reportOf([everything({ [MUST]: ['a', 'b'], [SHOULD]: ['c'] })], { run: { troubles: ['a worker ended'] } }),
  blocked: reportOf([resultOf('a', { blocked: { [MUST]: 'no user' } })], { cases: [caseOf('a', [MUST])] }),
};
/** A few rows of each kind are enough for axe, which is slow. */
const few = (report: Report): Report => ({
  ...report,
  requirements: report.requirements.filter(
    ({ id, verdict }, index) => index < 12 || [MUST, SHOULD].includes(id) || verdict === 'failed',
  ),
});
const files = Object.fromEntries(
  Object.entries(reports).map(([name, report]) => [name, file(`${name}.html`, pageOf(few(report)))]),
);

const browser = absent === false ? await startBrowser() : undefined;

describe('the report in a browser', () => {
  after(() => browser?.close());
  const open = async (
    name: string,
    width = 1280,
    colorScheme: 'light' | 'dark' = 'light',
    javaScriptEnabled = true,
  ) => {
    assert.ok(browser);
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`file://${files[name]}`);
    return { page, asked };
  };
  const shown = (page: Page) => page.locator('.promises tbody:not(.area):visible').count();

  for (const name of Object.keys(files))
    for (const [width, scheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [360, 'light'],
    ] as const)
      test(`${name}, ${width} wide, ${scheme}: axe finds nothing, nothing is loaded, nothing is cut off`, {
        skip: absent,
      }, async () => {
        const { page, asked } = await open(name, width, scheme);
        await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
        await page.evaluate(readFileSync(axePath ?? '', 'utf8'));
        const violations: unknown = await page.evaluate(
          'axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + nodes[0].html))',
        );
        assert.deepEqual(violations, []);
        assert.equal(asked.length, 1);
        assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= width);
        await page.close();
      });

  test('filters without a script, and combines filters', { skip: absent }, async () => {
    const { page } = await open('red', 1280, 'light', false);
    const all = few(reports.red).requirements.length;
    assert.equal(await shown(page), all);
    await page.check('#v-failed');
    assert.equal(await shown(page), 2);
    await page.check('#l-SHOULD');
    assert.equal(await shown(page), 1);
    await page.check('#v-all');
    await page.check('#l-all');
    assert.equal(await shown(page), all);
    assert.equal(await page.locator('.none').isVisible(), false);
    await page.check('#v-failed');
    await page.check('#a-webhooks');
    assert.equal(await page.locator('.none').isVisible(), true);
    await page.close();
  });

  test('a link from the first screen shows its row, whatever the filters', { skip: absent }, async () => {
    const { page } = await open('red', 1280, 'light', false);
    await page.check('#v-passed');
    await page.locator('.cause a[href^="#r-"]').first().click();
    assert.ok(await page.locator(`[id="r-${MUST}"]`).isVisible());
    await page.close();
  });

  test('can be used with the keyboard alone', { skip: absent }, async () => {
    const { page } = await open('green');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'To the list of all promises');
    await page.locator('#v-all').focus();
    await page.keyboard.press('ArrowRight');
    assert.ok(await page.locator('#v-passed').isChecked());
    const summary = page.locator('.promises summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    assert.ok((await page.locator('.promises details').first().getAttribute('open')) !== null);
    await page.close();
  });

  test('prints every row and the evidence of each finding, but no filters', { skip: absent }, async () => {
    const { page } = await open('red', 360);
    assert.equal(await page.locator('.cause .exchange').first().isVisible(), false);
    await page.check('#v-passed');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await shown(page), few(reports.red).requirements.length);
    assert.equal(await page.locator('.filters').isVisible(), false);
    assert.equal(await page.locator('.cause .exchange').first().isVisible(), true);
    await page.close();
  });
});

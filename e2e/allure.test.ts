import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { object, present } from '../harness/fixtures.ts';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { verdictLine } from '../reporters/verdict-line.ts';
import { noBrowser, startBrowser } from './browser.ts';
import { CREDENTIALS } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** The Allure report of a run with every kind of failure. */

const { CLIENT_SECRET: clientSecret } = CREDENTIALS;
const HOSTILE = '<script>owned=1</script></script><img src=x onerror=owned=2>';
const TICKET = 'https://tickets.example.com/BANK-123';
const DEVIATIONS = `deviations:
  - requirement: list.not-acceptable
    because: JSON is sent whatever is asked for.
    ticket: ${TICKET}
    since: 2026-01-01
    until: 9999-12-31
  - requirement: problem.status.type
    because: It is a text.
    ticket: BANK-124
    since: 2026-01-01
    until: 9999-12-31
`;
const CATEGORY_OF = {
  'list.not-acceptable': 'known: accepted for this target',
  'list.unknown-query': 'error: the suite could not judge',
  'list.callers': 'blocked: a prerequisite is missing',
  // One of its two violations is accepted.
  'retrieve.unknown': 'violation: the target breaks a promise',
};
const SELECTED =
  'list_account_groups (refuses an Accept|ignores|serves)|retrieve_account_group (does not find|answers with the group)';

const workspace = new Workspace();
const tokens: string[] = [];

function acceptingJson(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set('accept', 'application/json');
  return new Request(request.url, { headers });
}

async function faultyTarget() {
  const { fetch } = createReference();
  return serveReference(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (searchParams.has('undocumented_parameter')) return new Promise<never>(() => undefined);
    if (pathname === '/auth/token') {
      const form = new URLSearchParams(await request.clone().text());
      if (form.get('scope') === 'accounts:read') {
        form.set('scope', 'of-nobody');
        const headers = new Headers(request.headers);
        headers.delete('content-length');
        return fetch(new Request(request.url, { method: request.method, headers, body: String(form) }));
      }
    }
    const response = await fetch(request.method === 'GET' ? acceptingJson(request) : request);
    const text = await response.clone().text();
    const issued = /"access_token":"([^"]+)"/.exec(text)?.[1];
    if (issued !== undefined) tokens.push(issued);
    if (response.status !== 404) return response;
    const echo = `${HOSTILE} ${request.headers.get('authorization')} ${clientSecret}`;
    return Response.json({ ...object(JSON.parse(text)), status: echo, detail: [echo] }, response);
  });
}

/** The data embedded in the page, by name. */
function dataIn(html: string): ReadonlyMap<string, string> {
  return new Map(
    [...html.matchAll(/d\("([^"]+)","([^"]*)"\)/g)].map(([, name = '', base64 = '']) => [
      name,
      Buffer.from(base64, 'base64').toString('utf8'),
    ]),
  );
}

const page = () => readFileSync(workspace.path('allure-report/index.html'), 'utf8');
const widget = (name: string): unknown => JSON.parse(present(dataIn(page()).get(`widgets/${name}.json`)));
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The results in the page by case id. */
function results() {
  const found = [...dataIn(page())].filter(([name]) => name.startsWith('data/test-cases/'));
  return new Map(
    found.map(([, text]) => {
      const { uid, links, labels, extra } = object(JSON.parse(text));
      const pairs = list(labels).map(object);
      const values = (of: string) => pairs.flatMap(({ name, value }) => (name === of ? [String(value)] : []));
      return [values('ALLURE_ID')[0] ?? '', { uid, links, values, extra: object(extra) }];
    }),
  );
}
const result = (id: string) => present(results().get(id));

before(async () => {
  workspace.write('targets/broken.yaml', DEVIATIONS);
  const target = await faultyTarget();
  const { code, output } = await workspace.conformance(
    { BASE_URL: target.url, ...CREDENTIALS, TARGET: 'broken', TIMEOUT: '1' },
    '--grep',
    SELECTED,
  );
  await target.close();
  assert.equal(code, 1, output);
  // First as two shards write them, then as one run does.
  const shards = [0, 1].map((shard) => workspace.path(`shard-${shard}`));
  for (const shard of shards) mkdirSync(shard);
  for (const [index, name] of readdirSync(workspace.path('allure-results')).entries())
    copyFileSync(workspace.path(join('allure-results', name)), join(present(shards[index % 2]), name));
  for (const folders of [shards, []]) {
    const report = await workspace.allureReport(...folders);
    assert.equal(report.code, 0, report.output);
  }
});
after(() => workspace.remove());

describe('the Allure report of a red run', () => {
  for (const [id, category] of Object.entries(CATEGORY_OF))
    test(`${id} is ${category}`, () => {
      const names = list(result(id).extra.categories).map((one) => object(one).name);
      assert.deepEqual(names, [category]);
    });

  test('shows area, operation, situation, severity and requirements of a case', () => {
    const { values } = result('retrieve.unknown');
    const shown = ['epic', 'feature', 'story', 'severity', 'requirement'].map((name) => values(name));
    assert.deepEqual(shown, [['responses'], ['retrieve'], ['unknown'], ['normal'], ['retrieve.unknown-id']]);
  });

  test('links to the contract, and to the tickets of accepted deviations', () => {
    const links = list(result('list.not-acceptable').links).map(object);
    const [contract, ...tickets] = links.filter(({ type }) => type !== 'requirement');
    assert.match(String(present(contract).url), /^\.\.\/spec\/account-groups\.openapi\.yaml#\/paths\//);
    assert.deepEqual(tickets, [{ name: TICKET, type: 'issue', url: TICKET }]);
    // A ticket without a URL is a label to search for, not a broken link.
    assert.ok(result('retrieve.unknown').values('tag').includes('BANK-124'));
  });

  test('shows what was tested, and by whom', () => {
    const environment = list(widget('environment')).map((item) => object(item).name);
    assert.deepEqual(environment.slice(0, 2), ['Verdict', 'Promises']);
    assert.ok(['Target', 'Contract', 'Suite', 'WRITES'].every((name) => environment.includes(name)));
    assert.equal(object(list(widget('executors'))[0]).reportName, `Account Groups: ${verdictLine(workspace.report())}`);
  });

  test('shows earlier runs, including sharded ones', () => {
    const [now, earlier, ...others] = list(widget('history-trend')).map((point) => object(point).data);
    assert.deepEqual([earlier, others], [now, []]);
    for (const [id, { extra }] of results()) assert.equal(list(object(extra.history).items).length, 1, id);
  });

  test('contains no secret', () => {
    assert.ok(tokens.length > 0);
    const texts = [page(), readFileSync(workspace.path('allure-history.jsonl'), 'utf8'), ...dataIn(page()).values()];
    for (const secret of [clientSecret, ...tokens])
      assert.ok(
        texts.every((text) => !text.includes(secret)),
        secret,
      );
  });

  test('is one page that loads nothing, and shows text from a target as text', { skip: noBrowser }, async (context) => {
    workspace.write('alone/index.html', page());
    const address = `file://${workspace.path('alone/index.html')}`;
    const browser = await startBrowser();
    context.after(() => browser.close());
    const tab = await browser.newPage();
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));
    await tab.goto(address);
    for (const category of Object.values(CATEGORY_OF)) await tab.getByText(category).first().waitFor();
    await tab.goto(`${address}#testresult/${String(result('retrieve.unknown').uid)}`);
    await tab.locator('pre', { hasText: 'MUST problem.detail.type' }).getByText(HOSTILE).first().waitFor();
    await tab.locator('.attachment-row', { hasText: 'evidence' }).click();
    await tab.locator('.attachment', { hasText: HOSTILE }).waitFor();
    assert.equal(await tab.evaluate('typeof owned'), 'undefined');
    assert.deepEqual([...new Set(asked.map((url) => url.split('#')[0]))], [address]);
  });
});

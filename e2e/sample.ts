import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readContract } from '../harness/contract/index.ts';
import { SEED } from '../harness/contract/versions.ts';
import { ROOT } from '../harness/fixtures.ts';
import { allFaults } from '../proof/faults/index.ts';
import type { Fetch } from '../proof/memory.ts';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { startBrowser } from './browser.ts';
import { CREDENTIALS } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/**
 * `npm run sample`: writes `docs/sample-report.html`, the report of a target that was conformant and now violates a few
 * promises, one of which is accepted; and `docs/report.png`, its first screen.
 */

const DOCS = join(ROOT, 'docs');
const BROKEN = ['request-id-number', 'limit-plus-one', 'time-with-offset', 'problem-with-java-stack', 'members-leak'];
const ACCEPTED = `deviations:
  - requirement: account-group.timestamps-utc
    because: The gateway in front of the sandbox writes local time; the offset is right.
    ticket: https://tickets.example.com/BANK-123
    approver: Head of API Platform
    since: 2026-01-01
    until: 2027-12-31
`;

const contract = await readContract(join(ROOT, 'spec/account-groups.openapi.yaml'), SEED);
const faults = allFaults(contract);
const context = { contract, now: () => Date.now() };
const { fetch } = createReference();
let answer: Fetch = fetch;
const target = await serveReference((request) => answer(request));
const workspace = new Workspace();
workspace.write('targets/sandbox.yaml', ACCEPTED);
const env = { BASE_URL: target.url, WRITES: 'on', OPERATOR: 'API platform team', ...CREDENTIALS };

await workspace.conformance(env);
answer = faults
  .filter(({ id }) => BROKEN.includes(id))
  .reduce((inner, fault) => fault.intercept(inner, context), answer);
await workspace.conformance({ ...env, TARGET: 'sandbox' });
await target.close();

mkdirSync(DOCS, { recursive: true });
const report = join(DOCS, 'sample-report.html');
copyFileSync(workspace.path('reports/conformance.html'), report);
workspace.remove();

const browser = await startBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
await page.goto(`file://${report}`);
await page.screenshot({ path: join(DOCS, 'report.png') });
await browser.close();
process.stdout.write(`${report}\n`);

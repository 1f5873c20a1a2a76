import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { readContract } from '../harness/contract/index.ts';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { postOverHttp } from '../reference/post.ts';
import { serveReference } from '../reference/serve.ts';
import { readReport } from '../reporters/report-file.ts';
import { type DeliveryLies, postThrough, signerAt } from './delivering.ts';
import { allFaults } from './faults/index.ts';
import { Workspace } from './workspace.ts';

/** Whole runs that listen for deliveries over real sockets, and others that do not. */

const contract = await readContract('spec/account-groups.openapi.yaml');
const { clientId, clientSecret } = REFERENCE_DEFAULTS;
const clock = { now: () => Date.now() };
const workspace = new Workspace();
after(() => workspace.remove());

/** Runs the suite against the reference with lies in its deliveries; tells how many webhooks it made and left. */
async function run(env: Readonly<Record<string, string>>, lies: DeliveryLies = {}) {
  const webhooks = { made: 0, left: new Set<string>() };
  const reference = createReference({
    post: postThrough(postOverHttp, clock, lies),
    verifyKeys: [signerAt(clock.now).verifyKey],
  });
  const target = await serveReference(async (request) => {
    const { method, url } = request;
    const response = await reference.fetch(request);
    const { pathname } = new URL(url);
    if (method === 'POST' && pathname === '/webhooks' && response.ok) {
      webhooks.made++;
      webhooks.left.add(((await response.clone().json()) as { id: string }).id);
    }
    if (method === 'DELETE' && response.ok) webhooks.left.delete(pathname.split('/').at(-1) ?? '');
    return response;
  });
  const credentials = { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
  const ended = await workspace.conformance(
    { BASE_URL: target.url, ...credentials, WRITES: 'on', ...env },
    '--grep',
    '@webhooks',
  );
  reference.close();
  await target.close();
  const { requirements, run: told } = readReport(workspace.path('reports/conformance.json'));
  return { ...ended, webhooks, told, shown: requirements.filter(({ area }) => area === 'webhooks') };
}

const faultOf = (id: string) => {
  const fault = allFaults(contract).find((one) => one.id === id);
  assert.ok(fault, id);
  return fault;
};

describe('a run that listens', () => {
  test('finds every promise about events kept, and removes its registration', async () => {
    const { shown, webhooks, output, told } = await run({ WEBHOOK_LISTEN: '127.0.0.1:0', WEBHOOK_SIGNED: 'on' });
    assert.deepEqual(
      shown.filter(({ verdict }) => verdict !== 'passed').map(({ id, verdict }) => `${id} ${verdict}`),
      ['event.locked untested'],
      output,
    );
    assert.deepEqual({ made: webhooks.made, left: webhooks.left.size }, { made: 1, left: 0 });
    assert.deepEqual(
      told.footprint.webhooks.map(({ state }) => state),
      ['removed'],
    );
  });

  for (const id of ['event-object-other-number', 'delivery-unsigned'])
    test(`is red where ${id}, by the requirement that it breaks, and removes its registration all the same`, async () => {
      const fault = faultOf(id);
      const { code, shown, webhooks, output } = await run(
        { WEBHOOK_LISTEN: '127.0.0.1:0', WEBHOOK_SIGNED: 'on' },
        fault,
      );
      assert.equal(code, 1, output);
      assert.deepEqual(
        shown.filter(({ verdict }) => verdict === 'failed').map((one) => one.id),
        fault.breaks,
      );
      for (const broken of fault.breaks) assert.ok(output.includes(broken), output);
      assert.equal(webhooks.left.size, 0);
    });

  test('does not mind unsigned deliveries where nobody says that they are signed', async () => {
    const { shown, output } = await run({ WEBHOOK_LISTEN: '127.0.0.1:0' }, faultOf('delivery-unsigned'));
    assert.deepEqual(
      shown.filter(({ verdict }) => verdict === 'excluded').map(({ id }) => id),
      ['event.signed', 'event.signed-body', 'event.signature-fits', 'event.signature-fresh'],
      output,
    );
    assert.ok(
      shown.every(({ verdict }) => verdict !== 'failed'),
      output,
    );
  });
});

describe('a port that is taken', () => {
  const other = createServer();
  before(() => new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve)));
  after(() => void other.close());

  test('blocks, and says why', async () => {
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, output, shown } = await run({ WEBHOOK_LISTEN: `127.0.0.1:${port}` });
    assert.equal(code, 1);
    assert.match(output, /nothing can listen: .*EADDRINUSE/);
    assert.equal(shown.find(({ id }) => id === 'event.created')?.verdict, 'blocked');
  });
});

describe('a run that does not listen', () => {
  test('says that events are excluded, and how to enable them', async () => {
    const { shown, webhooks, output } = await run({});
    assert.deepEqual([...new Set(shown.map(({ verdict }) => verdict))], ['excluded'], output);
    assert.match(output, /excluded: nobody listens for deliveries: set WEBHOOK_LISTEN/);
    assert.equal(webhooks.made, 0);
  });
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { contract } from '../harness/fixtures.ts';
import { type EventIntercepts, postThrough, signerAt } from '../proof/delivering.ts';
import { allFaults } from '../proof/faults/index.ts';
import { createReference } from '../reference/app.ts';
import { postOverHttp } from '../reference/post.ts';
import { serveReference } from '../reference/serve.ts';
import { watchingWebhooks } from './fixtures.ts';
import { type InProcessRun, runInProcess } from './in-process.ts';

/** Runs that receive deliveries over real sockets. */

const clock = { now: () => Date.now() };

/** Runs against the reference with faults in its deliveries, and counts the webhooks that the run registers and leaves. */
async function run(env: Readonly<Record<string, string>>, intercepts: EventIntercepts = {}) {
  const reference = createReference({
    post: postThrough(postOverHttp, clock, intercepts),
    verifyKeys: [signerAt(clock.now).verifyKey],
  });
  const { fetch, webhooks } = watchingWebhooks(reference.fetch);
  const target = await serveReference(fetch);
  const one = await runInProcess({ BASE_URL: target.url, WRITES: 'on', ...env }, ({ area }) => area === 'webhooks');
  reference.close();
  await target.close();
  return { ...one, webhooks };
}

const faultOf = (id: string) => {
  const fault = allFaults(contract).find((one) => one.id === id);
  assert.ok(fault, id);
  return fault;
};
const aboutWebhooks = ({ verdicts }: InProcessRun) =>
  verdicts.filter(({ requirement }) => requirement.area === 'webhooks');

describe('a run that listens', () => {
  for (const id of ['event-object-other-number', 'delivery-unsigned'])
    test(`detects ${id}, and removes its registration`, async () => {
      const fault = faultOf(id);
      const one = await run({ WEBHOOK_LISTEN: '127.0.0.1:0', WEBHOOK_SIGNED: 'on' }, fault);
      assert.deepEqual(one.with('failed'), fault.breaks);
      assert.deepEqual({ made: one.webhooks.made, left: one.webhooks.left.size }, { made: 2, left: 0 });
      assert.deepEqual(
        one.footprint.webhooks.map(({ state }) => state),
        ['removed', 'removed'],
      );
    });

  test('accepts unsigned deliveries unless WEBHOOK_SIGNED is set', async () => {
    const one = await run({ WEBHOOK_LISTEN: '127.0.0.1:0' }, faultOf('delivery-unsigned'));
    assert.deepEqual(
      aboutWebhooks(one)
        .filter(({ verdict }) => verdict === 'excluded')
        .map(({ requirement }) => requirement.id),
      ['event.signed', 'event.signed-body', 'event.signature-fits', 'event.signature-fresh'],
    );
    assert.deepEqual(one.with('failed'), []);
  });
});

describe('a port in use', () => {
  const other = createServer();
  before(() => new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve)));
  after(() => void other.close());

  test('blocks the events with a reason', async () => {
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const one = aboutWebhooks(await run({ WEBHOOK_LISTEN: `127.0.0.1:${port}` }));
    const created = one.find(({ requirement }) => requirement.id === 'event.created');
    assert.equal(created?.verdict, 'blocked');
    assert.match(created?.reason ?? '', /cannot listen for deliveries: .*EADDRINUSE/);
  });
});

test('a run that does not listen excludes events, and registers nothing', async () => {
  const one = await run({});
  assert.deepEqual([...new Set(aboutWebhooks(one).map(({ verdict }) => verdict))], ['excluded']);
  assert.equal(one.webhooks.made, 0);
});

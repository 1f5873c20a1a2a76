import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, test } from 'node:test';
import { signerAt } from '../proof/delivering.ts';
import type { Fetch } from '../proof/memory.ts';
import { createReference } from '../reference/app.ts';
import { signDeliveries } from '../reference/delivery-signature.ts';
import { postOverHttp } from '../reference/post.ts';
import { serveReference } from '../reference/serve.ts';
import { createSignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';
import { CREDENTIALS, watchingWebhooks } from './fixtures.ts';
import { Workspace } from './workspace.ts';

/** Targets that conform in unusual ways. */

const workspace = new Workspace();
after(() => workspace.remove());

/** Moves a target under a path. */
const under =
  (path: string, fetch: Fetch): Fetch =>
  (request) => {
    const url = new URL(request.url);
    if (!url.pathname.startsWith(`${path}/`)) return Promise.resolve(new Response('', { status: 404 }));
    url.pathname = url.pathname.slice(path.length);
    return fetch(new Request(url, request));
  };

test('a target under a path, with signatures in both directions and tokens that expire within the run, is conformant', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
  workspace.write(
    'key.pem',
    privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }).toString(),
  );
  const verifier = createSignatureVerifier({ publicKeys: new Map([['bank-key', publicKey]]), now: () => Date.now() });
  const signer = signerAt(() => Date.now());
  const reference = createReference({
    tokenLifetimeSeconds: 2,
    post: signDeliveries(postOverHttp, signer),
    verifyKeys: [signer.verifyKey],
  });
  const { fetch, webhooks } = watchingWebhooks(reference.fetch);
  const target = await serveReference(requireSignatures(under('/gate/v1', fetch), verifier));
  const { code, output } = await workspace.conformance({
    BASE_URL: `${target.url}/gate/v1/`,
    WRITES: 'on',
    STRICT: 'on',
    SIGNING_KEY_FILE: 'key.pem',
    SIGNING_KEY_ID: 'bank-key',
    SIGNING_KEY_PASSPHRASE: 'open sesame',
    WEBHOOK_LISTEN: '127.0.0.1:0',
    WEBHOOK_SIGNED: 'on',
    ...CREDENTIALS,
  });
  reference.close();
  await target.close();
  assert.equal(code, 0, output);
  assert.ok(!output.includes('excluded:'), output);
  const { requirements, run, verdict } = workspace.report();
  assert.equal(verdict, 'conformant');
  // Whether two events share a delivery depends on the load of the machine.
  const events = requirements.filter(
    ({ area, id }) => area === 'webhooks' && !['event.locked', 'event.order'].includes(id),
  );
  assert.deepEqual(
    events.filter(({ verdict }) => verdict !== 'passed').map(({ id, verdict }) => `${id} ${verdict}`),
    [],
  );
  assert.ok(events.length > 10);
  assert.deepEqual({ made: webhooks.made, left: webhooks.left.size }, { made: 2, left: 0 });
  assert.deepEqual(
    run.footprint.webhooks.map(({ state }) => state),
    ['removed', 'removed'],
  );
});

test('a target with a profile is conformant, except for what the profile excludes', async () => {
  workspace.write(
    'targets/by-hand.yaml',
    'profile: { approval: manual, because: { approval: Compliance approves each group. } }',
  );
  const target = await serveReference(createReference({ activationMs: 1e9 }).fetch);
  const { code, output } = await workspace.conformance({
    BASE_URL: target.url,
    WRITES: 'on',
    TARGET: 'by-hand',
    SETTLE_TIMEOUT: '1',
    ...CREDENTIALS,
  });
  await target.close();
  assert.equal(code, 0, output);
  assert.match(
    output,
    /^verdict: conformant, no events, unsigned, except what the profile of by-hand excludes \(approval\): \d+ of \d+ promises judged$/m,
  );
  assert.match(output, /excluded: no listener for deliveries: set WEBHOOK_LISTEN/);
  assert.match(output, /\d+ excluded: the profile says "approval: manual": .* \(Compliance approves each group\.\)/);
  const excluded = workspace.report().requirements.filter(({ excludedBy }) => excludedBy === 'profile');
  assert.deepEqual([...new Set(excluded.map(({ verdict }) => verdict))], ['excluded']);
});

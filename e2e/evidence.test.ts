import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keyId } from '../reporters/dsse.ts';
import { RUN } from '../reporters/manifest.ts';
import { UnusableEvidence, verifyEvidence } from '../reporters/verification.ts';
import { Workspace } from './workspace.ts';

/** The evidence of a signed run is valid, and reveals every changed byte. */

const workspace = new Workspace();
const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const publicPem = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }));

before(async () => {
  workspace.write('key.pem', String(own.privateKey.export({ type: 'pkcs8', format: 'pem' })));
  workspace.write('public.pem', publicPem(own.publicKey));
  workspace.write('other.pem', publicPem(other.publicKey));
  const { output } = await workspace.conformance({ EVIDENCE_KEY_FILE: 'key.pem' }, '--grep', '@signatures');
  assert.equal(workspace.report().verdict, 'incomplete', output);
});
after(() => workspace.remove());

test('it is valid, and signed with its key only', async () => {
  const good = await workspace.tool('verify-evidence', '.', '--key', 'public.pem');
  assert.equal(good.code, 0, good.output);
  assert.match(good.output, /consistent with each other and with the report; signed with this key \([0-9a-f]{64}\)/);
  const wrong = await workspace.tool('verify-evidence', '.', '--key', 'other.pem');
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /^the manifest is not signed with this key$/m);
});

test('without a key it is consistent but not authenticated, and names its key', async () => {
  const { code, output } = await workspace.tool('verify-evidence', '.');
  const fingerprint = keyId(own.publicKey);
  assert.equal(code, 3, output);
  assert.match(output, new RegExp(`not authenticated: it names the key ${fingerprint}`));
  assert.equal(workspace.report().run.keyFingerprint, fingerprint);
});

test('the statement names the same run, target and time as the report', () => {
  const { run, target } = workspace.report();
  const { payload } = JSON.parse(workspace.read(RUN.manifest));
  const { predicate } = JSON.parse(Buffer.from(payload, 'base64').toString());
  assert.deepEqual(
    [predicate.run.id, predicate.run.target, predicate.run.startedAt, predicate.run.endedAt],
    [run.id, target, run.startedAt, run.endedAt],
  );
});

test('a changed byte is detected in each artifact, and in the manifest', () => {
  const files = RUN.folders
    .filter((folder) => existsSync(workspace.path(folder)))
    .flatMap((folder) =>
      readdirSync(workspace.path(folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((name) => statSync(workspace.path(name)).isFile()),
    );
  for (const name of [
    RUN.manifest,
    'reports/contract/account-groups.openapi.yaml',
    'reports/conformance.schema.json',
    'reports/junit.xml',
    'reports/conformance.html',
    'playwright-report/index.html',
  ])
    assert.ok(files.includes(name), name);
  for (const name of files) {
    const bytes = readFileSync(workspace.path(name));
    const spoiled = Buffer.from(bytes);
    const middle = Math.floor(bytes.length / 2);
    spoiled[middle] = (spoiled[middle] ?? 0) ^ 1;
    writeFileSync(workspace.path(name), spoiled);
    assert.ok(isFound(), `${name}, byte ${middle}`);
    writeFileSync(workspace.path(name), bytes);
  }
  assert.ok(!isFound());
});

function isFound(): boolean {
  try {
    return verifyEvidence(workspace.root, publicPem(own.publicKey)).problems.length > 0;
  } catch (error) {
    if (error instanceof UnusableEvidence) return true;
    throw error;
  }
}

import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ARTIFACT_FOLDERS, EVIDENCE } from '../reporters/manifest.ts';
import { UnusableEvidence, verifyEvidence } from '../reporters/verification.ts';
import { Workspace } from './workspace.ts';

/** What a signed run leaves: good as it is, and no byte of it can be changed unseen. */

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

test('it is good, and signed by its key only', async () => {
  const good = await workspace.tool('verify-evidence', '.', '--key', 'public.pem');
  assert.equal(good.code, 0, good.output);
  assert.match(good.output, /all as the run left them; signature: good/);
  const wrong = await workspace.tool('verify-evidence', '.', '--key', 'other.pem');
  assert.equal(wrong.code, 1);
  assert.match(wrong.output, /^the manifest is not signed by this key$/m);
});

test('one changed byte is found in each artifact, and in the manifest', () => {
  const files = ARTIFACT_FOLDERS.flatMap((folder) =>
    readdirSync(workspace.path(folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((name) => statSync(workspace.path(name)).isFile()),
  );
  for (const name of [EVIDENCE, 'reports/junit.xml', 'reports/conformance.html', 'playwright-report/index.html'])
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

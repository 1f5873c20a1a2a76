import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { settingsOrExit } from '../harness/environment.ts';
import { RUN_TARGET, type StartedTarget } from '../harness/run.ts';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { createSignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';

/** Starts the reference where no other target is named, with a key made for this run; returns how to stop it. */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (settingsOrExit().baseUrl !== undefined) return undefined;
  const keyId = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const verifier = createSignatureVerifier({ publicKeys: new Map([[keyId, publicKey]]), now: () => Date.now() });
  const { url, close } = await serveReference(requireSignatures(createReference().fetch, verifier));
  const { clientId, clientSecret } = REFERENCE_DEFAULTS;
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  process.env[RUN_TARGET] = JSON.stringify({
    baseUrl: url,
    clientId,
    clientSecret,
    keyId,
    pem,
  } satisfies StartedTarget);
  return close;
}

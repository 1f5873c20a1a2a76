import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readContract } from '../harness/contract/index.ts';
import { limitsInWords } from '../harness/contract/limits.ts';
import { settingsOrExit } from '../harness/run/environment.ts';
import { RUN_BEGUN, RUN_NOTES, RUN_TARGET, RUN_TROUBLE } from '../harness/run/processes.ts';
import { lookAt, type StartedTarget } from '../harness/run/run.ts';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { createDeliverySigner, signDeliveries } from '../reference/delivery-signature.ts';
import { postOverHttp } from '../reference/post.ts';
import { serveReference } from '../reference/serve.ts';
import { createSignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';

/**
 * Starts the reference where no other target is named, with a key made for this run; returns how to stop it. Ends the
 * run at once where the target cannot be talked to.
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  process.env[RUN_BEGUN] = 'yes';
  const settings = settingsOrExit();
  if (settings.baseUrl === undefined) return startReference(settings.contractVersion);
  const contract = await readContract(settings.contract, settings.contractVersion);
  const { trouble, notes } = await lookAt(contract, settings);
  if (trouble !== undefined) throw new Trouble(trouble);
  process.env[RUN_NOTES] = [...limitsInWords(contract.limits), ...notes.map(({ says }) => says)].join('\n');
  return undefined;
}

/** Told without a stack: it is not this program that is to be looked at. */
class Trouble extends Error {
  constructor(message: string) {
    super(`the target cannot be tested: ${message}`);
    this.stack = this.message;
    process.env[RUN_TROUBLE] = this.message;
  }
}

/** Starts the reference at a version, and tells this process and its children where; returns how to stop it. */
export async function startReference(version: string): Promise<() => Promise<void>> {
  const keyId = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const verifier = createSignatureVerifier({ publicKeys: new Map([[keyId, publicKey]]), now: () => Date.now() });
  const signer = createDeliverySigner({
    keyId: randomUUID(),
    privateKey: generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey,
    now: () => Date.now(),
  });
  const reference = createReference({
    version,
    post: signDeliveries(postOverHttp, signer),
    verifyKeys: [signer.verifyKey],
  });
  const { url, close } = await serveReference(requireSignatures(reference.fetch, verifier));
  const { clientId, clientSecret } = REFERENCE_DEFAULTS;
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  process.env[RUN_TARGET] = JSON.stringify({
    baseUrl: url,
    clientId,
    clientSecret,
    keyId,
    pem,
  } satisfies StartedTarget);
  return () => {
    reference.close();
    return close();
  };
}

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReference } from '../reference/app.ts';
import { postOverHttp } from '../reference/post.ts';
import { createSignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';
import { postThrough, signAsVendor, signerAt } from './delivering.ts';
import type { Fault, FaultContext } from './faults/fault.ts';
import { type Fetch, lenient } from './memory.ts';
import type { Variant } from './variants/index.ts';

/** A reference with a fault or a variant, ready to be served over HTTP. */
export interface Target {
  readonly fetch: Fetch;
  /** The reference itself, without the fault or the variant. */
  readonly honest: Fetch;
  /** Additional settings for the suite, as `NAME=value`. */
  readonly settings: readonly string[];
}

/** Creates a reference with a fault or a variant. */
export function targetWith(served: Fault | Variant, context: FaultContext): Target {
  signAsVendor();
  const reference = createReference({
    version: context.contract.vendorVersion,
    post: postThrough(postOverHttp, context, served),
    verifyKeys: [signerAt(context.now).verifyKey],
    ...('reference' in served && served.reference),
  });
  const fetch = served.intercept?.(reference.fetch, context) ?? reference.fetch;
  const isSigned = served.ignores !== undefined || served.outside !== undefined;
  return { honest: reference.fetch, ...(isSigned ? signedBy(served, fetch, context) : { fetch, settings: [] }) };
}

/** Requires signatures with a key that is generated for this run, and writes the private key to a temporary file. */
function signedBy(
  { ignores = [], outside = (honest) => honest }: Pick<Variant, 'ignores' | 'outside'>,
  fetch: Fetch,
  context: FaultContext,
): Pick<Target, 'fetch' | 'settings'> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keyId = 'reference';
  const path = join(mkdtempSync(join(tmpdir(), 'reference-')), 'signing-key.pem');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const verifier = createSignatureVerifier({ publicKeys: new Map([[keyId, publicKey]]), now: context.now });
  return {
    fetch: outside(requireSignatures(fetch, lenient(verifier, ignores)), context),
    settings: [`SIGNING_KEY_FILE=${path}`, `SIGNING_KEY_ID=${keyId}`],
  };
}

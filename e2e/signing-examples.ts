import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { createSignatureVerifier, type Refusal } from '../reference/signature.ts';
import { copyOf, SIGNING_CLIENTS, type SigningClient, type Target } from './signing-clients.ts';

/**
 * `SIGNING_EXAMPLES=folder npm run e2e:signing-examples`: runs the vendor's example clients, unchanged, against the
 * reference, which requires signatures and has to accept every one of theirs. `folder`: a work tree of the vendor's
 * http-signature-examples. Skipped unless SIGNING_EXAMPLES is set; an example is skipped if its language or its packages are
 * missing. Exit codes: 0, every signature was accepted; 1, one was refused, an example failed, or none could be run.
 */

const PASSPHRASE = 'the examples read encrypted keys only';
const SCOPES = ['users:read', 'users:admin'];
/** The examples send a token request, one without a body and one with. */
const LEAST_REQUESTS = 3;
const now = () => Date.now();
const print = (text: string) => void process.stdout.write(`${text}\n`);

interface Seen {
  readonly request: string;
  readonly refusal: Refusal | undefined;
}

/** Operations that the examples call and the reference does not have, because the contract does not. */
function elsewhere({ method, url }: Request): Response | undefined {
  const { pathname } = new URL(url);
  const headers = { 'upvest-request-id': randomUUID() };
  if (method === 'GET' && pathname === '/users')
    return Response.json({ meta: { offset: 0, limit: 100, count: 0, total_count: 0 }, data: [] }, { headers });
  if (method === 'DELETE' && pathname.startsWith('/users/')) return new Response(null, { status: 202, headers });
  return undefined;
}

/** Serves the reference to one example, and notes how each of its signatures was judged. */
async function withReference(keyFile: string, use: (target: Target) => Promise<void>): Promise<Seen[]> {
  const keyId = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE });
  writeFileSync(keyFile, pem, { mode: 0o600 });
  const reference = createReference();
  const verifier = createSignatureVerifier({ publicKeys: new Map([[keyId, publicKey]]), now });
  const seen: Seen[] = [];
  const { url, close } = await serveReference(async (request) => {
    const refusal = verifier.verify(request, new Uint8Array(await request.clone().arrayBuffer()));
    seen.push({ request: `${request.method} ${new URL(request.url).pathname}`, refusal });
    return refusal === undefined
      ? (elsewhere(request) ?? reference.fetch(request))
      : Response.json({ title: refusal.detail, status: 401 }, { status: 401 });
  });
  try {
    const { clientId, clientSecret } = REFERENCE_DEFAULTS;
    await use({ url, keyId, keyFile, passphrase: PASSPHRASE, clientId, clientSecret, scopes: SCOPES });
  } finally {
    reference.close();
    await close();
  }
  return seen;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Whether the reference accepted an example; `undefined` if it could not be run. */
async function accepts(client: SigningClient, examples: string, to: string): Promise<boolean | undefined> {
  const { language } = client;
  if (!existsSync(join(examples, client.folder))) {
    print(`${language}: skipped; there is no ${client.folder}`);
    return undefined;
  }
  const folder = copyOf(client, examples, to);
  writable(folder);
  try {
    await client.prepare(folder);
  } catch (error) {
    print(`${language}: skipped; ${messageOf(error)}`);
    return undefined;
  }
  let failure: string | undefined;
  const seen = await withReference(join(to, `${language}.pem`), async (target) => {
    try {
      await client.run(folder, target);
    } catch (error) {
      failure = messageOf(error);
    }
  });
  const refused = seen.filter(({ refusal }) => refusal !== undefined);
  for (const { request, refusal } of refused) print(`${language}: ${request} was refused: ${refusal?.detail}`);
  if (failure !== undefined) print(`${language}: it failed:\n${failure}`);
  const isAccepted = refused.length === 0 && failure === undefined && seen.length >= LEAST_REQUESTS;
  print(
    `${language}: ${seen.length - refused.length} of ${seen.length} signatures accepted (${[...new Set(seen.map(({ request }) => request.replace(/[0-9a-f-]{36}/, '{id}')))].join(', ')})`,
  );
  return isAccepted;
}

/** Makes the copy of a read-only work tree writable. */
function writable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true }))
    chmodSync(join(parentPath, name), 0o755);
}

async function main(examples: string): Promise<number> {
  const to = mkdtempSync(join(tmpdir(), 'signing-examples-'));
  try {
    const outcomes: (boolean | undefined)[] = [];
    for (const client of SIGNING_CLIENTS) outcomes.push(await accepts(client, examples, to));
    return outcomes.includes(false) || !outcomes.includes(true) ? 1 : 0;
  } finally {
    rmSync(to, { recursive: true });
  }
}

const examples = process.env.SIGNING_EXAMPLES ?? '';
if (examples === '')
  print('skipped: SIGNING_EXAMPLES names no folder; give a work tree of the vendor’s http-signature-examples');
else process.exitCode = await main(examples);

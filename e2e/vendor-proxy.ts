import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { createDeliverySigner, signDeliveries } from '../reference/delivery-signature.ts';
import { postOverHttp } from '../reference/post.ts';
import { serveReference } from '../reference/serve.ts';
import { createSignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';
import { readReport } from '../reporters/report-file.ts';

/**
 * `VENDOR_PROXY=path npm run e2e:vendor-proxy`: runs the suite through the vendor's httpsignature-proxy against the
 * reference, which requires signatures. Skipped unless VENDOR_PROXY is set. Writes the log of the proxy to
 * `reports/vendor-proxy.log`. Exits with the code of the run.
 */

const PATIENCE_MS = 20_000;
const now = () => Date.now();
const print = (text: string) => void process.stdout.write(`${text}\n`);

/** The reference with signatures required, and a key in the format that the proxy can read (SEC 1). */
async function startReference() {
  const keyId = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const signer = createDeliverySigner({
    keyId: randomUUID(),
    privateKey: generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey,
    now,
  });
  const reference = createReference({ post: signDeliveries(postOverHttp, signer), verifyKeys: [signer.verifyKey] });
  const verifier = createSignatureVerifier({ publicKeys: new Map([[keyId, publicKey]]), now });
  const { url, close } = await serveReference(requireSignatures(reference.fetch, verifier));
  const stop = () => {
    reference.close();
    return close();
  };
  return { url, stop, keyId, pem: privateKey.export({ type: 'sec1', format: 'pem' }).toString() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Waits until a URL answers, with any status. */
async function answering(url: string, child: ChildProcess): Promise<void> {
  for (const until = now() + PATIENCE_MS; now() < until; await sleep(50)) {
    if (child.exitCode !== null) break;
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isThere) return;
  }
  throw new Error('the proxy does not answer; see reports/vendor-proxy.log');
}

function tellExcluded(): void {
  const reasons = new Map<string, number>();
  for (const { verdict, reason = '' } of readReport('reports/conformance.json').requirements)
    if (verdict === 'excluded') reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of reasons) print(`${count} excluded: ${reason}`);
}

async function main(program: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'vendor-proxy-'));
  const { url, stop, keyId, pem } = await startReference();
  const [key, config] = [join(folder, 'key.pem'), join(folder, 'empty.yaml')];
  writeFileSync(key, pem, { mode: 0o600 });
  // With an empty file, the proxy does not read the user's own configuration.
  writeFileSync(config, '');
  const port = await freePort();
  const { clientId, clientSecret } = REFERENCE_DEFAULTS;
  const words = ['--config', config, 'start', '-p', `${port}`, '-f', key, '-s', url, '-i', keyId, '-c', clientId];
  const proxy = spawn(program, words, {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  mkdirSync('reports', { recursive: true });
  const log = createWriteStream('reports/vendor-proxy.log');
  proxy.stdout.pipe(log, { end: false });
  proxy.stderr.pipe(log, { end: false });
  try {
    const failed = once(proxy, 'error').then(([error]) => Promise.reject(error));
    await Promise.race([answering(`http://localhost:${port}/`, proxy), failed]);
    const suite = spawn(process.execPath, ['conformance.mjs'], {
      stdio: 'inherit',
      env: {
        ...process.env,
        BASE_URL: `http://localhost:${port}`,
        SIGNED_BY_PROXY: 'on',
        CLIENT_ID: clientId,
        CLIENT_SECRET: clientSecret,
        WRITES: 'on',
        WEBHOOK_LISTEN: '127.0.0.1:0',
        WEBHOOK_SIGNED: 'on',
      },
    });
    const [code] = await once(suite, 'exit');
    tellExcluded();
    return typeof code === 'number' ? code : 1;
  } finally {
    proxy.kill();
    await stop();
    log.end();
    rmSync(folder, { recursive: true });
  }
}

const program = process.env.VENDOR_PROXY ?? '';
if (program === '')
  print('skipped: VENDOR_PROXY names no program; build the vendor’s httpsignature-proxy and give its path');
else {
  readFileSync(program);
  process.exitCode = await main(program);
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { signDeliveries } from '../reference/delivery-signature.ts';
import { postOverHttp } from '../reference/post.ts';
import { type Served, serveReference } from '../reference/serve.ts';
import { createSignatureVerifier } from '../reference/signature.ts';
import { requireSignatures } from '../reference/signed.ts';
import { artifactTexts } from './artifacts.ts';
import { signerAt } from './delivering.ts';

/** The whole program against targets over real sockets: exit codes, the report, and what must never be written. */

const { clientId, clientSecret } = REFERENCE_DEFAULTS;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
}

/** Runs the suite as a user does; a signal may end it early, at a moment of the target's choosing. */
async function conformance(
  env: Record<string, string>,
  end?: { signal: NodeJS.Signals; when: Promise<unknown> },
  words: readonly string[] = [],
): Promise<Ended> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['node_modules/@playwright/test/cli.js', 'test', ...words], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      CLIENT_ID: clientId,
      CLIENT_SECRET: clientSecret,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  if (end !== undefined) void end.when.then(() => child.kill(end.signal));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, seconds: (performance.now() - startedAt) / 1000 };
}

/** Answers every request with the same thing. */
async function listening(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const TOKEN = JSON.stringify({
  access_token: 'canary-token-that-nobody-may-read',
  token_type: 'bearer',
  expires_in: 600,
});

/** Issues tokens, and leaves the rest to a listener. */
const behindToken =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url === '/auth/token') response.setHeader('content-type', 'application/json').end(TOKEN);
    else listener(request, response);
  };

const report = () =>
  JSON.parse(readFileSync('reports/conformance.json', 'utf8')) as { verdict: string; complete: boolean };

describe('a target under a path, with writes', () => {
  test('is conformant', async () => {
    const { fetch } = createReference();
    const target = await serveReference((request) => {
      const url = new URL(request.url);
      if (!url.pathname.startsWith('/gate/v1/')) return Promise.resolve(new Response('', { status: 404 }));
      url.pathname = url.pathname.slice('/gate/v1'.length);
      return fetch(new Request(url, request));
    });
    const { code, output } = await conformance({ BASE_URL: `${target.url}/gate/v1/`, WRITES: 'on' });
    await target.close();
    assert.equal(code, 0, output);
    assert.equal(report().verdict, 'conformant');
  });
});

test('a target in its strictest mode is conformant: signatures both ways, client id, tokens that expire within the run', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
  const directory = mkdtempSync(join(tmpdir(), 'strict-'));
  const file = join(directory, 'key.pem');
  writeFileSync(
    file,
    privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }),
  );
  const verifier = createSignatureVerifier({ publicKeys: new Map([['bank-key', publicKey]]), now: () => Date.now() });
  const signer = signerAt(() => Date.now());
  const reference = createReference({
    tokenLifetimeSeconds: 2,
    post: signDeliveries(postOverHttp, signer),
    verifyKeys: [signer.verifyKey],
  });
  const target = await serveReference(requireSignatures(reference.fetch, verifier));
  const { code, output } = await conformance({
    BASE_URL: target.url,
    WRITES: 'on',
    STRICT: 'on',
    SIGNING_KEY_FILE: file,
    SIGNING_KEY_ID: 'bank-key',
    SIGNING_KEY_PASSPHRASE: 'open sesame',
    WEBHOOK_LISTEN: '127.0.0.1:0',
    WEBHOOK_SIGNED: 'on',
  });
  reference.close();
  await target.close();
  rmSync(directory, { recursive: true });
  assert.equal(code, 0, output);
  assert.ok(!output.includes('not-applicable:'), output);
});

describe('secrets and hostile text', () => {
  const tokens: string[] = [];
  let ended: Ended;

  before(async () => {
    const { fetch } = createReference();
    const target = await serveReference(async (request) => {
      const authorization = request.headers.get('authorization') ?? '';
      const response = await fetch(request);
      const body = await response.text();
      const issued = /"access_token":"([^"]+)"/.exec(body)?.[1];
      if (issued !== undefined) tokens.push(issued);
      const headers = new Headers(response.headers);
      headers.set('x-echo', `${authorization} ${clientSecret}`);
      const told =
        issued === undefined && response.status >= 400
          ? body.replace(
              /"detail":"[^"]*"/,
              `"detail":${JSON.stringify(`</script><img src=x onerror=alert(1)>\u001b[31m\u202e ${authorization} ${clientSecret}`)}`,
            )
          : body;
      return new Response(
        told === '' ? null : told.replaceAll(/"securities_account_number":"\d/g, '"securities_account_number":"'),
        { status: response.status, headers },
      );
    });
    ended = await conformance({ BASE_URL: target.url, WRITES: 'on' });
    await target.close();
  });

  test('a violation is found all the same', () => {
    assert.equal(ended.code, 1);
    assert.equal(report().verdict, 'non-conformant');
    assert.match(ended.output, /account-group\.securities_account_number\.pattern/);
  });

  test('no artifact and no line of output holds a secret or a part of a token', () => {
    const texts = [...artifactTexts(), ['the output', ended.output] as const];
    assert.ok(tokens.length >= 4);
    assert.ok(texts.length > 50);
    const secrets = [clientSecret, ...tokens.map((token) => token.slice(0, 20))];
    const leaks = texts.filter(([, text]) => secrets.some((secret) => text.includes(secret))).map(([path]) => path);
    assert.deepEqual([...new Set(leaks)], []);
  });

  test('the output obeys no control character of the target', () => {
    assert.ok(!ended.output.includes('\u001b[31m\u202e'));
  });
});

describe('targets that cannot be tested end the run at once, with exit code 2 and a reason', () => {
  const targets: ReadonlyArray<readonly [words: string, listener: RequestListener, reason: RegExp]> = [
    ['never answers', () => undefined, /no answer in time|took too long/],
    ['hangs up', (request) => request.socket.destroy(), /other side closed|socket hang up|ECONNRESET/],
    [
      'whose token endpoint is an HTML page',
      (_, response) => response.setHeader('content-type', 'text/html').end('<html>'),
      /which is no token/,
    ],
    [
      'whose token endpoint forgets the token',
      (_, response) => response.setHeader('content-type', 'application/json').end('{}'),
      /which is no token/,
    ],
    ['whose token endpoint is down', (_, response) => response.writeHead(500).end(), /token endpoint answers 500/],
    ['that knows nobody', (_, response) => response.writeHead(401).end(), /token endpoint answers 401/],
    [
      'that stops in the middle',
      behindToken((request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"meta"');
        setTimeout(() => request.socket.destroy(), 50);
      }),
      /closed|aborted|terminated/,
    ],
    [
      'that never stops',
      behindToken((_, response) => {
        response.writeHead(200);
        const piece = 'x'.repeat(1 << 20);
        const more = () => {
          while (response.write(piece));
          response.once('drain', more);
        };
        more();
      }),
      /body is larger/,
    ],
    [
      'with thousands of headers',
      behindToken((_, response) => {
        for (let index = 0; index < 5000; index++) response.setHeader(`x-header-${index}`, 'x'.repeat(40));
        response.end('{}');
      }),
      /headers are larger/,
    ],
  ];
  for (const [words, listener, reason] of targets)
    test(`one ${words}`, async () => {
      const target = await listening(listener);
      const { code, output, seconds } = await conformance({ BASE_URL: target.url, TIMEOUT: '1' });
      await target.close();
      assert.equal(code, 2, output);
      assert.match(output, reason);
      assert.ok(seconds < 20);
      assert.ok(!output.includes('    at '), output);
      assert.notEqual(report().verdict, 'conformant');
      assert.equal(report().complete, true);
    });

  test('one that is not there', async () => {
    const { code, output } = await conformance({ BASE_URL: 'http://127.0.0.1:1' });
    assert.equal(code, 2);
    assert.match(output, /ECONNREFUSED/);
  });
});

describe('targets that answer, but not as the contract says, are violated', () => {
  let stranger: Served;
  const visits: string[] = [];
  before(async () => {
    stranger = await listening((request, response) => {
      visits.push(String(request.headers.authorization));
      response.end('{}');
    });
  });
  after(() => stranger.close());

  const targets: ReadonlyArray<readonly [words: string, listener: () => RequestListener]> = [
    [
      'a gateway with an HTML error page',
      () =>
        behindToken((_, response) =>
          response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
        ),
    ],
    [
      'a redirect to another host',
      () => behindToken((_, response) => response.writeHead(302, { location: stranger.url }).end()),
    ],
    [
      'a redirect to itself',
      () => behindToken((request, response) => response.writeHead(302, { location: request.url }).end()),
    ],
    [
      'invalid UTF-8',
      () =>
        behindToken((_, response) =>
          response.setHeader('content-type', 'application/json').end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
        ),
    ],
    [
      'a very deep body',
      () =>
        behindToken((_, response) =>
          response.setHeader('content-type', 'application/json').end(`${'['.repeat(200_000)}${']'.repeat(200_000)}`),
        ),
    ],
  ];
  for (const [words, listener] of targets)
    test(words, async () => {
      const target = await listening(listener());
      const { code, output } = await conformance({ BASE_URL: target.url, TIMEOUT: '2' }, undefined, [
        '--grep',
        '@responses',
      ]);
      await target.close();
      assert.equal(code, 1, output);
      assert.equal(report().verdict, 'non-conformant', output);
    });

  test('no redirect was followed', () => assert.deepEqual(visits, []));
});

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`${signal} in the middle: the report says incomplete, and what was created is cleared away`, async () => {
    const open = new Set<string>();
    const made = new EventEmitter();
    const { fetch } = createReference();
    const target = await serveReference(
      async (request) => {
        const { method, url } = request;
        const response = await fetch(request);
        const body = await response.clone().text();
        if (method === 'POST' && /\/(account_groups|webhooks)$/.test(url) && response.ok) {
          open.add((JSON.parse(body) as { id: string }).id);
          if (url.endsWith('/account_groups')) made.emit('group');
        }
        if (method === 'DELETE' && response.ok) open.delete(url.split('/').at(-1) ?? '');
        return response;
      },
      { latencyMs: 300 },
    );
    const { code, output } = await conformance(
      { BASE_URL: target.url, WRITES: 'on', WEBHOOK_LISTEN: '127.0.0.1:0' },
      { signal, when: once(made, 'group') },
    );
    await target.close();
    assert.equal(code, 130, output);
    assert.equal(report().verdict, 'incomplete');
    assert.deepEqual([...open], []);
  });

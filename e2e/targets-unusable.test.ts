import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { describe, test } from 'node:test';
import { file } from '../harness/fixtures.ts';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { behindToken, listening } from './fixtures.ts';
import { runInProcess, seenAt } from './in-process.ts';

describe('a target that cannot be tested ends the run with a reason', () => {
  const targets: ReadonlyArray<readonly [words: string, listener: RequestListener, reason: RegExp]> = [
    ['never answers', () => undefined, /in time|took too long/],
    ['hangs up', (request) => request.socket.destroy(), /other side closed|socket hang up|ECONNRESET/],
    [
      'whose token endpoint forgets the token',
      (_, response) => response.setHeader('content-type', 'application/json').end('{}'),
      /without a usable access_token/,
    ],
    [
      'whose token endpoint is down',
      (_, response) => response.writeHead(500).end(),
      /token endpoint answers POST .* -> 500: the token endpoint itself fails/,
    ],
    [
      'that accepts no client',
      (_, response) => response.writeHead(401).end(),
      /token endpoint answers POST .* -> 401\./,
    ],
    [
      'that stops in the middle',
      behindToken((request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"meta"', () => request.socket.destroy());
      }),
      /closed|aborted|terminated|ECONNRESET/,
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
      // A target that answers may be slow on a busy machine.
      const { trouble } = await seenAt({ BASE_URL: target.url, TIMEOUT: words === 'never answers' ? '1' : '600' });
      await target.close();
      assert.match(trouble ?? 'none', reason);
    });
});

const json =
  (status: number, body: unknown): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const page: RequestListener = (_, response) =>
  void response.setHeader('content-type', 'text/html').end('<!doctype html><title>Sign in</title>');

describe('each cause is reported once, with the URL, the setting and a hint', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
  const key = file('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const signing = { SIGNING_KEY_FILE: key, SIGNING_KEY_ID: 'ec3a9c5e-3c40-4d48-a4cc-1be5cbd8a5ab' };
  const refusal = { title: 'Unauthorized', detail: 'no such token' };
  const unsigned = { title: 'Unauthorized', detail: 'the Signature header is missing' };
  const causes: ReadonlyArray<
    readonly [words: string, listener: RequestListener, says: RegExp, env?: Readonly<Record<string, string>>]
  > = [
    [
      'a login page at the token endpoint',
      page,
      /token -> 200.*a web page, not a token; check BASE_URL, or set TOKEN_URL/,
    ],
    [
      'credentials of another target',
      json(401, { error: 'invalid_client' }),
      /-> 401, "invalid_client".*CLIENT_SECRET/,
    ],
    [
      'a path prefix too few at the token endpoint',
      (_, response) => response.writeHead(404).end(),
      /auth\/token -> 404.*check BASE_URL/,
    ],
    [
      'a redirection',
      (_, response) => response.writeHead(301, { location: 'https://elsewhere.test/' }).end(),
      /redirects to https:\/\/elsewhere\.test\/.*set BASE_URL or TOKEN_URL/,
    ],
    [
      'plain HTTP at a port for TLS',
      (_, response) => response.writeHead(400).end('The plain HTTP request was sent to HTTPS port'),
      /has to begin with https:\/\//,
    ],
    [
      'a login page instead of the API',
      behindToken(page),
      /account_groups -> 200, "Sign in": a web page, not the API.*BASE_URL/,
    ],
    [
      'a path prefix too many',
      behindToken((_, response) => response.writeHead(404).end()),
      /-> 404: the API is not at this URL.*prefix.*BASE_URL/,
    ],
    [
      'the same, where creations may be asked for',
      behindToken(json(404, {})),
      /-> 404.*: the API is not at this URL/,
      { WRITES: 'on' },
    ],
    [
      'tokens that nothing accepts',
      behindToken(json(401, refusal)),
      /-> 401, "Unauthorized: no such token", to a token.*TOKEN_URL.*SIGNING_KEY_FILE/,
    ],
    [
      'signatures that are missing',
      behindToken(json(401, unsigned)),
      /it requires signed requests.*SIGNING_KEY_FILE and SIGNING_KEY_ID/,
    ],
    [
      'a signature that is not accepted',
      behindToken(json(401, unsigned)),
      /does not accept the signature.*knows SIGNING_KEY_ID/,
      signing,
    ],
  ];
  for (const [words, listener, says, env] of causes)
    test(words, async () => {
      let requests = 0;
      const target = await listening((request, response) => {
        requests++;
        listener(request, response);
      });
      const { trouble = 'none' } = await seenAt({ BASE_URL: target.url, TIMEOUT: '600', ...env });
      await target.close();
      assert.match(trouble, says);
      assert.ok(trouble.includes(target.url), trouble);
      assert.ok(requests <= 4, `${requests} requests`);
    });

  test('a target that serves requests without a token is noted, and tested', async () => {
    const target = await listening(behindToken(json(200, { data: [] })));
    const { trouble, notes } = await seenAt({ BASE_URL: target.url, ...signing });
    await target.close();
    assert.equal(trouble, undefined);
    assert.match(
      notes.map(({ says }) => says).join('\n'),
      /without any token: .* fail for this one reason\n.*without a signature: /,
    );
  });

  test('a target without one of the operations is tested', async () => {
    const { fetch } = createReference();
    const isList = ({ method, url }: Request) => method === 'GET' && new URL(url).pathname === '/account_groups';
    for (const status of [401, 404, 500]) {
      const target = await serveReference(async (request) =>
        isList(request) ? new Response('<html>', { status, headers: { 'content-type': 'text/html' } }) : fetch(request),
      );
      const { trouble } = await seenAt({ BASE_URL: target.url, WRITES: 'on' });
      await target.close();
      assert.equal(trouble, undefined);
    }
  });

  test('there is no note about a conforming target', async () => {
    const target = await serveReference(createReference().fetch);
    const seen = await seenAt({ BASE_URL: target.url });
    await target.close();
    assert.deepEqual(seen, { trouble: undefined, notes: [] });
  });
});

test('an unknown USER_ID is detected within two requests, and blocks without a violation', async () => {
  const { fetch } = createReference();
  let creations = 0;
  const user = '11111111-2222-4333-8444-555555555555';
  const target = await serveReference(async (request) => {
    if ((await request.clone().text()).includes(user)) creations++;
    return fetch(request);
  });
  const one = await runInProcess({ BASE_URL: target.url, WRITES: 'on', USER_ID: user, SETTLE_TIMEOUT: '2' }, ({ id }) =>
    ['close.course', 'create.one-group', 'create.same-key'].includes(id),
  );
  await target.close();
  assert.deepEqual(one.with('failed'), []);
  const unknown = one.verdicts.filter(({ reason }) => /does not know whom USER_ID names/.test(reason ?? ''));
  assert.deepEqual([...new Set(unknown.map(({ verdict }) => verdict))], ['blocked']);
  assert.ok(creations >= 1 && creations <= 2, `${creations} creations`);
});

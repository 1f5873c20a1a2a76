import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, test } from 'node:test';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';
import { behindToken, listening } from './end-to-end-fixtures.ts';
import { told, troubleWith } from './in-process.ts';

describe('targets that cannot be tested give a reason, and end', () => {
  const targets: ReadonlyArray<readonly [words: string, listener: RequestListener, reason: RegExp]> = [
    ['never answers', () => undefined, /in time|took too long/],
    ['hangs up', (request) => request.socket.destroy(), /other side closed|socket hang up|ECONNRESET/],
    [
      'whose token endpoint is an HTML page',
      (_, response) => response.setHeader('content-type', 'text/html').end('<html>'),
      /without a token that can be used/,
    ],
    [
      'whose token endpoint forgets the token',
      (_, response) => response.setHeader('content-type', 'application/json').end('{}'),
      /without a token that can be used/,
    ],
    ['whose token endpoint is down', (_, response) => response.writeHead(500).end(), /token endpoint answers 500/],
    ['that knows nobody', (_, response) => response.writeHead(401).end(), /token endpoint answers 401/],
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
      // Whoever does answer may take as long as a busy machine makes it.
      const trouble = await troubleWith({ BASE_URL: target.url, TIMEOUT: words === 'never answers' ? '1' : '600' });
      await target.close();
      assert.match(trouble ?? 'none', reason);
    });
});

test('a user that the target does not know blocks, and is no violation', async () => {
  const target = await serveReference(createReference().fetch);
  const one = await told(
    { BASE_URL: target.url, WRITES: 'on', USER_ID: '11111111-2222-4333-8444-555555555555', SETTLE_TIMEOUT: '2' },
    ({ area }) => area === 'lifecycle',
  );
  await target.close();
  assert.deepEqual(one.with('failed'), []);
  const blocked = one.verdicts.find(({ requirement }) => requirement.id === 'create.type.as-asked');
  assert.equal(blocked?.verdict, 'blocked');
  assert.match(blocked?.reason ?? '', /does not know whom USER_ID names/);
});

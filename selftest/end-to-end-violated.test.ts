import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Served } from '../reference/serve.ts';
import { behindToken, CREDENTIALS, listening } from './end-to-end-fixtures.ts';
import { Workspace } from './workspace.ts';

const workspace = new Workspace();
after(() => workspace.remove());

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
      const { code, output } = await workspace.conformance(
        { BASE_URL: target.url, TIMEOUT: '2', ...CREDENTIALS },
        '--grep',
        'list_account_groups answers a permitted request',
      );
      await target.close();
      assert.equal(code, 1, output);
      assert.equal(workspace.report().verdict, 'non-conformant', output);
    });

  test('no redirect was followed', () => assert.deepEqual(visits, []));
});

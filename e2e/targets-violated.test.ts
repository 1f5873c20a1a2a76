import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Served } from '../reference/serve.ts';
import { behindToken, listening } from './fixtures.ts';
import { runInProcess } from './in-process.ts';

describe('a target with unusable answers is non-conformant', () => {
  let stranger: Served;
  const visits: string[] = [];
  before(async () => {
    stranger = await listening((request, response) => {
      visits.push(String(request.headers.authorization));
      response.end('{}');
    });
  });
  after(() => stranger.close());

  const json = (body: string | Buffer) => () =>
    behindToken((_, response) => response.setHeader('content-type', 'application/json').end(body));
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
    ['invalid UTF-8', json(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
    ['a very deep body', json(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)],
  ];
  for (const [words, listener] of targets)
    test(words, async () => {
      const target = await listening(listener());
      const one = await runInProcess({ BASE_URL: target.url }, ({ id }) => id === 'list.permitted');
      await target.close();
      assert.notDeepEqual(one.with('failed'), []);
      assert.equal(one.results.get('list.permitted')?.error, undefined);
    });

  test('no redirect is followed', () => assert.deepEqual(visits, []));
});

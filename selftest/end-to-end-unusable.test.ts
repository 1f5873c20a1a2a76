import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { after, describe, test } from 'node:test';
import { readReport } from '../reporters/report-file.ts';
import { behindToken, CREDENTIALS, listening, lying } from './end-to-end-fixtures.ts';
import { Workspace } from './workspace.ts';

const workspace = new Workspace();
after(() => workspace.remove());

describe('a lost BASE_URL', () => {
  test('ends the run with exit code 2, and no report says that anything conforms', async () => {
    const { code, output } = await workspace.conformance({ ...CREDENTIALS, BASE_URL: '' });
    assert.equal(code, 2, output);
    assert.match(
      output,
      /BASE_URL: is missing; accepted: the target that CLIENT_ID, CLIENT_SECRET describe, or reference/,
    );
    assert.throws(() => workspace.report());
  });

  test('is told from one that is meant', async () => {
    const { code, output } = await workspace.conformance(
      { ...CREDENTIALS, BASE_URL: 'reference' },
      '--grep',
      'answers a permitted request',
    );
    assert.equal(code, 1, output);
    assert.match(output, /against the embedded reference[\s\S]*verdict: incomplete/);
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
      const startedAt = performance.now();
      const { code, output } = await workspace.conformance({ BASE_URL: target.url, TIMEOUT: '1', ...CREDENTIALS });
      const seconds = (performance.now() - startedAt) / 1000;
      await target.close();
      assert.equal(code, 2, output);
      assert.match(output, reason);
      assert.ok(seconds < 20);
      assert.ok(!output.includes('    at '), output);
      assert.notEqual(workspace.report().verdict, 'conformant');
      assert.equal(workspace.report().complete, true);
    });

  test('one that is not there', async () => {
    const { code, output } = await workspace.conformance({ BASE_URL: 'http://127.0.0.1:1', ...CREDENTIALS });
    assert.equal(code, 2);
    assert.match(output, /ECONNREFUSED/);
  });
});

describe('a user that the target does not know', () => {
  test('blocks, and is no violation', async () => {
    const target = await lying([]);
    const USER_ID = '11111111-2222-4333-8444-555555555555';
    const settings = { BASE_URL: target.url, ...CREDENTIALS, WRITES: 'on', USER_ID, SETTLE_TIMEOUT: '2' };
    const { code, output } = await workspace.conformance(settings, '--grep', '@lifecycle');
    await target.close();
    assert.equal(code, 1, output);
    const { requirements } = readReport(workspace.path('reports/conformance.json'));
    assert.deepEqual(
      requirements.filter(({ verdict }) => verdict === 'failed'),
      [],
    );
    const blocked = requirements.find(({ id }) => id === 'create.type-as-asked');
    assert.equal(blocked?.verdict, 'blocked');
    assert.match(blocked?.reason ?? '', /does not know the user .* that USER_ID names/);
  });

  test('is still told of after somebody has looked at the list of tests', async () => {
    const before = readFileSync(workspace.path('reports/conformance.json'), 'utf8');
    const { code, output } = await workspace.conformance({}, '--list');
    assert.equal(code, 0, output);
    assert.match(output, /Total: \d+ tests/);
    assert.equal(readFileSync(workspace.path('reports/conformance.json'), 'utf8'), before);
  });
});

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { createReference, type Reference } from './app.ts';
import { clientId, FORM, NOBODY, object, objects, text, UUID_V4 } from './fixtures.ts';
import { serveReference } from './serve.ts';

describe('over HTTP', () => {
  const headers = { 'upvest-client-id': clientId };
  const withServer = async (work: (url: string, reference: Reference) => Promise<void>, options = {}) => {
    const reference = createReference({ activationMs: 0 });
    const { url, close } = await serveReference(reference.fetch, options);
    try {
      await work(url, reference);
    } finally {
      await close();
      await close();
    }
    await assert.rejects(fetch(url));
  };

  test('responses are complete', () =>
    withServer(async (url) => {
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const issued = await fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(FORM) });
      const authorization = `Bearer ${text(object(await issued.json()).access_token)}`;
      const ask = (path: string, init: RequestInit = {}) =>
        fetch(url + path, { ...init, headers: { ...headers, authorization, ...init.headers } });
      const list = await ask('/account_groups?limit=1000');
      assert.equal(list.headers.get('content-type'), 'application/json');
      const active = objects(object(await list.json()).data).find(({ status }) => status === 'ACTIVE');
      const closed = await ask(`/account_groups/${active?.id}`, { method: 'DELETE' });
      assert.deepEqual([closed.status, closed.headers.get('content-type')], [202, null]);
      assert.equal(await closed.text(), '');
      const head = await ask(`/account_groups/${active?.id}`, { method: 'HEAD' });
      assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'application/json']);
      const large = await ask('/account_groups', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': NOBODY },
        body: ' '.repeat(1_000_000),
      });
      assert.equal(large.status, 400);
      await large.text();
      for (const answer of [issued, list, closed, head, large, await ask('/nope')]) {
        assert.match(answer.headers.get('upvest-request-id') ?? '', UUID_V4);
      }
    }));

  const raw = (url: string, message: string) =>
    new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end(message));
      socket.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      socket.on('end', () => resolve(received)).on('error', reject);
    });

  for (const [name, message, status] of [
    ['TRACE', 'TRACE /account_groups HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 405],
    ['an unusable host', 'GET /account_groups HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', 400],
    ['a doubled slash', 'GET //account_groups HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 404],
  ] as const) {
    test(`${name}: ${status} as a problem`, () =>
      withServer(async (url) => {
        const answer = await raw(url, message);
        assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
        assert.match(answer, /\r\nupvest-request-id: [0-9a-f-]{36}\r\n/);
        assert.match(answer, /\r\ncontent-type: application\/problem\+json\r\n/);
      }));
  }

  test('waits for the latency before it processes a request', async () => {
    const log: string[] = [];
    const sleep = async (milliseconds: number) => void log.push(`waited ${milliseconds} ms`);
    const handle = async () => {
      log.push('handled');
      return new Response();
    };
    const { url, close } = await serveReference(handle, { latencyMs: 40, sleep });
    await (await fetch(url)).text();
    await close();
    assert.deepEqual(log, ['waited 40 ms', 'handled']);
  });

  test('closes while connections and requests are open', async () => {
    let notify = () => {};
    const request = new Promise<void>((resolve) => {
      notify = resolve;
    });
    const sleep = () => {
      notify();
      return new Promise<void>(() => {});
    };
    const { url, close } = await serveReference(createReference().fetch, { latencyMs: 1, sleep });
    const pending = assert.rejects(fetch(url));
    await request;
    await close();
    await pending;
  });

  test('a port in use is an error', () =>
    withServer((url) => assert.rejects(serveReference(createReference().fetch, { port: Number(new URL(url).port) }))));
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import type { Listen, ReceivedRequest } from '../delivery.ts';
import { httpListen } from './listener.ts';

/** Anyone who finds the port can send anything to a run that listens. */

const MIB = 1024 * 1024;
const LOOPBACK = { host: '127.0.0.1', port: 0, url: undefined };

let heard: ReceivedRequest[] = [];
let answer: (request: ReceivedRequest) => number = () => 204;
let listener: Awaited<ReturnType<Listen>>;

beforeEach(async () => {
  heard = [];
  answer = () => 204;
  listener = await httpListen(LOOPBACK)((request) => {
    heard.push(request);
    return answer(request);
  });
});
afterEach(() => listener.close());

/** A raw connection, and everything received over it until it ended. */
async function dial() {
  const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  socket.on('error', () => undefined);
  const ended = new Promise<string>((done) => void socket.once('close', () => done(said)));
  await once(socket, 'connect');
  return { socket, ended };
}

async function say(text: string): Promise<string> {
  const { socket, ended } = await dial();
  socket.write(text);
  return ended;
}

const post = (body: string | Uint8Array | ReadableStream<Uint8Array>) =>
  fetch(`${listener.url}/x`, { method: 'POST', body, duplex: 'half' });

const isStillHere = async () => assert.equal((await post('still here')).status, 204);

test('a request is passed on as received', async () => {
  const said = await say(
    'POST /A//b/../c?x=%20&y HTTP/1.1\r\nHost: h\r\nX-Twice: 1\r\nx-twice:  2 \r\nX-Odd: \xe9\r\nContent-Length: 3\r\nConnection: close\r\n\r\na\0b',
  );
  assert.match(said, /^HTTP\/1\.1 204 /);
  const [request] = heard;
  assert.equal(`${request?.method} ${request?.path}`, 'POST /A//b/../c?x=%20&y');
  assert.deepEqual(
    request?.headers.filter(([name]) => name.startsWith('x-t')),
    [
      ['x-twice', '1'],
      ['x-twice', '2'],
    ],
  );
  assert.deepEqual(Buffer.from(request?.body ?? []), Buffer.from('a\0b'));
});

test('the answer has the returned status and no body', async () => {
  answer = () => 503;
  const response = await post('x');
  assert.deepEqual([response.status, await response.text()], [503, '']);
});

describe('a body', () => {
  test('of the maximum size is passed on', async () => {
    assert.equal((await post(new Uint8Array(4 * MIB))).status, 204);
    assert.equal(heard[0]?.body.length, 4 * MIB);
  });

  test('beyond it is answered with 413, and not passed on', async () => {
    for (const size of [4 * MIB + 1, 20 * MIB]) assert.equal((await post(new Uint8Array(size))).status, 413, `${size}`);
    assert.equal(heard.length, 0);
    await isStillHere();
  });

  test('beyond it in chunks is answered with 413 as well', async () => {
    let left = 6;
    const pieces = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(MIB)) : controller.close()),
    });
    assert.equal((await post(pieces)).status, 413);
    assert.equal(heard.length, 0);
  });

  test('without end ends with the connection', async () => {
    const { socket, ended } = await dial();
    socket.write('POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n');
    const piece = `${MIB.toString(16)}\r\n${'x'.repeat(MIB)}\r\n`;
    const more = (error?: Error | null) => void (error ?? socket.write(piece, more));
    more();
    assert.equal(await ended, '');
    assert.equal(heard.length, 0);
    await isStillHere();
  });

  test('that breaks off is not passed on', async () => {
    const { socket, ended } = await dial();
    socket.write('POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"payload"', () =>
      socket.resetAndDestroy(),
    );
    await ended;
    await isStillHere();
    assert.equal(heard.length, 1);
  });
});

describe('a listener', () => {
  test('closes at once, even in the middle of a request', async () => {
    const half: Array<{ socket: Socket; ended: Promise<string> }> = [];
    for (const text of [
      '',
      'POST /x HT',
      'POST /x HTTP/1.1\r\nHost: h\r\n',
      'POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx',
    ]) {
      const one = await dial();
      if (text !== '') await new Promise((done) => one.socket.write(text, done));
      half.push(one);
    }
    await isStillHere();
    await listener.close();
    await Promise.all(half.map(({ ended }) => ended));
    await assert.rejects(post('x'));
    assert.equal(heard.length, 1);
    await listener.close();
  });

  test('survives input that is not HTTP', async () => {
    for (const text of [
      '220 mail.test ESMTP\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01',
      'POST / HTTP/9.9\r\n\r\n',
      'POST /x HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n',
    ])
      assert.match(await say(text), /^(HTTP\/1\.1 400 |$)/);
    assert.match(await say(`POST /x HTTP/1.1\r\nHost: h\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`), /^(HTTP\/1\.1 431 |$)/);
    assert.equal(heard.length, 0);
    await isStillHere();
  });

  test('passes on malformed paths', async () => {
    for (const path of ['//', '///x', '*', 'http://[', 'http://other.test/x'])
      assert.match(
        await say(`POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`),
        /^HTTP\/1\.1 /,
      );
    assert.deepEqual(
      heard.map(({ path }) => path),
      ['//', '///x', '*', 'http://[', 'http://other.test/x'],
    );
  });

  test('whose handler throws only ends that connection', async () => {
    answer = () => {
      throw new TypeError('a bug');
    };
    await assert.rejects(post('x'));
    answer = () => 204;
    await isStillHere();
  });

  test('whose handler returns an invalid status only ends that connection', async () => {
    answer = () => Number.NaN;
    await assert.rejects(post('x'));
    answer = () => 204;
    await isStillHere();
  });

  test('handles many requests at a time', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 50 }, (_, index) => post(`${index}`).then(({ status }) => status)),
    );
    assert.deepEqual(new Set(statuses), new Set([204]));
    assert.equal(new Set(heard.map(({ body }) => Buffer.from(body).toString())).size, 50);
  });

  test('has the URL of its address, or the given one', async () => {
    assert.match(listener.url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    const given = await httpListen({ ...LOOPBACK, url: 'https://me.test/hooks' })(() => 204);
    assert.equal(given.url, 'https://me.test/hooks');
    await given.close();
  });

  test('brackets an IPv6 address', async (context) => {
    const six = await httpListen({ ...LOOPBACK, host: '::1' })(() => 204).catch(() => undefined);
    if (six === undefined) return context.skip('no IPv6 here');
    assert.match(six.url, /^http:\/\/\[::1\]:\d+$/);
    assert.equal((await fetch(six.url, { method: 'POST' })).status, 204);
    await six.close();
  });
});

describe('an address that cannot be bound', () => {
  const other = createServer();
  after(() => void other.close());

  test('is rejected with the reason', async () => {
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    await assert.rejects(
      httpListen({ ...LOOPBACK, port })(() => 204),
      new RegExp(`EADDRINUSE.*127\\.0\\.0\\.1:${port}`),
    );
    await assert.rejects(
      httpListen({ ...LOOPBACK, host: '203.0.113.1' })(() => 204),
      /EADDRNOTAVAIL/,
    );
  });
});

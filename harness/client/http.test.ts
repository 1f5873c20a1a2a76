import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { allCases } from '../../tests/cases/index.ts';
import type { Requirement } from '../contract/index.ts';
import type { Exchange } from '../exchange.ts';
import { contract } from '../fixtures.ts';
import { openSession } from '../run/open-session.ts';
import { requirementVerdicts } from '../verdicts/verdicts.ts';
import { httpSend } from './http.ts';
import { Redactor } from './redactor.ts';
import { SYSTEM_CLOCK, TransportError } from './wire.ts';

/** For servers that never complete an answer, in milliseconds. */
const SHORT_MS = 200;
/** For servers that end by themselves: no busy machine takes this long. */
const LONG_MS = 600_000;
/** The messages for an answer that takes too long; which one comes first depends on the load of the machine. */
const LATE = /no connection in time|no answer in time|body stopped arriving|took too long/;
const MIB = 1024 * 1024;

/** What a server does with a connection after it has read a request. */
type Manner = (socket: Socket, request: string) => void;

interface Server {
  readonly origin: string;
  /** Request lines. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

async function serve(manner: Manner, onConnect: (socket: Socket) => void = () => undefined): Promise<Server> {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    onConnect(socket);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const [head = '', ...rest] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (rest.length === 0 || rest.join('\r\n\r\n').length < length) return;
      asked.push(text.split('\r\n')[0] ?? '');
      text = '';
      manner(socket, asked.at(-1) ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    origin: `http://127.0.0.1:${address.port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Writes a beginning, then repeats a chunk for as long as the other side reads. */
const drip =
  (beginning: string, piece: string): Manner =>
  (socket) => {
    const next = () => {
      if (!socket.destroyed && socket.writable) socket.write(piece, () => setImmediate(next));
    };
    socket.write(beginning, next);
  };

const ok = (headers: string, body = '') => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${body}`;
const CHUNKED = 'content-type: application/json\r\ntransfer-encoding: chunked';
const reset: Manner = (socket) => socket.resetAndDestroy();

const TROUBLES: ReadonlyArray<readonly [what: string, manner: Manner, says: RegExp]> = [
  ['a reset', reset, /reset|socket|closed/i],
  ['a hang-up', (socket) => socket.end(), /closed|socket/i],
  ['a truncated body', (socket) => socket.end(ok('content-length: 100', '{"meta":')), /closed|terminated|mismatch/i],
  ['a truncated chunk', (socket) => socket.end(ok(CHUNKED, 'ff\r\n{"meta":')), /closed|terminated/i],
  ['a body that ends in a reset', (socket) => socket.write(ok('content-length: 9', '{'), () => reset(socket, '')), /./],
  ['headers, then silence', (socket) => void socket.write(ok('content-length: 100')), LATE],
  ['half of the headers, then silence', (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-'), LATE],
  ['no answer at all', () => undefined, LATE],
  ['headers that never end', drip('HTTP/1.1 200 OK\r\n', 'x: y\r\n'), /headers are larger than/],
  [
    'huge headers',
    (socket) => void socket.write(ok(`x: ${'y'.repeat(100_000)}\r\ncontent-length: 0`)),
    /headers are larger than/,
  ],
  [
    'very many headers',
    (socket) => void socket.write(ok(`${'x: yyyyyyyyyyyyyyyy\r\n'.repeat(5000)}content-length: 0`)),
    /headers are larger than/,
  ],
  ['a body that drips for ever', drip(ok(CHUNKED), '1\r\n{\r\n'), LATE],
  ['a body without end', drip(ok(CHUNKED), `100000\r\n${' '.repeat(MIB)}\r\n`), /larger than \d+ bytes/],
  ['preliminary answers without end', drip('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), LATE],
  ['something that is not HTTP', (socket) => socket.end('220 mail.test ESMTP ready\r\n'), /./],
  ['two lengths', (socket) => void socket.write(ok('content-length: 2\r\ncontent-length: 3', '{}')), /./],
];

/** Sends one request to a server and closes everything afterwards. */
async function once(origin: string, timeoutMs = LONG_MS, path = '/account_groups?x=1') {
  const { send, close } = httpSend({ timeoutMs });
  try {
    const headers = [['accept', 'application/json']] as const;
    return await send({ method: 'GET', url: new URL(path, origin), headers, body: undefined });
  } finally {
    await close();
  }
}

async function assertTrouble(origin: string, says: RegExp): Promise<void> {
  await assert.rejects(once(origin, says === LATE ? SHORT_MS : LONG_MS), (error) => {
    assert.ok(error instanceof TransportError, String(error));
    assert.match(error.message, /^GET https?:\/\/127\.0\.0\.1:\d+\/account_groups: ./);
    assert.match(error.message, says);
    return true;
  });
}

describe('an incomplete answer is a transport error, and never hangs', { concurrency: true }, () => {
  for (const [what, manner, says] of TROUBLES)
    test(what, async () => {
      const server = await serve(manner);
      try {
        await assertTrouble(server.origin, says);
      } finally {
        await server.close();
      }
    });

  test('a refused connection', async () => {
    const server = await serve(reset);
    await server.close();
    await assertTrouble(server.origin, /ECONNREFUSED/);
  });

  test('TLS to a plain HTTP port', async () => {
    const server = await serve(reset, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    try {
      await assertTrouble(server.origin.replace('http:', 'https:'), /SSL|TLS|wrong version|socket|closed/i);
    } finally {
      await server.close();
    }
  });
});

test('the error of a crashed target names the requests that were in flight', async () => {
  const server = await serve((socket, request) => {
    if (request.includes('fatal')) socket.destroy();
    else socket.write(ok('content-length: 2', '{}'));
  });
  const { send, close } = httpSend({ timeoutMs: LONG_MS });
  const get = (path: string) =>
    send({ method: 'GET', url: new URL(path, server.origin), headers: [], body: undefined });
  await get('/fine');
  await assert.rejects(get('/fatal?x=1'), (error: Error) => !error.message.includes('https://'));
  await server.close();
  await assert.rejects(get('/later'), /it no longer listens; it crashed at one of these requests: GET \/fatal\?x=1 \(/);
  await close();
});

test('the body of a request in flight is named without any part of a secret', async () => {
  const secret = 'S3cr3t'.repeat(60);
  const redactor = new Redactor();
  redactor.add(secret, 'CLIENT_SECRET');
  const server = await serve((socket, request) => {
    if (request.startsWith('POST')) socket.destroy();
    else socket.write(ok('content-length: 2', '{}'));
  });
  const { send, close } = httpSend({ timeoutMs: LONG_MS });
  const ask = (method: string, body?: string) =>
    send({
      method,
      url: new URL('/auth/token', server.origin),
      headers: [],
      body: body === undefined ? undefined : new TextEncoder().encode(body),
    });
  await ask('GET');
  await assert.rejects(ask('POST', `client_secret=${secret}&scope=x`));
  await server.close();
  await assert.rejects(ask('GET'), (error: Error) => {
    const clean = redactor.redact(error.message);
    return clean.includes('client_secret=$CLIENT_SECRET') && !clean.includes('S3cr');
  });
  await close();
});

describe('a complete answer is returned as received', () => {
  const answers: ReadonlyArray<readonly [what: string, raw: string, status: number, body: string]> = [
    ['with a length', ok('content-length: 2', '{}'), 200, '{}'],
    ['in chunks', ok(CHUNKED, '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n'), 200, '{}'],
    ['until the end of the connection', ok('connection: close', '{}'), 200, '{}'],
    ['after a preliminary one', `HTTP/1.1 103 Early Hints\r\n\r\n${ok('content-length: 0')}`, 200, ''],
    ['as a redirect', 'HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n', 302, ''],
    ['compressed without being asked for', ok('content-encoding: gzip\r\ncontent-length: 2', '{}'), 200, '{}'],
    ['of a status of its own', 'HTTP/1.1 799 Odd\r\ncontent-length: 0\r\n\r\n', 799, ''],
  ];
  for (const [what, raw, status, body] of answers)
    test(what, async () => {
      const server = await serve((socket) => void socket.end(raw));
      try {
        const answer = await once(server.origin);
        assert.deepEqual([answer.status, new TextDecoder().decode(answer.body)], [status, body]);
        assert.deepEqual(server.asked, ['GET /account_groups?x=1 HTTP/1.1']);
      } finally {
        await server.close();
      }
    });

  test('with its headers in order, in lower case, repeated where they repeat', async () => {
    const server = await serve((socket) => void socket.end(ok('X-B: 1\r\nX-A: 2\r\nx-b: 3\r\nContent-Length: 0')));
    try {
      const { headers } = await once(server.origin);
      assert.deepEqual(headers.slice(0, 3), [
        ['x-b', '1'],
        ['x-a', '2'],
        ['x-b', '3'],
      ]);
    } finally {
      await server.close();
    }
  });
});

const isAboutTokens = ({ operation }: Exchange) =>
  contract.operations.some(({ name, issuesTokens }) => issuesTokens && name === operation);

/** The verdicts of a whole run against a target. */
async function verdictsOf(origin: string, timeoutMs: number) {
  const { send, close } = httpSend({ timeoutMs });
  const { privateKey } = generateKeyPairSync('ed25519');
  const signing = { keyId: 'k1', privateKey, digest: undefined };
  const target = { baseUrl: origin, tokenUrl: `${origin}/auth/token`, clientId: 'me', clientSecret: 'hush', signing };
  const conduct = { writes: true, userIds: [], seed: 1, settleMs: 100, deliveriesSigned: false };
  const { session } = openSession(contract, target, conduct, { send, clock: SYSTEM_CLOCK });
  try {
    const cases = allCases(contract);
    const results = await Promise.all(cases.map((one) => session.result(one)));
    const options = { writes: true, strict: true, tolerateAdditive: false };
    const verdicts = requirementVerdicts(contract, cases, new Map(results.map((one) => [one.case, one])), options);
    const tokens = new Set(results.flatMap(({ exchanges }) => exchanges.filter(isAboutTokens).map(({ id }) => id)));
    // Complete answers of the token endpoint count.
    return verdicts.filter(({ exchanges }) => exchanges.length === 0 || !exchanges.every((id) => tokens.has(id)));
  } finally {
    await close();
  }
}

describe('a target without complete answers never fails a requirement', () => {
  const TOKEN = '{"access_token":"t","token_type":"bearer","expires_in":60}';
  const issuing =
    (manner: Manner): Manner =>
    (socket, request) =>
      /^POST \/auth\/token/.test(request)
        ? void socket.write(ok(`content-type: application/json\r\ncontent-length: ${TOKEN.length}`, TOKEN))
        : // Of an answer to HEAD the headers are all there is.
          (/^HEAD /.test(request) ? reset : manner)(socket, request);
  for (const what of ['a reset', 'a truncated body', 'headers, then silence', 'no answer at all', 'huge headers'])
    for (const tokens of [true, false])
      test(`${what}, ${tokens ? 'though it issues tokens' : 'also for tokens'}`, async () => {
        const [, manner = reset, says] = TROUBLES.find(([name]) => name === what) ?? [];
        const server = await serve(tokens ? issuing(manner) : manner);
        try {
          // Answers of the token endpoint prove what holds for any answer.
          const isAnswered = ({ id, operation }: Requirement) =>
            tokens && (operation === undefined || /^(access-)?token\./.test(id));
          const verdicts = await verdictsOf(server.origin, says === LATE ? SHORT_MS : LONG_MS);
          for (const { requirement, verdict } of verdicts.filter((one) => !isAnswered(one.requirement)))
            if (requirement.area === 'webhooks') assert.equal(verdict, 'excluded', requirement.id);
            else if (requirement.provocable) assert.match(verdict, /^(error|blocked)$/, requirement.id);
            else assert.match(verdict, /^(error|blocked|untested)$/, requirement.id);
        } finally {
          await server.close();
        }
      });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { httpSend } from '../harness/client/http.ts';

/** Network setups of banks: a private certificate authority, client certificates, a proxy. */

const directory = mkdtempSync(join(tmpdir(), 'network-'));
const path = (name: string) => join(directory, name);
const text = (name: string) => readFileSync(path(name), 'utf8');
const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'ignore' });
const hasOpenssl = (() => {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
})();
const servers: Server[] = [];

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const get = (url: string) => ({
  method: 'GET',
  url: new URL(url),
  headers: [['accept', 'application/json']] as const,
  body: undefined,
});

describe('TLS and proxy', { skip: hasOpenssl ? false : 'openssl is not installed' }, () => {
  let port = 0;
  let proxyPort = 0;
  const tunnels: string[] = [];

  before(async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=authority',
      '-days',
      '2',
    );
    for (const name of ['server', 'client']) {
      openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      );
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-out',
        `${name}.pem`,
        '-days',
        '2',
        '-copy_extensions',
        'copy',
      );
    }
    const target = createHttps(
      {
        key: text('server.key'),
        cert: text('server.pem'),
        ca: text('ca.pem'),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (_, response) => response.end('here'),
    );
    port = await listen(target);
    const proxy = createHttp().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    proxyPort = await listen(proxy);
  });

  after(() => {
    for (const server of servers) server.close();
    rmSync(directory, { recursive: true });
  });

  const ask = async (options: Parameters<typeof httpSend>[0], url = `https://127.0.0.1:${port}/`) => {
    const { send, close } = httpSend(options);
    try {
      return Buffer.from((await send(get(url))).body).toString();
    } finally {
      await close();
    }
  };
  const usual = { timeoutMs: 10_000 };

  test('a private certificate authority and a client certificate', async () => {
    assert.equal(
      await ask({ ...usual, tls: { ca: text('ca.pem'), cert: text('client.pem'), key: text('client.key') } }),
      'here',
    );
  });

  test('an unknown certificate authority is not trusted', async () => {
    await assert.rejects(
      ask({ ...usual, tls: { cert: text('client.pem'), key: text('client.key') } }),
      /not signed by an authority that this machine trusts; set CA_FILE to .*\(\w+\)/,
    );
  });

  test('a missing client certificate is an error that names the settings for it', async () => {
    await assert.rejects(ask({ ...usual, tls: { ca: text('ca.pem') } }), {
      name: 'TransportError',
      message: /client certificate.*CLIENT_CERT_FILE and CLIENT_KEY_FILE/,
    });
  });

  test('confusing TLS and plain HTTP is an error that says so', async () => {
    const plain = await listen(createHttp((_, response) => response.end('here')));
    await assert.rejects(
      ask(usual, `https://127.0.0.1:${plain}/`),
      /check whether the URL should begin with http:\/\//,
    );
    await assert.rejects(ask(usual, `http://127.0.0.1:${port}/`), /the URL has to begin with https:\/\//);
  });

  test('a certificate for another host is named', async () => {
    const tls = { ca: text('ca.pem'), cert: text('client.pem'), key: text('client.key') };
    await assert.rejects(ask({ ...usual, tls }, `https://localhost:${port}/`), /certificate is for another host/);
  });

  test('through a proxy, end to end', async () => {
    assert.equal(
      await ask({
        ...usual,
        proxy: `http://127.0.0.1:${proxyPort}`,
        tls: { ca: text('ca.pem'), cert: text('client.pem'), key: text('client.key') },
      }),
      'here',
    );
    assert.deepEqual(tunnels, [`127.0.0.1:${port}`]);
  });
});

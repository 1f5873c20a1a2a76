import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { restarted } from './restarts.ts';

test('resolves when a server that was down is up again, and not before', async () => {
  const looks = [true, true, false, false, true, true];
  const asked: string[] = [];
  await restarted(new URL('http://[::1]:8080/prefix'), new AbortController().signal, async (host, port) => {
    asked.push(`${host} ${port}`);
    return looks[asked.length - 1] ?? assert.fail('it looks on');
  });
  assert.deepEqual(asked, Array(5).fill('::1 8080'));
});

test('resolves when aborted, and keeps no connection open', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = new AbortController();
  const back = restarted(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), stop.signal);
  const [socket] = await once(server, 'connection');
  socket.on('error', () => undefined).resume();
  stop.abort();
  await back;
  server.close();
  await once(server, 'close');
});

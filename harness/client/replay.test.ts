import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Recording } from './replay.ts';
import type { Send, WireRequest } from './wire.ts';

const request = (path: string, headers: Readonly<Record<string, string>> = {}): WireRequest => ({
  method: 'GET',
  url: new URL(path, 'http://target.test'),
  headers: Object.entries(headers),
  body: undefined,
});

/** Numbers its answers. */
function counting(): Send {
  let count = 0;
  return async () => ({ status: 200, headers: [], body: new TextEncoder().encode(String(++count)) });
}

describe('a recording', () => {
  const asked = async (send: Send, ...requests: readonly WireRequest[]) => {
    const answers: string[] = [];
    for (const one of requests) answers.push(new TextDecoder().decode((await send(one)).body));
    return answers;
  };

  test('gives the nth occurrence of a request the nth recorded answer', async () => {
    const recording = new Recording(counting());
    const [a, b] = [request('/a'), request('/b')];
    assert.deepEqual(await asked(recording.session(), a, b, a), ['1', '2', '3']);
    assert.deepEqual(await asked(recording.session(), a, a, b, a), ['1', '3', '2', '4']);
    assert.deepEqual([recording.asked, recording.replayed], [4, 3]);
  });

  test('compares headers in any order, except those of a signature', async () => {
    const session = () => recording.session();
    const recording = new Recording(counting());
    assert.deepEqual(await asked(session(), request('/a', { accept: 'x', 'x-y': 'z', signature: 'one' })), ['1']);
    assert.deepEqual(await asked(session(), request('/a', { 'x-y': 'z', accept: 'x', signature: 'two' })), ['1']);
    assert.deepEqual(await asked(session(), request('/a', { accept: 'other', 'x-y': 'z' })), ['2']);
  });
});

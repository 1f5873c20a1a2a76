import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LightHeaders, LightRequest, LightResponse } from './light-http.ts';

/** The light classes must behave like Node's own as far as the proof uses them. */

interface Kit {
  readonly Headers: typeof Headers;
  readonly Request: typeof Request;
  readonly Response: typeof Response;
}

const light = { Headers: LightHeaders, Request: LightRequest, Response: LightResponse } as unknown as Kit;
const heavy: Kit = { Headers, Request, Response };

const nameOf = (error: unknown) => (error instanceof Error ? error.constructor.name : String(error));

/** The result of an action, or the name of its error. */
async function outcomeOf(kit: Kit, act: (kit: Kit) => unknown): Promise<unknown> {
  try {
    return await act(kit);
  } catch (error) {
    return nameOf(error);
  }
}

const acts: Readonly<Record<string, (kit: Kit) => unknown>> = {
  'headers are sorted, trimmed and joined': (kit) => {
    const headers = new kit.Headers([
      ['X-B', ' 1 '],
      ['a', '2'],
      ['x-b', '3'],
      ['Set-Cookie', 'c=1'],
    ]);
    headers.append('set-cookie', 'd=2');
    headers.set('Z', '');
    return [[...headers], headers.get('X-b'), headers.has('none'), headers.get('none'), headers.getSetCookie()];
  },
  'headers are copied': (kit) => {
    const first = new kit.Headers({ a: '1' });
    const second = new kit.Headers(first);
    second.delete('A');
    return [[...first], [...second]];
  },
  'a header value cannot contain a line break': (kit) => new kit.Headers({ a: '1\n2' }),
  'a header value must be Latin-1': (kit) => new kit.Headers({ a: '\u20ac' }),
  'a header name must be a token': (kit) => new kit.Headers({ 'a b': '1' }),
  'a string body has a media type': (kit) => new kit.Response('x').headers.get('content-type'),
  'a binary body has none': (kit) => new kit.Response(new Uint8Array([120])).headers.get('content-type'),
  'a form has another one': (kit) =>
    new kit.Request('http://a.test', { method: 'POST', body: new URLSearchParams({ a: '1' }) }).headers.get(
      'content-type',
    ),
  'a body can be read once': async (kit) => {
    const response = new kit.Response('{"a":1}');
    const first = await response.json();
    return [first, response.bodyUsed, await response.text().catch(nameOf)];
  },
  'a clone has its own body': async (kit) => {
    const request = new kit.Request('http://a.test/b?c', { method: 'post', body: 'x' });
    const copy = request.clone();
    return [await request.text(), await copy.text(), copy.method, copy.url];
  },
  'a request can be made from another one': async (kit) => {
    const request = new kit.Request('http://a.test', { method: 'PUT', headers: { a: '1' }, body: 'x' });
    const other = new kit.Request(request, { headers: { b: '2' } });
    return [other.method, other.headers.get('a'), other.headers.get('b'), await other.text()];
  },
  'a GET request cannot have a body': (kit) => new kit.Request('http://a.test', { body: 'x' }),
  'a missing body is null': (kit) => [new kit.Request('http://a.test').body, new kit.Response(null).body],
  'a body is an iterable of chunks': async (kit) => {
    let size = 0;
    for await (const chunk of new kit.Response('abc').body ?? []) size += chunk.length;
    return size;
  },
  'a status must be a final one': (kit) => new kit.Response(null, { status: 199 }),
  'a 204 response cannot have a body': (kit) => new kit.Response('x', { status: 204 }),
  'only 2XX is ok': (kit) => [200, 299, 300, 404].map((status) => new kit.Response(null, { status }).ok),
  'a response can be made from a JSON value': async (kit) => {
    const response = kit.Response.json({ a: 1 }, { status: 201 });
    return [response.status, response.headers.get('content-type'), await response.text()];
  },
};

describe("light HTTP behaves like Node's own", () => {
  for (const [words, act] of Object.entries(acts))
    test(words, async () => {
      assert.deepEqual(await outcomeOf(light, act), await outcomeOf(heavy, act));
    });
});

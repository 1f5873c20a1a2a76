import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Liveness } from './liveness.ts';

type Handler = (request: Request) => Promise<Response>;

const honest: Handler = async (request) => new Response(`${request.method} ${request.url}`);

async function fired(between: (honest: Handler) => Handler): Promise<boolean> {
  const liveness = new Liveness();
  const fetch = liveness.around(honest, between);
  for (const path of ['a', 'b']) await fetch(new Request(`http://target.test/${path}`));
  return liveness.fired();
}

describe('a difference is detected', () => {
  const between: Readonly<Record<string, readonly [fires: boolean, between: (honest: Handler) => Handler]>> = {
    'not if everything is passed on': [false, (fetch) => fetch],
    'not if a request is copied': [false, (fetch) => (request) => fetch(new Request(request))],
    'in a request': [true, (fetch) => (request) => fetch(new Request(`${request.url}?more`))],
    'in a header': [
      true,
      (fetch) => async (request) => {
        const response = await fetch(request);
        response.headers.set('a', '1');
        return response;
      },
    ],
    'in a status': [true, (fetch) => async (request) => new Response((await fetch(request)).body, { status: 201 })],
    'in an invented answer': [true, () => async () => new Response('x')],
    'in an added request': [
      true,
      (fetch) => async (request) => {
        await fetch(new Request('http://target.test/c'));
        return fetch(request);
      },
    ],
    'in swapped answers': [
      true,
      (fetch) => (request) => fetch(new Request(request.url.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')))),
    ],
  };
  for (const [words, [fires, interceptor]] of Object.entries(between))
    test(words, async () => {
      assert.equal(await fired(interceptor), fires);
    });

  test('if it is noted explicitly', async () => {
    const liveness = new Liveness();
    liveness.note();
    assert.equal(liveness.fired(), true);
  });
});

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

describe('a difference is noticed', () => {
  const between: Readonly<Record<string, readonly [fires: boolean, between: (honest: Handler) => Handler]>> = {
    'not where everything is handed on': [false, (fetch) => fetch],
    'not where a request is written again': [false, (fetch) => (request) => fetch(new Request(request))],
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
    'in an answer that is made up': [true, () => async () => new Response('x')],
    'in a request that nobody has made': [
      true,
      (fetch) => async (request) => {
        await fetch(new Request('http://target.test/c'));
        return fetch(request);
      },
    ],
    'in answers that change places': [
      true,
      (fetch) => (request) => fetch(new Request(request.url.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')))),
    ],
  };
  for (const [words, [fires, lie]] of Object.entries(between))
    test(words, async () => {
      assert.equal(await fired(lie), fires);
    });

  test('where no message shows it, by whoever makes it', async () => {
    const liveness = new Liveness();
    liveness.note();
    assert.equal(liveness.fired(), true);
  });
});

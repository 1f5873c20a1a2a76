import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { contract, object } from '../harness/fixtures.ts';
import type { Fault } from '../proof/faults/fault.ts';
import type { Fetch } from '../proof/memory.ts';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { type Served, serveReference } from '../reference/serve.ts';

/** Targets over real sockets, for tests of the whole program. */

const { clientId, clientSecret } = REFERENCE_DEFAULTS;
export const CREDENTIALS = { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };

/** Serves the reference with faults, without events. `port` 0: any free port. */
export function withFaults(faults: readonly Pick<Fault, 'intercept'>[], port = 0): Promise<Served> {
  const context = { now: () => Date.now(), contract };
  const fetch = faults.reduce((inner, fault) => fault.intercept(inner, context), createReference().fetch);
  return serveReference(fetch, { port });
}

/** Counts the webhooks that are registered at a target, and collects the ids of those that are not removed. */
export function watchingWebhooks(fetch: Fetch): {
  readonly fetch: Fetch;
  readonly webhooks: { made: number; readonly left: Set<string> };
} {
  const webhooks = { made: 0, left: new Set<string>() };
  return {
    webhooks,
    fetch: async (request) => {
      const { method, url } = request;
      const response = await fetch(request);
      const { pathname } = new URL(url);
      if (method === 'POST' && pathname === '/webhooks' && response.ok) {
        webhooks.made++;
        webhooks.left.add(String(object(await response.clone().json()).id));
      }
      if (method === 'DELETE' && response.ok) webhooks.left.delete(pathname.split('/').at(-1) ?? '');
      return response;
    },
  };
}

/** Serves a request listener. */
export async function listening(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const TOKEN = JSON.stringify({
  access_token: 'canary-token-that-nobody-may-read',
  token_type: 'bearer',
  expires_in: 600,
});

/** Issues tokens, and passes all other requests to a listener. */
export const behindToken =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    if (request.url === '/auth/token') response.setHeader('content-type', 'application/json').end(TOKEN);
    else listener(request, response);
  };

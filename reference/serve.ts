import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface Served {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  /** Stops at once, whatever connections are open. */
  close(): Promise<void>;
}

/** Serves a fetch function over HTTP on the loopback interface; port 0 takes any free one. */
export async function serveReference(fetch: (request: Request) => Promise<Response>, { port = 0, latencyMs = 0 } = {}): Promise<Served> {
  const delayed = async (request: Request) => {
    const response = await fetch(request);
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    return response;
  };
  const server = createServer(getRequestListener(delayed, { overrideGlobalObjects: false }));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

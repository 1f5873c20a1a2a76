import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { getRequestListener, RequestError } from '@hono/node-server';
import { Problem, problemResponse } from './problems.ts';

export interface ServeOptions {
  /** 0: any free port. */
  readonly port?: number;
  /** Delay before each request is processed, in milliseconds. */
  readonly latencyMs?: number;
  /** Waits for the latency; tests replace it. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** A reference that is served over HTTP. */
export interface Served {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Closes all connections and stops listening. Idempotent. */
  close(): Promise<void>;
}

/** Serves a fetch function over HTTP on the loopback interface. @throws if the port is in use. */
export async function serveReference(
  fetch: (request: Request) => Promise<Response>,
  { port = 0, latencyMs = 0, sleep = pause }: ServeOptions = {},
): Promise<Served> {
  const answer = async (request: Request): Promise<Response> => {
    if (latencyMs > 0) await sleep(latencyMs);
    return fetch(request);
  };
  const server = createServer(getRequestListener(answer, { overrideGlobalObjects: false, errorHandler }));
  const bound = await listen(server, port);
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${bound}`,
    close() {
      closed ??= stop(server);
      return closed;
    },
  };
}

/** Requests that cannot be turned into a `Request`, such as those without a valid host, get problem details too. */
function errorHandler(error: unknown): Response {
  const problem = error instanceof RequestError ? new Problem('invalid_request', 'The request cannot be read.') : error;
  return problemResponse(problem, randomUUID());
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new TypeError('the server has no port'));
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { getRequestListener, RequestError } from '@hono/node-server';
import { Problem, problemResponse } from './problems.ts';

export interface ServeOptions {
  /** 0 takes any free one. */
  readonly port?: number;
  /** How long every request waits before it is looked at. */
  readonly latencyMs?: number;
  /** Waits so many milliseconds; for who does not want to. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** A reference that can be reached over HTTP. */
export interface Served {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  /** Cuts all connections and stops listening; further calls change nothing. */
  close(): Promise<void>;
}

/** Serves a fetch function over HTTP on the loopback interface. */
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

/** Requests that never become a `Request` (no usable host, say) deserve the same kind of answer as any other. */
function errorHandler(error: unknown): Response {
  const problem = error instanceof RequestError ? new Problem('invalid_request', 'The request cannot be read.') : error;
  return problemResponse(problem, randomUUID());
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new TypeError('the server listens on no port'));
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

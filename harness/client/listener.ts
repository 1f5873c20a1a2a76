import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Listen } from '../delivery.ts';

/** Largest delivery, in bytes; larger ones are answered with 413. The vendor's largest package has 1 MiB. */
const LARGEST_DELIVERY = 4 * 1024 * 1024;
/**
 * Bytes of a request that are read before the connection is dropped, and how long that may take, in milliseconds: a
 * sender must not hold up the run.
 */
const MOST_READ = 64 * 1024 * 1024;
const LONGEST_REQUEST_MS = 30_000;

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** URL at which the target reaches it, without a trailing slash; `undefined`: `http://host:port`. */
  readonly url: string | undefined;
}

/** Listens over HTTP, with limits on everything that a sender controls. */
export function httpListen({ host, port, url }: ListenerOptions): Listen {
  return (handle) =>
    new Promise((resolve, reject) => {
      const server = createServer(
        { requestTimeout: LONGEST_REQUEST_MS, maxHeaderSize: 64 * 1024 },
        (request, response) => {
          receive(request)
            .then((body) => answer(response, body === undefined ? 413 : handle({ ...head(request), body })))
            // An error in one request ends only that request.
            .catch(() => response.destroy());
        },
      );
      server.once('error', reject);
      server.listen(port, host, () => {
        const address = server.address();
        const bound = typeof address === 'object' && address !== null ? address.port : port;
        resolve({
          url: url ?? `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
          close: () =>
            new Promise((done) => {
              server.close(() => done());
              server.closeAllConnections();
            }),
        });
      });
    });
}

function head(request: IncomingMessage) {
  const raw = request.rawHeaders;
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: raw.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as const] : [],
    ),
  };
}

/**
 * The body; `undefined` if it is too large. The rest of a large one is read too, or the sender would not read the answer.
 */
async function receive(request: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_READ) throw new RangeError(`more than ${MOST_READ} bytes`);
    if (size <= LARGEST_DELIVERY) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > LARGEST_DELIVERY ? undefined : Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': '0', ...(status === 413 && { connection: 'close' }) }).end();
}

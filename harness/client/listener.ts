import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Listen } from '../delivery.ts';

/** Deliveries beyond this size, in bytes, are turned away; the vendor's largest package has 1 MiB. */
const LARGEST_DELIVERY = 4 * 1024 * 1024;
/** Beyond this nothing is read any more, and the connection ends. */
const MOST_READ = 64 * 1024 * 1024;
const LONGEST_REQUEST_MS = 30_000;

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** URL under which the target reaches it, without a slash at its end; `undefined`: host and port. */
  readonly url: string | undefined;
}

/** Listens over HTTP, with bounds on everything that somebody could stretch. */
export function httpListen({ host, port, url }: ListenerOptions): Listen {
  return (hear) =>
    new Promise((resolve, reject) => {
      const server = createServer(
        { requestTimeout: LONGEST_REQUEST_MS, maxHeaderSize: 64 * 1024 },
        (request, response) => {
          receive(request)
            .then((body) => answer(response, body === undefined ? 413 : hear({ ...head(request), body })))
            // Whatever goes wrong with one request is the end of this one only.
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
 * The body; `undefined` if it is too large. Of such a one the rest is read as well, or nobody would hear the answer.
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

import { readFileSync } from 'node:fs';
import { httpSend } from '../harness/client/http.ts';
import { createReference } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';

/** Sends the requests of the last run to a new reference without judging the answers, to measure the cost of HTTP alone. */

interface Recorded {
  readonly exchanges: ReadonlyArray<{
    readonly request: { method: string; url: string; headers: Array<[string, string]>; body?: string };
  }>;
}

const IN_FLIGHT = 24;
const { exchanges } = JSON.parse(readFileSync('reports/conformance.json', 'utf8')) as Recorded;
const { url, close } = await serveReference(createReference().fetch);
const { send, close: hangUp } = httpSend({ timeoutMs: 10_000 });
const queue = exchanges.values();
const sender = async () => {
  for (const { request } of queue) {
    const { pathname, search } = new URL(request.url);
    const { method, headers, body } = request;
    await send({
      method,
      url: new URL(pathname + search, url),
      headers: headers.filter(([name]) => name !== 'content-length'),
      body: body === undefined ? undefined : new TextEncoder().encode(body),
    });
  }
};
const startedAt = performance.now();
await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
process.stdout.write(
  `${JSON.stringify({ requests: exchanges.length, milliseconds: performance.now() - startedAt })}\n`,
);
await hangUp();
await close();

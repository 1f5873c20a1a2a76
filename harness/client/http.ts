import { Agent, errors, request as undiciRequest } from 'undici';
import { type Send, TransportError, type WireResponse } from '../wire.ts';

export interface HttpOptions {
  /** Longest wait for a connection, for the headers, and for the next piece of a body, in milliseconds each. */
  readonly timeoutMs: number;
  /** Requests in flight at a time. */
  readonly connections: number;
}

/** Bodies beyond this size, in bytes, are not read to their end. A page of 1,000 groups has about 350 KB. */
const LARGEST_BODY = 16 * 1024 * 1024;
const LARGEST_HEADERS = 64 * 1024;

/** Sends over HTTP with bounds on everything that a target could stretch. `close` drops what is still open. */
export function httpSend(options: HttpOptions): { readonly send: Send; close(): Promise<void> } {
  const { timeoutMs } = options;
  const agent = new Agent({
    connections: options.connections,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: LARGEST_HEADERS,
    keepAliveTimeout: 10_000,
  });
  const send: Send = async ({ method, url, headers, body }) => {
    try {
      const answer = await undiciRequest(url, {
        dispatcher: agent,
        method: method as 'GET',
        headers: headers.flat(),
        body: body ?? null,
        responseHeaders: 'raw',
        signal: AbortSignal.timeout(timeoutMs * 3),
      } as Parameters<typeof undiciRequest>[1]);
      return {
        status: answer.statusCode,
        headers: pairs(answer.headers as unknown),
        body: await read(answer.body),
      } satisfies WireResponse;
    } catch (error) {
      throw new TransportError(`${method} ${url.origin}${url.pathname}: ${explain(error)}`);
    }
  };
  return { send, close: () => agent.destroy() };
}

async function read(stream: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST_BODY) {
      stream.destroy();
      throw new TransportError(`the body is larger than ${LARGEST_BODY} bytes`);
    }
  }
  return Buffer.concat(chunks);
}

/** Raw headers come as a flat list of names and values. */
function pairs(raw: unknown): Array<readonly [string, string]> {
  if (!Array.isArray(raw))
    return Object.entries(raw as Record<string, string | string[]>).flatMap(([name, value]) =>
      [value].flat().map((one) => [name.toLowerCase(), one] as const),
    );
  const list: Array<readonly [string, string]> = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    list.push([String(raw[index]).toLowerCase(), String(raw[index + 1])]);
  return list;
}

function explain(error: unknown): string {
  if (error instanceof errors.ConnectTimeoutError) return 'no connection in time';
  if (error instanceof errors.HeadersTimeoutError) return 'no answer in time';
  if (error instanceof errors.BodyTimeoutError) return 'the body stopped arriving';
  if (error instanceof errors.HeadersOverflowError) return `the headers are larger than ${LARGEST_HEADERS} bytes`;
  if (error instanceof Error && error.name === 'TimeoutError') return 'the whole answer took too long';
  if (error instanceof AggregateError)
    return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
  return error instanceof Error ? error.message : String(error);
}

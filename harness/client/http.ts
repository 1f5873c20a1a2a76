import { Agent, ProxyAgent, request as undiciRequest } from 'undici';
import { explainNetworkError } from './network-error.ts';
import { type Send, TransportError, type WireResponse } from './wire.ts';

export interface HttpOptions {
  /** Maximum time for one exchange, from the request to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** URL of an HTTP proxy. */
  readonly proxy?: string | undefined;
  readonly tls?: TlsMaterial;
}

/** Certificates that a corporate network may require, as PEM. */
export interface TlsMaterial {
  /** Certificate authorities to trust in place of those of Node.js. */
  readonly ca?: string;
  /** The client's certificate and its private key. */
  readonly cert?: string;
  readonly key?: string;
}

/** Largest body, in bytes; a larger one is a transport error. A page of 1,000 groups has about 350 KB. */
const LARGEST_BODY = 16 * 1024 * 1024;
const LARGEST_HEADERS = 64 * 1024;

/** Sends over HTTP, with limits on everything that a target controls. `close` drops open connections. */
export function httpSend(options: HttpOptions): { readonly send: Send; close(): Promise<void> } {
  const { timeoutMs, proxy, tls } = options;
  const bounds = {
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: LARGEST_HEADERS,
    keepAliveTimeout: 10_000,
  };
  const dispatcher =
    proxy === undefined
      ? new Agent({ ...bounds, connect: { timeout: timeoutMs, ...tls } })
      : new ProxyAgent({ ...bounds, uri: proxy, requestTls: { timeout: timeoutMs, ...tls } });
  // A target that crashes does so at one of the requests in flight, and all later ones fail.
  let hasAnswered = false;
  const underWay: string[] = [];
  let lost: readonly string[] | undefined;
  const send: Send = async ({ method, url, headers, body }) => {
    const asked = `${method} ${url.pathname}${url.search} ${beginningOf(body)}`.trim();
    underWay.push(asked);
    try {
      const answer = await undiciRequest(url, {
        dispatcher,
        method,
        headers: headers.flat(),
        body: body ?? null,
        responseHeaders: 'raw',
        signal: AbortSignal.timeout(timeoutMs),
      });
      hasAnswered = true;
      return { status: answer.statusCode, headers: pairs(answer.headers), body: await read(answer.body) };
    } catch (error) {
      if (hasAnswered) lost ??= [...new Set(underWay)];
      const why = explainNetworkError(error, { url, mostHeaders: LARGEST_HEADERS, lost });
      throw new TransportError(`${method} ${url.origin}${url.pathname}: ${why}`);
    } finally {
      underWay.splice(underWay.indexOf(asked), 1);
    }
  };
  return { send, close: () => dispatcher.destroy() };
}

/** Bytes of a body that the name of a request in flight shows, enough to recognise it. */
const MOST_SHOWN = 200;

/** A cut body ends in dots, by which the redactor recognises a secret that was cut. */
function beginningOf(body: Uint8Array = new Uint8Array()): string {
  const text = new TextDecoder().decode(body.subarray(0, MOST_SHOWN));
  return body.length > MOST_SHOWN ? `${text}...` : text;
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

/** Raw headers are a flat list of names and values, in order of arrival. */
function pairs(raw: unknown): WireResponse['headers'] {
  const flat = Array.isArray(raw) ? raw.map(String) : [];
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), flat[index + 1] ?? ''] as const] : []));
}

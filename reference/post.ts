import { setTimeout as after } from 'node:timers/promises';

/** Sends a delivery to its receiver, and returns the response. */
export type Post = (request: Request) => Promise<Response>;

/** How long a receiver may take before the delivery counts as failed and is repeated. */
const TIMEOUT_MS = 5000;

/** Posts over HTTP: follows no redirect, waits {@link TIMEOUT_MS}, and discards the body of the response. */
export async function postOverHttp(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(request, { redirect: 'manual', signal });
  await response.body?.pipeTo(new WritableStream());
  return response;
}

/** Sleeps without keeping the process alive. */
export async function sleepUnnoticed(milliseconds: number): Promise<void> {
  await after(milliseconds, undefined, { ref: false });
}

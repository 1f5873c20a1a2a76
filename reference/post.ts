import { setTimeout as after } from 'node:timers/promises';

/** How a delivery gets to its receiver, and the answer back. */
export type Post = (request: Request) => Promise<Response>;

const PATIENCE_MS = 5000;

/** Posts over HTTP. Follows no redirect, waits for a few seconds, and keeps nothing of what the answer says. */
export async function postOverHttp(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const response = await fetch(request, { redirect: 'manual', signal });
  await response.body?.pipeTo(new WritableStream());
  return response;
}

/** Sleeps without keeping the process alive. */
export async function sleepUnnoticed(milliseconds: number): Promise<void> {
  await after(milliseconds, undefined, { ref: false });
}

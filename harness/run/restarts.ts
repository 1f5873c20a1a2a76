import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server under development may be away for no longer than this; a look at it is a connection without a word. */
const LOOK_MS = 25;
/** Others are looked at less often. */
const LOOK_AFAR_MS = 1000;

/**
 * Resolves once whoever listens at a URL was away and is back, or nobody wants to know any more. No connection is kept
 * open: a server that waits for the last one to close would never end.
 */
export async function restarted(url: URL, signal: AbortSignal, isListening = listens): Promise<void> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isNear = host === 'localhost' || host === '::1' || host.startsWith('127.');
  let wasAway = false;
  while (!signal.aborted) {
    const isHere = await isListening(host, port);
    if (isHere && wasAway) return;
    wasAway = !isHere;
    await sleep(isNear ? LOOK_MS : LOOK_AFAR_MS, undefined, { signal }).catch(() => undefined);
  }
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isHere: boolean) => () => {
      socket.destroy();
      resolve(isHere);
    };
    socket.on('connect', end(true)).on('error', end(false));
  });
}

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Pause between connection attempts to a local server, in milliseconds: a server under development may be down for no
 * longer than this.
 */
const LOOK_MS = 25;
/** The same for a remote server, which is not to be flooded with connections. */
const REMOTE_LOOK_MS = 1000;

/**
 * Resolves once the server at a URL was down and is up again, or the signal is aborted. It keeps no connection open,
 * because a server that waits for its connections to close would never stop.
 */
export async function restarted(url: URL, signal: AbortSignal, isListening = listens): Promise<void> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.');
  let wasDown = false;
  while (!signal.aborted) {
    const isUp = await isListening(host, port);
    if (isUp && wasDown) return;
    wasDown = !isUp;
    await sleep(isLocal ? LOOK_MS : REMOTE_LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isUp: boolean) => () => {
      socket.destroy();
      resolve(isUp);
    };
    socket.on('connect', end(true)).on('error', end(false));
  });
}

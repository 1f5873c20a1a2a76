import { generateKeyPairSync, sign } from 'node:crypto';
import type { Listen, ReceivedRequest } from '../harness/delivery.ts';
import { createDeliverySigner, type DeliverySigner, signDeliveries } from '../reference/delivery-signature.ts';
import type { Post } from '../reference/post.ts';

/** Changes to deliveries on their way from the target to the listener. */
export interface EventIntercepts {
  /** Applied before a delivery is signed. */
  readonly interceptEvent?: ((honest: Post, clock: { now(): number }) => Post) | undefined;
  /** Applied after a delivery was signed. */
  readonly interceptSignedEvent?: ((honest: Post, clock: { now(): number }) => Post) | undefined;
}

/** On P-256, which takes a tenth of the time of the vendor's P-521: runs in memory sign thousands of deliveries. */
let privateKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;

/** Makes this process sign deliveries with a key on the vendor's curve from now on. */
export function signAsVendor(): void {
  privateKey = generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey;
}

const KEY_ID = '4b0f6c83-6f0f-4d7b-9a39-0c7c6f7f0001';

/**
 * The headers of a signature with the key of this process over some components, which are given as they appear in
 * `signature-input`. In the signature base of version 6, names are not quoted.
 */
export function signOver(
  covered: ReadonlyArray<readonly [component: string, value: string]>,
  now: number,
  version: 6 | 15 = 6,
): Readonly<Record<string, string>> {
  const list = covered.map(([component]) => component).join(' ');
  const parameters = `(${list});keyid="${KEY_ID}";created=${Math.floor(now / 1000)}`;
  const named = (component: string) => (version === 15 ? component : component.replace(/^"([^"]*)"/, '$1'));
  const base = [...covered, ['"@signature-params"', parameters] as const].map(
    ([component, value]) => `${named(component)}: ${value}`,
  );
  const signature = sign('sha512', Buffer.from(base.join('\n'), 'latin1'), privateKey);
  return { 'signature-input': `sig1=${parameters}`, signature: `sig1=:${signature.toString('base64')}:` };
}

/** A signer with the key of this process; the target publishes it under the default id only. */
export function signerAt(now: () => number, keyId = KEY_ID): DeliverySigner {
  return createDeliverySigner({ keyId, privateKey, now });
}

/** Posts signed deliveries through intercepts before and after signing. */
export function postThrough(post: Post, clock: { now(): number }, intercepts: EventIntercepts): Post {
  const signed = signDeliveries(intercepts.interceptSignedEvent?.(post, clock) ?? post, signerAt(clock.now));
  return intercepts.interceptEvent?.(signed, clock) ?? signed;
}

/** A listener without a socket: `post` hands each request directly to it. */
export function memoryListener(): { readonly listen: Listen; readonly post: Post } {
  let receive: ((request: ReceivedRequest) => number) | undefined;
  return {
    listen: async (onRequest) => {
      receive = onRequest;
      return {
        url: 'https://listener.test/f%C3%BCr%20uns',
        close: async () => {
          receive = undefined;
        },
      };
    },
    post: async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = new Uint8Array(await request.arrayBuffer());
      const received = { method: request.method, path: pathname + search, headers: [...request.headers], body };
      return new Response(null, { status: receive?.(received) ?? 404 });
    },
  };
}

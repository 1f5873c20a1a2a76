import { generateKeyPairSync } from 'node:crypto';
import type { Listen, ReceivedRequest } from '../harness/delivery.ts';
import { createDeliverySigner, type DeliverySigner, signDeliveries } from '../reference/delivery-signature.ts';
import type { Post } from '../reference/post.ts';

/** What may stand between the events of a target and those who are told of them. */
export interface DeliveryLies {
  /** Told before a delivery is signed. */
  readonly deliver?: ((honest: Post, clock: { now(): number }) => Post) | undefined;
  /** Told after a delivery was signed. */
  readonly deliverSigned?: ((honest: Post, clock: { now(): number }) => Post) | undefined;
}

/** On P-256, which signs and verifies in a tenth of the time of the vendor's P-521, as runs in memory do all day. */
let privateKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;

/** From now on this process signs deliveries with a key of the vendor's kind. */
export function signAsVendor(): void {
  privateKey = generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey;
}

/** A signer of this process; `keyId` is the only one that the target shows. */
export function signerAt(now: () => number, keyId = '4b0f6c83-6f0f-4d7b-9a39-0c7c6f7f0001'): DeliverySigner {
  return createDeliverySigner({ keyId, privateKey, now });
}

/** Posts with a signature, and with lies before and after it. */
export function postThrough(post: Post, clock: { now(): number }, lies: DeliveryLies): Post {
  const signed = signDeliveries(lies.deliverSigned?.(post, clock) ?? post, signerAt(clock.now));
  return lies.deliver?.(signed, clock) ?? signed;
}

/** A listener without a socket: whatever is posted is heard at once. */
export function memoryListener(): { readonly listen: Listen; readonly post: Post } {
  let hear: ((request: ReceivedRequest) => number) | undefined;
  return {
    listen: async (heard) => {
      hear = heard;
      return {
        url: 'https://listener.test',
        close: async () => {
          hear = undefined;
        },
      };
    },
    post: async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = new Uint8Array(await request.arrayBuffer());
      const received = { method: request.method, path: pathname + search, headers: [...request.headers], body };
      return new Response(null, { status: hear?.(received) ?? 404 });
    },
  };
}

import { generateKeyPairSync, sign } from 'node:crypto';
import type { Listen, ReceivedRequest } from '../harness/delivery.ts';
import { createDeliverySigner, type DeliverySigner, signDeliveries } from '../reference/delivery-signature.ts';
import type { Post } from '../reference/post.ts';

/** What may stand between the events of a target and those who are told of them. */
export interface EventIntercepts {
  /** Told before a delivery is signed. */
  readonly interceptEvent?: ((honest: Post, clock: { now(): number }) => Post) | undefined;
  /** Told after a delivery was signed. */
  readonly interceptSignedEvent?: ((honest: Post, clock: { now(): number }) => Post) | undefined;
}

/** On P-256, which signs and verifies in a tenth of the time of the vendor's P-521, as runs in memory do all day. */
let privateKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;

/** From now on this process signs deliveries with a key of the vendor's kind. */
export function signAsVendor(): void {
  privateKey = generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey;
}

const KEY_ID = '4b0f6c83-6f0f-4d7b-9a39-0c7c6f7f0001';

/**
 * The headers of a signature by the key of this process over components, which are named as in the list of what is
 * covered. In the base of version 6 names stand without their quotes.
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

/** A signer of this process; `keyId` is the only one that the target shows. */
export function signerAt(now: () => number, keyId = KEY_ID): DeliverySigner {
  return createDeliverySigner({ keyId, privateKey, now });
}

/** Posts with a signature, and with lies before and after it. */
export function postThrough(post: Post, clock: { now(): number }, lies: EventIntercepts): Post {
  const signed = signDeliveries(lies.interceptSignedEvent?.(post, clock) ?? post, signerAt(clock.now));
  return lies.interceptEvent?.(signed, clock) ?? signed;
}

/** A listener without a socket: whatever is posted is heard at once. */
export function memoryListener(): { readonly listen: Listen; readonly post: Post } {
  let hear: ((request: ReceivedRequest) => number) | undefined;
  return {
    listen: async (heard) => {
      hear = heard;
      return {
        url: 'https://listener.test/f%C3%BCr%20uns',
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

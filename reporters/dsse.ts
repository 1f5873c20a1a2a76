import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A signed payload (DSSE 1.0). */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: ReadonlyArray<{ readonly keyid: string; readonly sig: string }>;
}

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Signs a payload with a private key: Ed25519 as it is, others over SHA-256. @throws where the PEM cannot be used. */
export function signEnvelope(payload: string, privatePem: string): Envelope {
  const key = createPrivateKey(privatePem);
  const body = Buffer.from(payload, 'utf8');
  const signature = sign(digestOf(key), authenticated(PAYLOAD_TYPE, body), key);
  return {
    payloadType: PAYLOAD_TYPE,
    payload: body.toString('base64'),
    signatures: [{ keyid: keyId(createPublicKey(key)), sig: signature.toString('base64') }],
  };
}

/** The payload, where one of the signatures is by this key; else `undefined`. @throws where the PEM cannot be used. */
export function unseal({ payloadType, payload, signatures }: Envelope, publicPem: string): string | undefined {
  const key = createPublicKey(publicPem);
  const body = Buffer.from(payload, 'base64');
  const signed = authenticated(payloadType, body);
  return payloadType === PAYLOAD_TYPE &&
    isExact(payload) &&
    signatures.some(
      ({ keyid, sig }) =>
        keyid === keyId(key) && isExact(sig) && verify(digestOf(key), signed, key, Buffer.from(sig, 'base64')),
    )
    ? body.toString('utf8')
    : undefined;
}

/** SHA-256 of the public key (SPKI, DER), in hex. */
export function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** What is signed: type and body, each with its length before it. */
function authenticated(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body]);
}

/** Base64 leaves bits unused, and Node ignores what is none. */
const isExact = (base64: string) => Buffer.from(base64, 'base64').toString('base64') === base64;

const digestOf = (key: KeyObject) => (key.asymmetricKeyType === 'ed25519' ? null : 'sha256');

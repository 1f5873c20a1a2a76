import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A signed payload (DSSE 1.0). */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: ReadonlyArray<{ readonly keyid: string; readonly sig: string }>;
}

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Signs a payload: Ed25519 keys sign it directly, others its SHA-256. @throws if the PEM is not a private key. */
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

/** The payload if one of the signatures is by this key, else `undefined`. @throws if the PEM is not a public key. */
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

/** The signed bytes (DSSE pre-authentication encoding): type and body, each preceded by its length. */
function authenticated(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body]);
}

/** Rejects base64 with unused bits set or foreign characters, which Node ignores: one text per signature. */
const isExact = (base64: string) => Buffer.from(base64, 'base64').toString('base64') === base64;

const digestOf = (key: KeyObject) => (key.asymmetricKeyType === 'ed25519' ? null : 'sha256');

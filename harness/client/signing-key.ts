import { createPrivateKey, type KeyObject } from 'node:crypto';

/** A private key that signs requests, with the id by which the target knows its public key. */
export interface SigningKey {
  /** The `keyid` parameter: printable ASCII. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** Hash of the signature base: SHA-512 for ECDSA; Ed25519 hashes by itself. */
  readonly digest: 'sha512' | undefined;
}

export interface SigningKeySource {
  /** Text of a PEM file: PKCS#8 or SEC1, encrypted or not. */
  readonly pem: string;
  /** Decrypts the PEM; ignored if it is not encrypted. */
  readonly passphrase: string | undefined;
  readonly keyId: string;
}

export type LoadedSigningKey =
  | { readonly ok: true; readonly key: SigningKey }
  | { readonly ok: false; readonly problem: string };

const SUPPORTED = 'an EC key on P-256, P-384 or P-521, or an Ed25519 key';
/** OpenSSL names of the NIST curves, as node:crypto reports them. */
const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/**
 * Reads a signing key for vendor v15: ECDSA over SHA-512 on P-256, P-384 or P-521, or Ed25519.
 * Never throws: a `problem` says what is wrong in the user's terms, and repeats nothing of key or passphrase.
 */
export function loadSigningKey({ pem, passphrase, keyId }: SigningKeySource): LoadedSigningKey {
  if (!/^[\x20-\x7e]+$/.test(keyId)) return refuse('the key id is empty or has characters other than printable ASCII');
  const secret = passphrase || undefined;
  if (isEncrypted(pem) && secret === undefined) return refuse('the key is encrypted and needs a passphrase');
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: pem, format: 'pem', ...(secret !== undefined && { passphrase: secret }) });
  } catch {
    return refuse(explainUnreadable(pem));
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey;
  if (type === 'ed25519') return { ok: true, key: { keyId, privateKey, digest: undefined } };
  if (type !== 'ec') return refuse(`found a key of type ${type ?? 'unknown'}; supported is ${SUPPORTED}`);
  const curve = details?.namedCurve;
  if (!CURVES.includes(curve))
    return refuse(`found an EC key on ${curve ?? 'an unnamed curve'}; supported is ${SUPPORTED}`);
  return { ok: true, key: { keyId, privateKey, digest: 'sha512' } };
}

const refuse = (problem: string): LoadedSigningKey => ({ ok: false, problem });

/** PKCS#8 marks encryption in its label (RFC 7468), SEC1 in a header (RFC 1421). */
const isEncrypted = (pem: string) => /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m.test(pem);

function explainUnreadable(pem: string): string {
  // A wrong passphrase decrypts to noise, which is sometimes reported as a damaged key.
  if (isEncrypted(pem)) return 'the passphrase is wrong, or the encrypted key is damaged';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    return 'the PEM holds a private key that cannot be read: it is damaged or of an unsupported kind';
  if (/-----BEGIN (PUBLIC KEY|CERTIFICATE)-----/.test(pem))
    return 'the PEM holds a public key or certificate; signing needs the private key';
  return 'this is not a private key in PEM form (it begins with -----BEGIN ... PRIVATE KEY-----)';
}

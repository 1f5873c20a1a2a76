import { randomUUID } from 'node:crypto';
import type { Credential } from '../contract/security.ts';
import type { Redactor } from './redactor.ts';
import type { Token } from './tokens.ts';

/**
 * The value of the Authorization header for a credential; `undefined`: no header.
 *
 * @param turn a counter that selects how a token is altered
 */
export function authorizationOf(
  credential: Credential,
  token: Token | undefined,
  redactor: Redactor,
  turn: number,
): string | undefined {
  switch (credential.kind) {
    case 'none':
      return undefined;
    case 'unknown-token':
      return `Bearer ${randomUUID()}`;
    case 'malformed':
      return token === undefined ? 'Bearer' : `Basic ${token.value}`;
    case 'bare-token':
      return token?.value;
    case 'tampered-token': {
      return `Bearer ${tampered(redactor, token?.value ?? '', turn, 'TAMPERED_TOKEN')}`;
    }
    case 'given-token':
      return `Bearer ${credential.value}`;
    case 'token':
      return `Bearer ${token?.value}`;
  }
}

/**
 * Alterations that a careless comparison may miss: one character replaced in the last quarter, which is the signature of
 * a JWT; one removed; one added; the case of all letters swapped.
 */
const TAMPERING: ReadonlyArray<(secret: string) => string> = [
  (secret) => {
    const at = Math.floor(secret.length * 0.8);
    return `${secret.slice(0, at)}${secret[at] === 'A' ? 'B' : 'A'}${secret.slice(at + 1)}`;
  },
  (secret) => secret.slice(0, -1),
  (secret) => `${secret}A`,
  (secret) =>
    [...secret].map((char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join(''),
];

/** The number of ways to alter a secret. */
export const TAMPERINGS = TAMPERING.length;

/**
 * A secret altered in the way that `turn` selects, and registered with the redactor as `name`. Never returns the secret
 * itself.
 */
export function tampered(redactor: Redactor, secret: string, turn: number, name: string): string {
  const altered = TAMPERING[turn % TAMPERING.length]?.(secret) ?? '';
  const other = altered === secret ? `${secret}A` : altered;
  redactor.add(other, name);
  return other;
}

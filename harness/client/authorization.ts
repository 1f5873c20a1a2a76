import { randomUUID } from 'node:crypto';
import type { Credential } from '../contract/security.ts';
import type { Redactor } from './redactor.ts';
import type { Token } from './tokens.ts';

/**
 * The value of the Authorization header by which a caller shows its credential; `undefined`: no header.
 *
 * @param turn grows with each request; decides how a token is altered that has to be
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
 * Other texts that a careless comparison takes for the same secret: one character is exchanged in the last quarter, which for
 * a JWT lies in its signature; one is missing, or there is one more; letters are in the other case.
 */
const TAMPERING: ReadonlyArray<(secret: string) => string> = [
  (secret) => {
    const at = Math.floor(secret.length * 0.8);
    return `${secret.slice(0, at)}${secret[at] === 'A' ? 'B' : 'A'}${secret.slice(at + 1)}`;
  },
  (secret) => secret.slice(0, -1),
  (secret) => `${secret}A`,
  (secret) =>
    [...secret].map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())).join(''),
];

/** How many ways there are to alter a secret. */
export const TAMPERINGS = TAMPERING.length;

/** A secret altered in one way after the other, and known to the redactor as `name`. One without letters has no other case. */
export function tampered(redactor: Redactor, secret: string, turn: number, name: string): string {
  const altered = TAMPERING[turn % TAMPERING.length]?.(secret) ?? '';
  const other = altered === secret ? `${secret}A` : altered;
  redactor.add(other, name);
  return other;
}

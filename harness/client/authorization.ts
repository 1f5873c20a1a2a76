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
      const altered = tamper(token?.value ?? '', turn);
      redactor.add(altered, 'TAMPERED_TOKEN');
      return `Bearer ${altered}`;
    }
    case 'given-token':
      return `Bearer ${credential.value}`;
    case 'token':
      return `Bearer ${token?.value}`;
  }
}

/**
 * Other tokens that a careless comparison takes for the same: one character is exchanged in the last quarter, which for
 * a JWT lies in its signature; one is missing, or there is one more; letters are in the other case.
 */
const TAMPERING: ReadonlyArray<(token: string) => string> = [
  (token) => {
    const at = Math.floor(token.length * 0.8);
    return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
  },
  (token) => token.slice(0, -1),
  (token) => `${token}A`,
  (token) => [...token].map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())).join(''),
];

/** A token altered in one way after the other; one without letters has no other case. */
function tamper(token: string, turn: number): string {
  const altered = TAMPERING[turn % TAMPERING.length]?.(token) ?? '';
  return altered === token ? `${token}A` : altered;
}

import { randomUUID } from 'node:crypto';
import type { Credential } from '../contract/security.ts';
import type { Redactor } from './redactor.ts';
import type { Token } from './tokens.ts';

/** The value of the Authorization header by which a caller shows its credential; `undefined`: no header. */
export function authorizationOf(
  credential: Credential,
  token: Token | undefined,
  redactor: Redactor,
): string | undefined {
  switch (credential.kind) {
    case 'none':
      return undefined;
    case 'unknown-token':
      return `Bearer ${randomUUID()}`;
    case 'malformed':
      return token === undefined ? 'Bearer' : `Basic ${token.value}`;
    case 'tampered-token': {
      const altered = tamper(token?.value ?? '');
      redactor.add(altered, 'TAMPERED_TOKEN');
      return `Bearer ${altered}`;
    }
    case 'given-token':
      return `Bearer ${credential.value}`;
    case 'token':
      return `Bearer ${token?.value}`;
  }
}

/** Another token of the same shape: one character in the last quarter is exchanged, which for a JWT lies in its signature. */
function tamper(token: string): string {
  const at = Math.floor(token.length * 0.8);
  const replacement = token[at] === 'A' ? 'B' : 'A';
  return `${token.slice(0, at)}${replacement}${token.slice(at + 1)}`;
}

import type { DocumentReader } from './document.ts';
import { hasVendorSecurity, type Operation, readOperations, readScopes } from './operations.ts';

/** What a caller sends to authenticate. */
export type Credential =
  | { readonly kind: 'none' }
  /** Without scopes: the scheme alone. With scopes: a valid token under another scheme. */
  | { readonly kind: 'malformed'; readonly scopes?: readonly string[] }
  /** A valid token without a scheme. */
  | { readonly kind: 'bare-token'; readonly scopes: readonly string[] }
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'tampered-token'; readonly scopes: readonly string[] }
  | { readonly kind: 'given-token'; readonly value: string }
  | { readonly kind: 'token'; readonly scopes: readonly string[] };

/** A caller of an operation, and whether the contract allows the call. */
export interface Caller {
  readonly id: string;
  /** Completes "a caller ...". */
  readonly title: string;
  readonly credential: Credential;
  readonly allowed: boolean;
  /** How the contract refuses the caller, if it is not allowed. */
  readonly refusal: 'unauthenticated' | 'malformed' | 'insufficient';
}

/** The scopes that operations require, in document order. */
export function scopesInUse(doc: DocumentReader): readonly string[] {
  const known = inUse.get(doc);
  if (known !== undefined) return known;
  const used = new Set(readOperations(doc, '#/paths').flatMap((operation) => operation.security.flat()));
  const scopes = readScopes(doc).filter((scope) => used.has(scope));
  inUse.set(doc, scopes);
  return scopes;
}

const inUse = new WeakMap<DocumentReader, readonly string[]>();

/** The declared scopes that no operation requires. */
function unrelatedScopes(doc: DocumentReader): readonly string[] {
  const used = scopesInUse(doc);
  return readScopes(doc).filter((scope) => !used.includes(scope));
}

/**
 * Every kind of caller of an operation: with each scope alone, with all, with unrelated ones, and unauthenticated in each
 * way. Empty for the token endpoint, or if the document has no scopes.
 */
export function callersOf(doc: DocumentReader, operation: Operation): Caller[] {
  if (operation.issuesTokens || !hasVendorSecurity(doc)) return [];
  const scopes = scopesInUse(doc);
  const allowedWith = (held: readonly string[]) =>
    operation.security.some((alternative) => alternative.every((scope) => held.includes(scope)));
  const withToken = (id: string, title: string, held: readonly string[]): Caller => ({
    id,
    title,
    credential: { kind: 'token', scopes: held },
    allowed: allowedWith(held),
    refusal: 'insufficient',
  });
  const unknown = (id: string, title: string, credential: Credential): Caller => ({
    id,
    title,
    credential,
    allowed: false,
    refusal: ['malformed', 'bare-token'].includes(credential.kind) ? 'malformed' : 'unauthenticated',
  });
  return [
    ...scopes.map((scope) => withToken(scope.replace(':', '-'), `whose token has the scope ${scope}`, [scope])),
    withToken('all-scopes', `whose token has the scopes ${scopes.join(' and ')}`, scopes),
    withToken('unrelated-scope', 'whose token has only unrelated scopes', unrelatedScopes(doc)),
    unknown('no-token', 'without an Authorization header', { kind: 'none' }),
    unknown('no-credentials', 'whose Authorization header has a scheme and nothing else', { kind: 'malformed' }),
    unknown('wrong-scheme', 'whose valid token is sent under another scheme', { kind: 'malformed', scopes }),
    unknown('bare-token', 'whose valid token is sent without a scheme', { kind: 'bare-token', scopes }),
    unknown('unknown-token', 'with a token that was never issued', { kind: 'unknown-token' }),
    unknown('tampered-token', 'whose token was altered', { kind: 'tampered-token', scopes }),
    unknown('expired-token', 'whose token has expired', { kind: 'given-token', value: '' }),
  ];
}

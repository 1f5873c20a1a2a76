import { randomUUID } from 'node:crypto';
import { Problem, problemResponse } from './problems.ts';
import type { SignatureVerifier } from './signature.ts';

/** Passes on requests with a valid signature, and refuses all others with 401 before any other check. */
export function requireSignatures(
  fetch: (request: Request) => Promise<Response>,
  verifier: SignatureVerifier,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = new Uint8Array(await request.clone().arrayBuffer());
    const refusal = verifier.verify(request, body);
    if (refusal === undefined) return fetch(request);
    return problemResponse(new Problem('unauthorised', refusal.detail, { 'www-authenticate': 'Bearer' }), randomUUID());
  };
}

import type { Context } from 'hono';
import { acceptsJson } from './negotiation.ts';
import { Problem } from './problems.ts';
import type { ReferenceState } from './state.ts';
import { checkApiVersion, isUuid, readClientId } from './validation.ts';

/** What a request is served with. */
export interface Bindings {
  readonly realm: ReferenceState;
  readonly requestId: string;
}
export type Ask = Context<{ Bindings: Bindings }>;

/** Lets a request for a resource through, or refuses it; the order of the steps is part of the behaviour. */
export function admit({ env, req }: Ask, anyOf: readonly string[]): void {
  checkAccept(req.header('accept'));
  const clientId = readClientId(req.header('upvest-client-id'));
  const grant = env.realm.tokenIssuer.authenticate(req.header('authorization'));
  if (clientId !== grant.clientId) throw new Problem('forbidden', 'The access token belongs to another client.');
  if (!anyOf.some((scope) => grant.scopes.has(scope))) {
    throw new Problem('forbidden', `The access token needs the scope ${anyOf.join(' or ')}.`);
  }
  checkApiVersion(req.header('upvest-api-version'));
}

export function checkAccept(accept: string | undefined): void {
  if (!acceptsJson(accept)) throw new Problem('not_acceptable', 'Answers come as application/json only.');
}

/** The id in the path, in lower case. A malformed one names nothing, so it is not found rather than invalid. */
export function readPathId({ req }: Ask, resource: string): string {
  const id = req.param('id');
  if (!isUuid(id)) throw new Problem('not_found', `No ${resource} has this id.`);
  return id.toLowerCase();
}

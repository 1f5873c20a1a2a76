import type { Context } from 'hono';
import { acceptsJson } from './negotiation.ts';
import { Problem } from './problems.ts';
import type { ReferenceState } from './state.ts';
import { checkApiVersion, isUuid, readClientId } from './validation.ts';

/** What the handlers of a request have access to. */
export interface Bindings {
  readonly state: ReferenceState;
  readonly requestId: string;
}
export type RequestContext = Context<{ Bindings: Bindings }>;

/**
 * Admits a request to a resource. The order of the checks is part of the behaviour.
 *
 * @throws {Problem} if the request must be refused
 */
export function admit({ env, req }: RequestContext, anyOf: readonly string[]): void {
  checkAccept(req.header('accept'));
  const clientId = readClientId(req.header('upvest-client-id'));
  const grant = env.state.tokenIssuer.authenticate(req.header('authorization'));
  if (clientId !== grant.clientId) throw new Problem('forbidden', 'The access token belongs to another client.');
  if (!anyOf.some((scope) => grant.scopes.has(scope))) {
    throw new Problem('forbidden', `The access token needs the scope ${anyOf.join(' or ')}.`);
  }
  checkApiVersion(req.header('upvest-api-version'));
}

export function checkAccept(accept: string | undefined): void {
  if (!acceptsJson(accept)) throw new Problem('not_acceptable', 'Responses are available as application/json only.');
}

/** The id in the path, in lower case. A malformed id identifies nothing: not found, rather than invalid. */
export function readPathId({ req }: RequestContext, resource: string): string {
  const id = req.param('id');
  if (!isUuid(id)) throw new Problem('not_found', `No ${resource} has this id.`);
  return id.toLowerCase();
}

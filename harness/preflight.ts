import { Blocked } from './case.ts';
import type { Client } from './client/client.ts';
import { ScopeRefused } from './client/tokens.ts';
import type { Contract } from './contract/index.ts';
import { scopesInUse } from './contract/security.ts';
import { TransportError } from './wire.ts';

/**
 * Finds out whether a target can be talked to at all: some scope of the resource is granted, and a page is answered.
 * Returns why not, in one line, or nothing.
 */
export async function preflight(contract: Contract, client: Client): Promise<string | undefined> {
  const { list } = contract.resource;
  if (list === undefined) return undefined;
  const scopes = scopesInUse(contract.doc);
  const attempts = [scopes, ...scopes.map((scope) => [scope])];
  const refusals: string[] = [];
  for (const held of attempts) {
    try {
      await client.ask({
        operation: list.name,
        caller: { title: 'who looks whether anybody is there', credential: { kind: 'token', scopes: held } },
        query: { limit: '1' },
      });
      return undefined;
    } catch (error) {
      if (error instanceof TransportError) return error.message;
      if (!(error instanceof ScopeRefused) && !(error instanceof Blocked)) throw error;
      refusals.push(error.message);
    }
  }
  return refusals.join('; ');
}

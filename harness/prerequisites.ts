import { randomUUID } from 'node:crypto';
import { Blocked } from './case.ts';
import type { Question } from './client/client.ts';
import { ScopeRefused } from './client/tokens.ts';
import type { Contract } from './contract/index.ts';
import { isObject } from './contract/nodes.ts';
import { type Exchange, succeeded } from './exchange.ts';

/**
 * Creates the user that account groups need, as `x-prerequisites` of the contract says; returns its id.
 *
 * @throws {Blocked} where the target refuses, with what it answered.
 */
export async function createUser(contract: Contract, ask: (question: Question) => Promise<Exchange>): Promise<string> {
  const recipe = contract.doc.find('#/x-prerequisites/user');
  if (recipe === undefined || !isObject(recipe.value))
    throw new Blocked('no-user', 'the contract does not say how a user is made; set USER_ID');
  const scopes = [contract.doc.text(recipe, 'scope')];
  const exchange = await ask({
    operation: { method: contract.doc.text(recipe, 'method'), path: contract.doc.text(recipe, 'path') },
    caller: { title: 'who makes users', credential: { kind: 'token', scopes } },
    headers: { 'idempotency-key': randomUUID() },
    body: recipe.value.body,
  }).catch((error: unknown) => {
    if (!(error instanceof ScopeRefused)) throw error;
    throw new Blocked('no-scope', `${error.message}; set USER_ID to an existing user`, error.scopes);
  });
  const user = exchange.response.json?.value;
  if (succeeded(exchange) && isObject(user) && typeof user.id === 'string') return user.id;
  throw new Blocked(
    'no-user',
    `no user could be created (${exchange.response.status}); set USER_ID to an existing one`,
  );
}

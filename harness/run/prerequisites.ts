import { randomUUID } from 'node:crypto';
import { Blocked } from '../case.ts';
import { isSound, pageOf } from '../checks/group.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import { ScopeRefused } from '../client/tokens.ts';
import { isObject } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import { scopesInUse } from '../contract/security.ts';
import { type Exchange, headline, succeeded } from '../exchange.ts';

/** The setting that names existing objects, so that the run need not create any. */
const GIVEN_BY = 'USER_ID';

/** True if the contract's entry under `x-prerequisites` lets a setting name the prerequisite. */
export function isGivenBySetting({ doc }: Contract, name: string): boolean {
  const recipe = doc.find(`#/x-prerequisites/${name}`)?.value;
  return isObject(recipe) && recipe.setting === GIVEN_BY;
}

/**
 * Creates a prerequisite as described by `x-prerequisites` of the contract, and returns its id. An `x-prerequisite` in its
 * body is replaced with the id of that other prerequisite, from `idOf`.
 *
 * @throws {Blocked} if the target refuses, quoting its answer
 */
export async function makePrerequisite(
  contract: Contract,
  name: string,
  ask: (spec: RequestSpec) => Promise<Exchange>,
  idOf: (prerequisite: string) => Promise<string>,
): Promise<string> {
  const recipe = contract.doc.find(`#/x-prerequisites/${name}`);
  const hint = isGivenBySetting(contract, name) ? `; set ${GIVEN_BY} to an existing ${name}` : '';
  if (recipe === undefined || !isObject(recipe.value))
    throw new Blocked('not-in-contract', `the contract does not say how to create a ${name}`);
  if (typeof recipe.value.shown === 'string') return shownBy(contract, name, recipe.value.shown, ask);
  const scopes = [contract.doc.text(recipe, 'scope')];
  const exchange = await ask({
    operation: { method: contract.doc.text(recipe, 'method'), path: contract.doc.text(recipe, 'path') },
    caller: { title: `that creates a ${name}`, credential: { kind: 'token', scopes } },
    headers: { 'idempotency-key': randomUUID() },
    body: await filled(recipe.value.body, idOf),
  }).catch((error: unknown) => {
    if (!(error instanceof ScopeRefused)) throw error;
    throw new Blocked('no-scope', `${error.message}${hint}`, error.scopes);
  });
  const made = exchange.response.json?.value;
  if (succeeded(exchange) && isObject(made) && typeof made.id === 'string') return made.id;
  throw new Blocked('no-prerequisite', `no ${name} could be created (${headline(exchange)})${hint}`);
}

/**
 * The id of an object that a run cannot create, taken from a member of a listed item.
 *
 * @throws {Blocked} if no item has one, or the items cannot be listed
 */
async function shownBy(
  contract: Contract,
  name: string,
  member: string,
  ask: (spec: RequestSpec) => Promise<Exchange>,
): Promise<string> {
  const { list, many } = contract.resource;
  const read = (scopes: readonly string[]) =>
    ask({
      operation: list?.name ?? '',
      caller: { title: `that looks for a ${name}`, credential: { kind: 'token', scopes } },
    });
  let exchange = list && (await read(list.security[0] ?? []));
  // If the target wrongly refuses this scope, a caller with all scopes may still succeed.
  if (exchange !== undefined && pageOf(exchange) === undefined) exchange = await read(scopesInUse(contract.doc));
  const page = exchange && pageOf(exchange);
  if (exchange !== undefined && page === undefined)
    throw new Blocked('allowed-call-fails', `the ${many} cannot be listed (${headline(exchange)})`);
  const item = page?.data.find((one) => typeof one[member] === 'string' && isSound(contract, one, member));
  const shown = item?.[member];
  if (typeof shown === 'string') return shown;
  throw new Blocked('not-in-contract', `none of the listed ${many} has a ${name}, and none can be created`);
}

/** A body with its prerequisites replaced by their ids. */
async function filled(body: unknown, idOf: (prerequisite: string) => Promise<string>): Promise<unknown> {
  if (!isObject(body)) return body;
  if (typeof body['x-prerequisite'] === 'string') return idOf(body['x-prerequisite']);
  const members = Object.entries(body).map(async ([member, value]) => [member, await filled(value, idOf)] as const);
  return Object.fromEntries(await Promise.all(members));
}

import { randomUUID } from 'node:crypto';
import type { Api, Ask, Case } from '../harness/case.ts';
import type { Contract, Operation } from '../harness/contract/index.ts';
import { type Caller, callersOf, scopesInUse } from '../harness/contract/security.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { has } from '../harness/profile.ts';
import { closed } from './closing.ts';
import { refusedClosings, refusedCreations } from './refusals.ts';
import { anyGroup, created, words } from './stage.ts';

/** Every operation by every caller: what is permitted succeeds first, then one thing is taken away. */

/** Waiting for a token to expire is worth this long, in milliseconds. */
const LONGEST_TOKEN_WAIT_MS = 5000;

export function scopeCases(contract: Contract): Case[] {
  return contract.operations.map((operation) => {
    const callers = callersOf(contract.doc, operation);
    return {
      id: `${operation.name}.callers`,
      area: 'scopes',
      operation: operation.name,
      title: `${operation.id} serves the callers that it must serve, and turns away all others`,
      proves: [
        ...callers.map((caller) => requirementOf(operation, caller)),
        ...(operation.name === 'retrieve' ? ['retrieve.existence-not-leaked'] : []),
      ],
      writes: operation.writes,
      run: (api) => run(api, operation, callers),
    };
  });
}

const requirementOf = (operation: Operation, caller: Caller) => `${operation.name}.caller.${caller.id}`;

async function run(api: Api, operation: Operation, callers: readonly Caller[]): Promise<void> {
  const served = await allowedCalls(
    api,
    operation,
    callers.filter((caller) => caller.allowed),
  );
  const refused = (
    await Promise.all(callers.filter((caller) => !caller.allowed).map((caller) => ready(api, operation, caller)))
  ).filter((caller) => caller !== undefined);
  if (!served) {
    for (const caller of refused)
      api.blocked(
        requirementOf(operation, caller),
        'allowed-call-fails',
        'no permitted call succeeds, so a refusal proves nothing',
      );
    return;
  }
  const asks = (rest: Omit<Ask, 'caller' | 'operation' | 'aims'>): Ask[] =>
    refused.map((caller) => ({ ...rest, operation: operation.name, caller, aims: [requirementOf(operation, caller)] }));
  if (operation.name === 'create') {
    const body = { user_id: await api.owner(0), type: words(api.contract, 'CreateAccountGroup', 'type')[0] };
    await refusedCreations(api, asks({ body }));
  } else if (operation.name === 'close') {
    await refusedClosings(api, (id) => asks({ path: { account_group_id: id } }));
  } else if (operation.name === 'retrieve') {
    const id = await anyGroup(api);
    const answers = await Promise.all(asks({ path: { account_group_id: id } }).map((ask) => api.ask(ask)));
    await existenceNotLeaked(api, refused, answers);
  } else await Promise.all(asks({}).map((ask) => api.ask(ask)));
}

/** Asks on behalf of everybody who is allowed; true where somebody was served. */
async function allowedCalls(api: Api, operation: Operation, callers: readonly Caller[]): Promise<boolean> {
  if (operation.name === 'create' || operation.name === 'close') {
    const make = (role: 'first' | 'second') =>
      (operation.name === 'create' ? created(api, role) : closed(api, role)).then(({ exchange }) => exchange);
    const exchanges = await Promise.all([make('first'), make('second')]);
    for (const [index, caller] of callers.entries()) {
      const exchange = exchanges[index];
      if (exchange !== undefined) api.judgeStatus([requirementOf(operation, caller)], exchange);
    }
    return exchanges.some(succeeded);
  }
  const path = operation.name === 'retrieve' ? { path: { account_group_id: await anyGroup(api) } } : {};
  const exchanges = await Promise.all(
    callers.map(async (caller): Promise<Exchange | undefined> => {
      try {
        return await api.ask({ operation: operation.name, caller, ...path, aims: [requirementOf(operation, caller)] });
      } catch (error) {
        api.prevented(requirementOf(operation, caller), error);
        return undefined;
      }
    }),
  );
  return exchanges.some((exchange) => exchange !== undefined && succeeded(exchange));
}

/** The caller, once it holds what it is to show; `undefined` where it cannot be had. */
async function ready(api: Api, operation: Operation, caller: Caller): Promise<Caller | undefined> {
  const requirement = requirementOf(operation, caller);
  try {
    if (caller.credential.kind === 'given-token') {
      const token = await expiredToken(api);
      if (token !== undefined) return { ...caller, credential: { kind: 'given-token', value: token } };
      api.excluded(requirement, 'tokens-outlive-the-run');
      return undefined;
    }
    const { credential } = caller;
    if (credential.kind === 'token') await api.token(credential.scopes);
    if (credential.kind !== 'malformed' && credential.kind !== 'tampered-token') return caller;
    const { scopes } = credential;
    return { ...caller, credential: { ...credential, ...(scopes && { scopes: obtainable(api, scopes) }) } };
  } catch (error) {
    api.prevented(requirement, error);
    return undefined;
  }
}

/** Those of the scopes that the client can have. */
const obtainable = (api: Api, scopes: readonly string[]) => scopes.filter((scope) => has(api.profile.scopes, scope));

/** A token that was good and is no more; `undefined` where that would take too long. */
function expiredToken(api: Api): Promise<string | undefined> {
  return api.once('expired token', async () => {
    const token = await api.token(obtainable(api, scopesInUse(api.contract.doc)));
    if (token.lifetimeMs > LONGEST_TOKEN_WAIT_MS) return undefined;
    await api.clock.sleep(token.expiredBy - api.clock.now() + 1000);
    return token.value;
  });
}

async function existenceNotLeaked(api: Api, refused: readonly Caller[], answers: readonly Exchange[]): Promise<void> {
  await Promise.all(
    refused.map(async (caller, index) => {
      if (caller.refusal !== 'insufficient') return;
      const known = answers[index];
      const unknown = await api.ask({ operation: 'retrieve', caller, path: { account_group_id: randomUUID() } });
      if (known !== undefined)
        api.judge(
          'retrieve.existence-not-leaked',
          [known, unknown],
          known.response.status !== unknown.response.status &&
            `${known.response.status} for an existing id, ${unknown.response.status} for an unknown one`,
        );
    }),
  );
}

import type { Api } from '../harness/case.ts';
import { ScopeRefused } from '../harness/client/tokens.ts';
import { type Caller, scopesInUse } from '../harness/contract/security.ts';
import { has } from '../harness/profile.ts';

/** Who calls, and whether they can: tokens have to be had first. */

/** A signing proxy chooses its key by this header, letter by letter, and answers by itself if it makes no sense. */
export const CLIENT_ID_HEADER = 'upvest-client-id';

/** Waiting for a token to expire is worth this long, in milliseconds. */
const LONGEST_TOKEN_WAIT_MS = 5000;

/** The caller, once it holds what it is to show; `undefined` where it cannot be had, which the requirement then says. */
export async function ready(api: Api, caller: Caller, requirement: string): Promise<Caller | undefined> {
  try {
    if (caller.credential.kind === 'given-token') {
      const token = await expiredToken(api);
      if (token !== undefined) return { ...caller, credential: { kind: 'given-token', value: token } };
      api.excluded(requirement, 'tokens-outlive-the-run');
      return undefined;
    }
    const { credential } = caller;
    if (credential.kind === 'token') await api.token(credential.scopes);
    if (!('scopes' in credential) || credential.kind === 'token') return caller;
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

/** Those of some callers whose tokens can be had; that others cannot is said where each caller is judged. */
export async function withTokens(api: Api, callers: readonly Caller[]): Promise<Caller[]> {
  const held = await Promise.all(
    callers.map(({ credential }) =>
      credential.kind !== 'token'
        ? true
        : api.token(credential.scopes).then(
            () => true,
            (error: unknown) => {
              if (error instanceof ScopeRefused) return false;
              throw error;
            },
          ),
    ),
  );
  return callers.filter((_, index) => held[index]);
}

/** True for a caller who learns nothing of a group, and whom a refusal must not tell anything either. */
export const isStranger = ({ id }: Caller) => ['unrelated-scope', 'no-token'].includes(id);

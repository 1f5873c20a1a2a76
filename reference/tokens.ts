import { randomBytes } from 'node:crypto';
import { Refusal } from './problems.ts';

const SCOPES = ['accounts:read', 'accounts:admin', 'users:read', 'users:admin', 'webhooks:read', 'webhooks:admin'];

export interface TokenDesk {
  /** Answers a form-encoded client credentials request (RFC 6749 §4.4). */
  issue(form: URLSearchParams): { access_token: string; expires_in: number; token_type: 'bearer'; scope: string };
  /** Refuses with 401 or 403 unless the header carries a live token with one of the scopes. */
  authorize(header: string | undefined, anyOf: readonly string[]): void;
}

/** Issues opaque tokens and knows them again until they expire. */
export function createTokenDesk(options: { clientId: string; clientSecret: string; lifetimeSeconds: number; now: () => number }): TokenDesk {
  const issued = new Map<string, { scopes: readonly string[]; expiresAt: number }>();
  return {
    issue(form) {
      if (form.get('grant_type') !== 'client_credentials') throw new Refusal(400, 'grant_type must be client_credentials');
      const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
      if (scopes.length === 0) throw new Refusal(400, 'scope must name at least one scope');
      if (form.get('client_id') !== options.clientId || form.get('client_secret') !== options.clientSecret) throw new Refusal(401, 'unknown client or wrong secret');
      if (!scopes.every((scope) => SCOPES.includes(scope))) throw new Refusal(401, 'the client may not have one of these scopes');
      const access_token = randomBytes(24).toString('base64url');
      issued.set(access_token, { scopes, expiresAt: options.now() + options.lifetimeSeconds * 1000 });
      return { access_token, expires_in: options.lifetimeSeconds, token_type: 'bearer', scope: scopes.join(' ') };
    },
    authorize(header, anyOf) {
      const token = issued.get(/^Bearer ([A-Za-z0-9\-._~+/]+=*)$/.exec(header ?? '')?.[1] ?? '');
      if (token === undefined || token.expiresAt <= options.now()) throw new Refusal(401, 'a valid access token is needed', { 'www-authenticate': 'Bearer' });
      if (!anyOf.some((scope) => token.scopes.includes(scope))) throw new Refusal(403, `the access token lacks ${anyOf.join(' or ')}`);
    },
  };
}

import { randomBytes } from 'node:crypto';
import { Problem } from './problems.ts';
import type { TokenRequest } from './validation.ts';

const SCOPES = ['accounts:read', 'accounts:admin', 'users:read', 'users:admin', 'webhooks:read', 'webhooks:admin'];

export interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
  readonly token_type: 'bearer';
  readonly scope: string;
}

/** What a valid access token grants. */
export interface Grant {
  /** Lower case. */
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
}

export interface TokenIssuerOptions {
  readonly now: () => number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly lifetimeSeconds: number;
}

/** Issues opaque access tokens to the one client, and authenticates them until they expire. */
export class TokenIssuer {
  readonly #options: TokenIssuerOptions;
  readonly #grants = new Map<string, Grant & { readonly expires: number }>();

  constructor(options: TokenIssuerOptions) {
    this.#options = options;
  }

  /** Issues a token. @throws {Problem} 401 for unknown credentials or scopes. */
  issue({ clientId, clientSecret, scopes }: TokenRequest): TokenAnswer {
    const { now, lifetimeSeconds, ...client } = this.#options;
    if (clientId !== client.clientId.toLowerCase() || clientSecret !== client.clientSecret) {
      throw new Problem('unauthorised', 'The client id or the client secret is wrong.');
    }
    if (!scopes.every((scope) => SCOPES.includes(scope))) {
      throw new Problem('unauthorised', 'The client may not request all of these scopes.');
    }
    const token = randomBytes(32).toString('base64url');
    this.#grants.set(token, { clientId, scopes: new Set(scopes), expires: now() + lifetimeSeconds * 1000 });
    return { access_token: token, expires_in: lifetimeSeconds, token_type: 'bearer', scope: scopes.join(' ') };
  }

  /** The grant of the token in an authorization header. @throws {Problem} 401 unless the token is valid now. */
  authenticate(authorization: string | undefined): Grant {
    const token = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/.exec(authorization ?? '')?.[1];
    const grant = token === undefined ? undefined : this.#grants.get(token);
    if (grant === undefined || grant.expires <= this.#options.now()) {
      throw new Problem('unauthorised', 'A valid access token is required.', { 'www-authenticate': 'Bearer' });
    }
    return grant;
  }
}

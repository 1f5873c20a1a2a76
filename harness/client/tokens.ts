import * as oauth from 'oauth4webapi';
import { type Clock, type Send, TransportError, type WireRequest, type WireResponse } from '../wire.ts';
import type { Gate } from './gate.ts';
import { waitBeforeRetry } from './patience.ts';
import type { Redactor } from './redactor.ts';
import type { Signer } from './signer.ts';

export interface Token {
  readonly value: string;
  readonly scopes: readonly string[];
  /** Before this instant it has not expired for certain. Instants in milliseconds since the epoch. */
  readonly safeUntil: number;
  /** After this instant it has expired for certain, also where it was issued no sooner than it came. */
  readonly expiredBy: number;
  /** In milliseconds. */
  readonly lifetimeMs: number;
}

/** The token endpoint refuses these scopes to this client. */
export class ScopeRefused extends Error {
  override readonly name = 'ScopeRefused';
  readonly scopes: readonly string[];

  constructor(message: string, scopes: readonly string[] = []) {
    super(message);
    this.scopes = scopes;
  }
}

export interface TokenOptions {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly send: Send;
  readonly gate: Gate;
  readonly sign: Signer;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/**
 * A token is asked for anew this long before it expires, so that it does not expire on its way. A server that notes
 * whole seconds may end it up to one second early.
 */
const MARGIN_MS = 1000;

/** Access tokens by OAuth client credentials (RFC 6749 §4.4), one for each set of scopes, kept until shortly before they expire. */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #held = new Map<string, Promise<Token>>();

  constructor(options: TokenOptions) {
    this.#options = options;
    options.redactor.add(options.clientSecret, 'CLIENT_SECRET');
  }

  /**
   * A valid token with these scopes, other than `spent`.
   *
   * @throws {ScopeRefused} where the endpoint refuses; {@link TransportError} where it does not answer as OAuth demands.
   */
  async get(scopes: readonly string[], spent?: Token): Promise<Token> {
    const key = scopes.toSorted().join(' ');
    const held = await this.#held.get(key);
    if (held !== undefined && held !== spent && held.safeUntil > this.#options.clock.now()) return held;
    return this.#renew(key, scopes, held);
  }

  #renew(key: string, scopes: readonly string[], old: Token | undefined): Promise<Token> {
    const pending = this.#held.get(key);
    const renewal = (async () => {
      const current = await pending;
      return current !== undefined && current !== old ? current : this.#request(scopes);
    })();
    this.#held.set(key, renewal);
    // A refusal stands; trouble on the way may be over the next time.
    renewal.catch((error: unknown) => {
      if (!(error instanceof ScopeRefused)) this.#held.delete(key);
    });
    return renewal;
  }

  async #request(scopes: readonly string[]): Promise<Token> {
    const { tokenUrl, clientId, clientSecret, send, gate, sign, clock, redactor } = this.#options;
    const server: oauth.AuthorizationServer = { issuer: tokenUrl.origin, token_endpoint: tokenUrl.href };
    const client: oauth.Client = { client_id: clientId };
    const askedAt = clock.now();
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.ClientSecretPost(clientSecret),
      { scope: scopes.join(' ') },
      {
        [oauth.allowInsecureRequests]: tokenUrl.protocol === 'http:',
        [oauth.customFetch]: async (url, options) => {
          const request: WireRequest = {
            method: options.method,
            url: new URL(url),
            headers: [...Object.entries(options.headers), ['upvest-client-id', clientId]],
            body: new TextEncoder().encode(String(options.body)),
          };
          const ask = () => gate(() => send(sign(request)), 'urgent');
          let answer = await ask();
          for (let attempts = 1; ; attempts++) {
            const retryAfter = answer.headers.find(([name]) => name === 'retry-after')?.[1];
            const wait = waitBeforeRetry(answer.status, retryAfter, attempts, clock.now());
            if (wait === undefined) break;
            await clock.sleep(wait);
            answer = await ask();
          }
          return toResponse(answer);
        },
      },
    );
    if ([400, 401, 403].includes(response.status))
      throw new ScopeRefused(
        `the token endpoint answers ${response.status} to a request for ${scopes.join(' ')}`,
        scopes,
      );
    try {
      const answer = await oauth.processClientCredentialsResponse(server, client, response);
      const lifetimeMs = (answer.expires_in ?? 60) * 1000;
      redactor.add(
        answer.access_token,
        `TOKEN_${scopes
          .join('_')
          .replaceAll(/[^a-z]+/gi, '_')
          .toUpperCase()}`,
      );
      return {
        value: answer.access_token,
        scopes,
        safeUntil: askedAt + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 2),
        expiredBy: clock.now() + lifetimeMs,
        lifetimeMs,
      };
    } catch (error) {
      throw new TransportError(
        `the token endpoint answers ${response.status}, which is no token: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** The answer as the OAuth library reads it; some that can come over the wire cannot be put that way. */
function toResponse({ status, headers, body }: WireResponse): Response {
  try {
    return new Response(body.length > 0 ? body : null, {
      status,
      headers: headers.map(([name, value]) => [name, value]),
    });
  } catch {
    throw new TransportError(`the token endpoint answers ${status}, which is no token`);
  }
}

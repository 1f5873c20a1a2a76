import { Blocked } from '../case.ts';
import { isObject } from '../contract/document.ts';
import { type Exchange, succeeded } from '../exchange.ts';
import type { Clock } from './wire.ts';

export interface Token {
  readonly value: string;
  readonly scopes: readonly string[];
  /** Before this instant it has not expired for certain. Instants in milliseconds since the epoch. */
  readonly safeUntil: number;
  /** After this instant it has expired for certain, also where it was issued no sooner than it came. */
  readonly expiredBy: number;
  /** In milliseconds; `Infinity` where the endpoint does not say. */
  readonly lifetimeMs: number;
  /** How the token was had. */
  readonly exchange: Exchange;
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

/** Asks the token endpoint for a token with these scopes; the answer may be anything. */
export type AskForToken = (scopes: readonly string[]) => Promise<Exchange>;

/**
 * A token is asked for anew this long before it expires, so that it does not expire on its way. A server that notes
 * whole seconds may end it up to one second early.
 */
const MARGIN_MS = 1000;
/** How long a token is kept of which nobody knows how long it lives. */
const UNKNOWN_LIFETIME_MS = 1000;
/** How often an endpoint is asked before it counts as giving no token. */
const MOST_ATTEMPTS = 3;

/** Access tokens, one for each set of scopes, kept until shortly before they expire. */
export class Tokens {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #held = new Map<string, Promise<Token>>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * A valid token with these scopes, other than `spent`; `ask` is used where none is held.
   *
   * @throws {ScopeRefused} where the endpoint refuses; {@link Blocked} where its answers hold no token.
   */
  async get(scopes: readonly string[], ask: AskForToken, spent?: Token): Promise<Token> {
    const key = scopes.toSorted().join(' ');
    const held = await this.#held.get(key);
    if (held !== undefined && held !== spent && held.safeUntil > this.#clock.now()) return held;
    return this.#renew(key, scopes, held, ask);
  }

  #renew(key: string, scopes: readonly string[], old: Token | undefined, ask: AskForToken): Promise<Token> {
    const pending = this.#held.get(key);
    const renewal = (async () => {
      const current = await pending;
      return current !== undefined && current !== old ? current : firstToken(scopes, ask);
    })();
    this.#held.set(key, renewal);
    // What the endpoint says stands; trouble on the way may be over the next time.
    renewal.catch((error: unknown) => {
      if (!(error instanceof ScopeRefused) && !(error instanceof Blocked)) this.#held.delete(key);
    });
    return renewal;
  }
}

async function firstToken(scopes: readonly string[], ask: AskForToken): Promise<Token> {
  for (let attempts = 1; ; attempts++) {
    try {
      return tokenIn(await ask(scopes), scopes);
    } catch (error) {
      if (!(error instanceof Blocked) || attempts >= MOST_ATTEMPTS) throw error;
    }
  }
}

/** The token in an answer. It is used as far as it goes; what is wrong with the answer besides is for the checks to say. */
function tokenIn(exchange: Exchange, scopes: readonly string[]): Token {
  const { status, json } = exchange.response;
  const asked = `the token endpoint answers ${status} to a request for ${scopes.join(' ')}`;
  if ([400, 401, 403].includes(status)) throw new ScopeRefused(asked, scopes);
  const { access_token: value, expires_in: lifetime } = isObject(json?.value) ? json.value : {};
  if (!succeeded(exchange) || typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
    throw new Blocked('no-token', `${asked}, without a token that can be used`);
  const lifetimeMs = typeof lifetime === 'number' && lifetime > 0 ? lifetime * 1000 : Number.POSITIVE_INFINITY;
  const keptMs = Number.isFinite(lifetimeMs) ? lifetimeMs : UNKNOWN_LIFETIME_MS;
  return {
    value,
    scopes,
    safeUntil: exchange.startedAt + keptMs - Math.min(MARGIN_MS, keptMs / 2),
    expiredBy: exchange.endedAt + lifetimeMs,
    lifetimeMs,
    exchange,
  };
}

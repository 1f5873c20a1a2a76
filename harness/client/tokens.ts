import { Blocked } from '../case.ts';
import { isObject } from '../contract/document.ts';
import { type Exchange, succeeded } from '../exchange.ts';
import type { Clock } from './wire.ts';

export interface Token {
  readonly value: string;
  readonly scopes: readonly string[];
  /** The token is certainly valid before this time. Milliseconds since the epoch, here and below. */
  readonly safeUntil: number;
  /** The token has certainly expired after this time, even if it was issued only when the answer arrived. */
  readonly expiredBy: number;
  /** In milliseconds; `Infinity` if the endpoint does not say. */
  readonly lifetimeMs: number;
  /** The exchange that issued the token. */
  readonly exchange: Exchange;
}

/** The token endpoint refuses to grant these scopes to this client. */
export class ScopeRefused extends Error {
  override readonly name = 'ScopeRefused';
  readonly scopes: readonly string[];

  constructor(message: string, scopes: readonly string[] = []) {
    super(message);
    this.scopes = scopes;
  }
}

/** Requests a token with these scopes; the answer is not validated. */
export type AskForToken = (scopes: readonly string[]) => Promise<Exchange>;

/**
 * A token is renewed this long before it expires, so that it does not expire in transit. One second, because a server
 * that stores times in whole seconds may expire it up to one second early.
 */
const MARGIN_MS = 1000;
/**
 * How long a token of unknown lifetime is kept: long enough for a burst of requests, too short to matter if it expires.
 */
const UNKNOWN_LIFETIME_MS = 1000;
/** Requests before an endpoint counts as issuing no usable token: one bad answer may be a hiccup. */
const MOST_ATTEMPTS = 3;

/** Caches one access token per set of scopes until shortly before it expires. */
export class Tokens {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #held = new Map<string, Promise<Token>>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * A valid token with these scopes. `ask` requests one if none is cached, or the cached one is `spent`.
   *
   * @throws {ScopeRefused} if the endpoint refuses the scopes
   * @throws {Blocked} if its answers contain no usable token
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
    // A refusal is kept; a transport error may be gone the next time.
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

/** The token in an answer. It is used even if the answer is otherwise wrong, which is for the checks to report. */
function tokenIn(exchange: Exchange, scopes: readonly string[]): Token {
  const { status, json } = exchange.response;
  const asked = `the token endpoint answers ${status} to a request for ${scopes.join(' ')}`;
  if ([400, 401, 403].includes(status)) throw new ScopeRefused(asked, scopes);
  const { access_token: value, expires_in: lifetime } = isObject(json?.value) ? json.value : {};
  if (!succeeded(exchange) || typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
    throw new Blocked('no-token', `${asked}, without a usable token`);
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

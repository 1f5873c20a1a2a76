import { randomUUID } from 'node:crypto';
import { mostItems } from '../checks/page.ts';
import type { Contract, Operation } from '../contract/index.ts';
import { accepts, readCallerRefusals, readTokenPath } from '../contract/operations.ts';
import { scopesInUse } from '../contract/security.ts';
import { decodeBody, type Exchange, headline, recorded } from '../exchange.ts';
import { authorizationOf, tampered } from './authorization.ts';
import { FORM, hideTokens, tokenForm, tokenName } from './credentials.ts';
import type { Gate } from './gate.ts';
import type { Redactor } from './redactor.ts';
import { type RequestSpec, singleQuery } from './request-spec.ts';
import { isPutOff, waitBeforeRetry } from './retry-policy.ts';
import type { Signer } from './signer.ts';
import { type Token, Tokens } from './tokens.ts';
import { type Clock, type Send, TransportError, type WireRequest, type WireResponse } from './wire.ts';

export interface ClientOptions {
  readonly contract: Contract;
  readonly baseUrl: string;
  /** May be on another host. */
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly send: Send;
  readonly gate: Gate;
  readonly sign: Signer;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Prefix of the ids of exchanges, so that those of different workers differ. */
  readonly prefix: string;
}

/**
 * Receives each exchange that precedes the final answer to a request: earlier attempts (`request`), and token requests
 * for it (`token`).
 */
export type Heard = (exchange: Exchange, about: 'request' | 'token') => void;

export interface AskOptions {
  readonly heard?: Heard;
  /** Called right before a request is sent; throws to prevent it. */
  readonly permit?: () => void;
  readonly hurry?: 'urgent';
}

/**
 * One attempt, with the time until which its token and signature cannot have expired in transit (milliseconds since the
 * epoch).
 */
interface Attempt {
  readonly exchange: Exchange;
  readonly safeUntil: number;
  readonly token: Token | undefined;
}

/**
 * How far the target's clock may be ahead of ours, in milliseconds, when it checks the expiry of a signature, which is
 * in whole seconds.
 */
const SIGNATURE_MARGIN_MS = 1000;

const USER_AGENT = 'account-groups-conformance/0.1';

/** Builds, signs, sends and records requests. The only module that knows URLs and tokens. */
export class Client {
  readonly #options: ClientOptions;
  /** Statuses for an unauthenticated caller. */
  readonly #unknownCaller: readonly string[];
  readonly #tokens: Tokens;
  readonly #tokenPath: string | undefined;
  #sequence = 0;
  #count = 0;
  readonly #recorded: Exchange[] = [];
  #altered = 0;
  #bytes = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#unknownCaller = readCallerRefusals(options.contract.doc).unauthenticated;
    this.#tokens = new Tokens(options.clock);
    this.#tokenPath = readTokenPath(options.contract.doc);
    options.redactor.add(options.clientSecret, 'CLIENT_SECRET');
  }

  /** Number of recorded exchanges. */
  get count(): number {
    return this.#count;
  }

  /** All recorded exchanges, without their parsed bodies. */
  get recorded(): readonly Exchange[] {
    return this.#recorded;
  }

  /** Total size of all response bodies, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A token with these scopes, other than `spent`; see {@link Tokens.get}. */
  token(scopes: readonly string[], heard: Heard = () => undefined, spent?: Token): Promise<Token> {
    const endpoint = this.#options.contract.operations.find(({ issuesTokens }) => issuesTokens)?.name;
    const ask = async (asked: readonly string[]) => {
      const spec: RequestSpec = {
        operation: endpoint ?? { method: 'POST', path: this.#tokenPath ?? '' },
        caller: { title: 'that shows its credentials', credential: { kind: 'none' } },
        form: { scope: asked.join(' ') },
      };
      const exchange = await this.ask(spec, { heard: (one) => heard(one, 'token'), hurry: 'urgent' });
      heard(exchange, 'token');
      return exchange;
    };
    return this.#tokens.get(scopes, ask, spent);
  }

  /**
   * Sends a request and records the exchange. Some answers are handed to `heard`, and the request is repeated within
   * limits: those that ask to retry later, and those that reject a caller whose token or signature may have expired in
   * transit, which is not the target's fault.
   *
   * @throws {TransportError} if there is no final answer
   * @throws {ScopeRefused} if the token endpoint refuses the scopes
   * @throws {Blocked} if it issues no usable token
   */
  async ask(spec: RequestSpec, options: AskOptions = {}): Promise<Exchange> {
    const { heard = () => undefined } = options;
    const { contract, clock } = this.#options;
    const operation =
      typeof spec.operation === 'string' ? contract.operations.find(({ name }) => name === spec.operation) : undefined;
    if (typeof spec.operation === 'string' && operation === undefined)
      throw new TypeError(`the contract has no operation ${spec.operation}`);
    const key = randomUUID();
    let late: Attempt | undefined;
    for (let attempts = 1; ; attempts++) {
      const attempt = await this.#attempt(spec, operation, key, options, late?.token);
      const { exchange } = attempt;
      if (this.#cameTooLate(attempt)) {
        heard(exchange, 'request');
        if (late !== undefined)
          throw new TransportError(`${headline(exchange)}: the token or signature may have expired in transit`);
        late = attempt;
        continue;
      }
      const { status, headers } = exchange.response;
      const retryAfter = headers.find(([name]) => name === 'retry-after')?.[1];
      const wait = waitBeforeRetry(status, retryAfter, attempts, clock.now());
      if (wait === undefined && !isPutOff(status)) return exchange;
      heard(exchange, 'request');
      if (wait === undefined) throw new TransportError(`${headline(exchange)}, ${attempts} times in a row`);
      await clock.sleep(wait);
    }
  }

  /** True for a refusal that may only mean that a valid token or signature expired in transit. */
  #cameTooLate({ exchange, safeUntil }: Attempt): boolean {
    return exchange.endedAt >= safeUntil && accepts(this.#unknownCaller, exchange.response.status);
  }

  async #attempt(
    spec: RequestSpec,
    operation: Operation | undefined,
    key: string,
    { heard, permit, hurry }: AskOptions,
    spent: Token | undefined,
  ): Promise<Attempt> {
    const { clock, gate, send, sign } = this.#options;
    const { credential } = spec.caller;
    const scopes = 'scopes' in credential && !this.#isToken(spec, operation) ? credential.scopes : undefined;
    const isGood = credential.kind === 'token' && spec.signature === undefined;
    return gate(async () => {
      permit?.();
      const token = scopes && (await this.token(scopes, heard, spent));
      const authorization = this.#isToken(spec, operation)
        ? undefined
        : authorizationOf(
            credential,
            token,
            this.#options.redactor,
            credential.kind === 'tampered-token' ? this.#altered++ : 0,
          );
      const request = sign(this.#request(spec, operation, authorization, key), spec.signature);
      const began = this.#sequence++;
      const startedAt = clock.now();
      const response = await send(request);
      const exchange = this.#record(spec, operation, request, response, { began, startedAt });
      const ends = [token?.safeUntil, request.signedUntil && request.signedUntil - SIGNATURE_MARGIN_MS];
      const safeUntil = isGood ? Math.min(...ends.filter((end) => end !== undefined)) : Number.POSITIVE_INFINITY;
      return { exchange, safeUntil, token };
    }, hurry);
  }

  #record(
    spec: RequestSpec,
    operation: Operation | undefined,
    request: WireRequest,
    response: WireResponse,
    { began, startedAt }: Pick<Exchange, 'began' | 'startedAt'>,
  ): Exchange {
    const { clock, contract, redactor } = this.#options;
    const { text, json } = decodeBody(response, mostItems(contract, singleQuery(spec.query)));
    const isToken = this.#isToken(spec, operation);
    if (isToken) this.#hide(text, request);
    this.#count++;
    this.#bytes += response.body.length;
    const clean = (pairs: WireRequest['headers']) =>
      pairs.map(([name, value]) => [name, redactor.redact(value)] as const);
    const exchange: Exchange = {
      id: `${this.#options.prefix}${this.#count}`,
      operation: operation?.name,
      caller: spec.caller.title,
      request: {
        method: request.method,
        url: redactor.redact(request.url.href),
        query: singleQuery(spec.query),
        headers: clean(request.headers),
        body: request.body && redactor.redact(new TextDecoder().decode(request.body)),
      },
      response: {
        status: response.status,
        headers: clean(response.headers),
        body:
          isToken && response.status < 300 && json === undefined
            ? `(${response.body.length} bytes that may contain a token)`
            : recorded(text, (part) => redactor.redact(part)),
        bytes: response.body.length,
        json,
      },
      began,
      ended: this.#sequence++,
      startedAt,
      endedAt: clock.now(),
    };
    this.#recorded.push({ ...exchange, response: { ...exchange.response, json: undefined } });
    return exchange;
  }

  /** The URL of a path of the target, below the path prefix of the base URL. */
  url(path: string): URL {
    return path === this.#tokenPath ? new URL(this.#options.tokenUrl) : new URL(`${this.#options.baseUrl}${path}`);
  }

  #isToken({ form }: RequestSpec, operation: Operation | undefined): boolean {
    return form !== undefined || operation?.issuesTokens === true;
  }

  /** Registers the tokens in an answer with the redactor. */
  #hide(text: string, request: WireRequest): void {
    const scope = new URLSearchParams(new TextDecoder().decode(request.body)).get('scope') ?? '';
    hideTokens(this.#options.redactor, text, tokenName(scope));
  }

  /** The body of a request and its default content type. */
  #body(spec: RequestSpec, operation: Operation | undefined): readonly [text?: string, type?: string] {
    const { rawBody, body, form, formAsJson, alteredSecret } = spec;
    if (rawBody !== undefined) return [rawBody, 'application/json'];
    if (body !== undefined) return [JSON.stringify(body), 'application/json'];
    if (!this.#isToken(spec, operation)) return [];
    const { clientId, redactor } = this.#options;
    const clientSecret =
      alteredSecret === undefined
        ? this.#options.clientSecret
        : tampered(redactor, this.#options.clientSecret, alteredSecret, 'ALTERED_SECRET');
    const fields = tokenForm({ clientId, clientSecret }, scopesInUse(this.#options.contract.doc), form);
    return formAsJson ? [JSON.stringify(Object.fromEntries(fields)), 'application/json'] : [fields.toString(), FORM];
  }

  #request(
    spec: RequestSpec,
    operation: Operation | undefined,
    authorization: string | undefined,
    key: string,
  ): WireRequest {
    const { method, path } = operation ?? (spec.operation as { method: string; path: string });
    const url = this.url(
      path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(spec.path?.[name] ?? '')),
    );
    for (const [name, value] of Object.entries(spec.query ?? {}))
      for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
    const [text, type] = this.#body(spec, operation);
    const headers = new Map<string, string | null | undefined>([
      ['accept', 'application/json'],
      ['user-agent', USER_AGENT],
      ['upvest-client-id', this.#options.clientId],
      ['authorization', authorization],
      ['content-type', type],
      ['idempotency-key', operation?.parameters.some(({ name }) => name === 'idempotency-key') ? key : undefined],
      ...Object.entries(spec.headers ?? {}),
    ]);
    return {
      method,
      url,
      headers: [...headers].flatMap(([name, value]) =>
        value === undefined || value === null ? [] : [[name, value] as const],
      ),
      body: text === undefined ? undefined : new TextEncoder().encode(text),
    };
  }
}

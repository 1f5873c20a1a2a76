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
  /** Starts the ids of exchanges, so that those of two workers differ. */
  readonly prefix: string;
}

/**
 * Hears of each exchange that comes before the answer to a question: those that did not settle it, and those by which a
 * `token` for it was had.
 */
export type Heard = (exchange: Exchange, about: 'question' | 'token') => void;

export interface AskOptions {
  readonly heard?: Heard;
  /** Called when a request is about to leave; throws where it must not. */
  readonly permit?: () => void;
  readonly hurry?: 'urgent';
}

/** An exchange, and until when what proved the caller's identity could not expire on its way. */
interface Attempt {
  readonly exchange: Exchange;
  readonly safeUntil: number;
  readonly token: Token | undefined;
}

/** How far the target's clock may be ahead when it looks whether a signature has expired. */
const SIGNATURE_MARGIN_MS = 1000;

const USER_AGENT = 'account-groups-conformance/0.1';

/** Turns questions into requests, sends them, and records what was said. The only place that knows URLs and tokens. */
export class Client {
  readonly #options: ClientOptions;
  /** Statuses by which the target says that it does not know who asks. */
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

  /** How many requests were recorded. */
  get count(): number {
    return this.#count;
  }

  /** Every exchange that was recorded, without the bodies that judging needs. */
  get recorded(): readonly Exchange[] {
    return this.#recorded;
  }

  /** How many bytes the bodies of all answers had. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A token with these scopes, other than `spent`; see {@link Tokens.get}. */
  token(scopes: readonly string[], heard: Heard = () => undefined, spent?: Token): Promise<Token> {
    const endpoint = this.#options.contract.operations.find(({ issuesTokens }) => issuesTokens)?.name;
    const ask = async (asked: readonly string[]) => {
      const question: RequestSpec = {
        operation: endpoint ?? { method: 'POST', path: this.#tokenPath ?? '' },
        caller: { title: 'that shows its credentials', credential: { kind: 'none' } },
        form: { scope: asked.join(' ') },
      };
      const exchange = await this.ask(question, { heard: (one) => heard(one, 'token'), hurry: 'urgent' });
      heard(exchange, 'token');
      return exchange;
    };
    return this.#tokens.get(scopes, ask, spent);
  }

  /**
   * Asks, and records the exchange. An answer that does not settle the question is handed to `heard`, and the question
   * is asked again within bounds: one that asks to come back later, and one that does not know the caller whose token or
   * signature may have expired on its way, which is nobody's fault but ours. Rejects with a transport error, or where
   * no token can be had.
   */
  async ask(question: RequestSpec, options: AskOptions = {}): Promise<Exchange> {
    const { heard = () => undefined } = options;
    const { contract, clock } = this.#options;
    const operation =
      typeof question.operation === 'string'
        ? contract.operations.find(({ name }) => name === question.operation)
        : undefined;
    if (typeof question.operation === 'string' && operation === undefined)
      throw new TypeError(`the contract has no operation ${question.operation}`);
    const key = randomUUID();
    let late: Attempt | undefined;
    for (let attempts = 1; ; attempts++) {
      const attempt = await this.#attempt(question, operation, key, options, late?.token);
      const { exchange } = attempt;
      if (this.#cameTooLate(attempt)) {
        heard(exchange, 'question');
        if (late !== undefined)
          throw new TransportError(`${headline(exchange)}: what was shown may have expired on its way`);
        late = attempt;
        continue;
      }
      const { status, headers } = exchange.response;
      const retryAfter = headers.find(([name]) => name === 'retry-after')?.[1];
      const wait = waitBeforeRetry(status, retryAfter, attempts, clock.now());
      if (wait === undefined && !isPutOff(status)) return exchange;
      heard(exchange, 'question');
      if (wait === undefined) throw new TransportError(`${headline(exchange)}, ${attempts} times in a row`);
      await clock.sleep(wait);
    }
  }

  /** True for a refusal that may mean no more than that a good token or signature was under way for too long. */
  #cameTooLate({ exchange, safeUntil }: Attempt): boolean {
    return exchange.endedAt >= safeUntil && accepts(this.#unknownCaller, exchange.response.status);
  }

  async #attempt(
    question: RequestSpec,
    operation: Operation | undefined,
    key: string,
    { heard, permit, hurry }: AskOptions,
    spent: Token | undefined,
  ): Promise<Attempt> {
    const { clock, gate, send, sign } = this.#options;
    const { credential } = question.caller;
    const scopes = 'scopes' in credential && !this.#isToken(question, operation) ? credential.scopes : undefined;
    const isGood = credential.kind === 'token' && question.signature === undefined;
    return gate(async () => {
      permit?.();
      const token = scopes && (await this.token(scopes, heard, spent));
      const authorization = this.#isToken(question, operation)
        ? undefined
        : authorizationOf(
            credential,
            token,
            this.#options.redactor,
            credential.kind === 'tampered-token' ? this.#altered++ : 0,
          );
      const request = sign(this.#request(question, operation, authorization, key), question.signature);
      const began = this.#sequence++;
      const startedAt = clock.now();
      const response = await send(request);
      const exchange = this.#record(question, operation, request, response, { began, startedAt });
      const ends = [token?.safeUntil, request.signedUntil && request.signedUntil - SIGNATURE_MARGIN_MS];
      const safeUntil = isGood ? Math.min(...ends.filter((end) => end !== undefined)) : Number.POSITIVE_INFINITY;
      return { exchange, safeUntil, token };
    }, hurry);
  }

  #record(
    question: RequestSpec,
    operation: Operation | undefined,
    request: WireRequest,
    response: WireResponse,
    { began, startedAt }: Pick<Exchange, 'began' | 'startedAt'>,
  ): Exchange {
    const { clock, contract, redactor } = this.#options;
    const { text, json } = decodeBody(response, mostItems(contract, singleQuery(question.query)));
    const isToken = this.#isToken(question, operation);
    if (isToken) this.#hide(text, request);
    this.#count++;
    this.#bytes += response.body.length;
    const clean = (pairs: WireRequest['headers']) =>
      pairs.map(([name, value]) => [name, redactor.redact(value)] as const);
    const exchange: Exchange = {
      id: `${this.#options.prefix}${this.#count}`,
      operation: operation?.name,
      caller: question.caller.title,
      request: {
        method: request.method,
        url: redactor.redact(request.url.href),
        query: singleQuery(question.query),
        headers: clean(request.headers),
        body: request.body && redactor.redact(new TextDecoder().decode(request.body)),
      },
      response: {
        status: response.status,
        headers: clean(response.headers),
        body:
          isToken && response.status < 300 && json === undefined
            ? `(${response.body.length} bytes that may hold a token)`
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

  /** The URL of a path of the target; a path prefix of the base URL is kept. */
  url(path: string): URL {
    return path === this.#tokenPath ? new URL(this.#options.tokenUrl) : new URL(`${this.#options.baseUrl}${path}`);
  }

  #isToken({ form }: RequestSpec, operation: Operation | undefined): boolean {
    return form !== undefined || operation?.issuesTokens === true;
  }

  /** Makes the tokens in an answer known to the redactor. */
  #hide(text: string, request: WireRequest): void {
    const scope = new URLSearchParams(new TextDecoder().decode(request.body)).get('scope') ?? '';
    hideTokens(this.#options.redactor, text, tokenName(scope));
  }

  /** The text of a request and its usual content type. */
  #body(question: RequestSpec, operation: Operation | undefined): readonly [text?: string, type?: string] {
    const { rawBody, body, form, formAsJson, alteredSecret } = question;
    if (rawBody !== undefined) return [rawBody, 'application/json'];
    if (body !== undefined) return [JSON.stringify(body), 'application/json'];
    if (!this.#isToken(question, operation)) return [];
    const { clientId, redactor } = this.#options;
    const clientSecret =
      alteredSecret === undefined
        ? this.#options.clientSecret
        : tampered(redactor, this.#options.clientSecret, alteredSecret, 'ALTERED_SECRET');
    const fields = tokenForm({ clientId, clientSecret }, scopesInUse(this.#options.contract.doc), form);
    return formAsJson ? [JSON.stringify(Object.fromEntries(fields)), 'application/json'] : [fields.toString(), FORM];
  }

  #request(
    question: RequestSpec,
    operation: Operation | undefined,
    authorization: string | undefined,
    key: string,
  ): WireRequest {
    const { method, path } = operation ?? (question.operation as { method: string; path: string });
    const url = this.url(
      path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(question.path?.[name] ?? '')),
    );
    for (const [name, value] of Object.entries(question.query ?? {}))
      for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
    const [text, type] = this.#body(question, operation);
    const headers = new Map<string, string | null | undefined>([
      ['accept', 'application/json'],
      ['user-agent', USER_AGENT],
      ['upvest-client-id', this.#options.clientId],
      ['authorization', authorization],
      ['content-type', type],
      ['idempotency-key', operation?.parameters.some(({ name }) => name === 'idempotency-key') ? key : undefined],
      ...Object.entries(question.headers ?? {}),
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

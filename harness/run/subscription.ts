import { randomUUID } from 'node:crypto';
import { Blocked } from '../case.ts';
import { eventsIn } from '../checks/delivery.ts';
import { type Keys, readKeys } from '../checks/delivery-signature.ts';
import type { Redactor } from '../client/redactor.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import { type Clock, TransportError } from '../client/wire.ts';
import type { Contract } from '../contract/index.ts';
import type { Delivery, Listen, ReceivedRequest, SignedDelivery } from '../delivery.ts';
import { decodeBody, type Exchange, headline, recorded, succeeded } from '../exchange.ts';
import type { Footprint } from './footprint.ts';
import { holderOf, Registration, recipeOf } from './registration.ts';
import { Stretch } from './settling.ts';

export interface SubscriptionOptions {
  readonly contract: Contract;
  readonly ask: (spec: RequestSpec) => Promise<Exchange>;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly footprint: Footprint;
  readonly listen: Listen;
  /** Scopes for the resource, which must not give access to webhooks. */
  readonly scopes: readonly string[];
  /** Called with all registrations before the first is attempted. */
  readonly attempted: (all: Registrations) => void;
  /** Prefix of the ids of deliveries, so that those of different workers differ. */
  readonly prefix: string;
  /** Called with each delivery first, to judge it. */
  readonly observe: (delivery: Delivery, webhookId: string | undefined) => void;
}

/** The registrations of a run. */
export interface Registrations {
  /** Attempted by a caller without the scope. */
  readonly stranger: Registration;
  /** Removed again at once; nothing may be delivered to it afterwards. */
  readonly trial: Registration;
  readonly registration: Registration;
}

/** Bytes of deliveries that are kept in memory. Beyond this, whatever relies on deliveries ends in an error. */
const MOST_KEPT = 64 * 1024 * 1024;
/**
 * Deliveries that are kept. Each arrival makes every waiting case look at all of them, so their number has to be
 * bounded.
 */
const MOST_DELIVERIES = 10_000;
/** Events that are read of one delivery. The vendor's largest package holds a few thousand. */
const MOST_EVENTS = 20_000;
const ACCEPTED = 204;
const NOT_NOW = 503;

/**
 * The subscription of this run to the events of the target: registered once, enabled, and removed at the end. Before
 * that, a trial registration is made and removed, to which nothing may be delivered afterwards.
 */
export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #deliveries: SignedDelivery[] = [];
  readonly #late: Delivery[] = [];
  #waiting: Array<() => void> = [];
  #stopListening: () => Promise<void> = async () => undefined;
  #size = 0;
  #trouble: unknown;
  #registrations: Registrations | undefined;
  #keys: Promise<Keys> | undefined;

  /**
   * Starts to listen, then registers and enables as described by `x-prerequisites` of the contract.
   *
   * @throws {Blocked} if the target refuses, or the address cannot be bound
   */
  static async open(options: SubscriptionOptions): Promise<Subscription> {
    const subscription = new Subscription(options);
    try {
      await subscription.#open();
    } catch (error) {
      await subscription.close();
      throw error;
    }
    return subscription;
  }

  private constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  /** The registered URL. */
  get url(): URL {
    return this.#registrations?.registration.url ?? new URL('http://unknown.invalid');
  }

  /** Deliveries to the trial registration, which was removed before any event. */
  get late(): readonly Delivery[] {
    return this.#late;
  }

  /** All deliveries so far, in order of arrival. @throws {TransportError} if there were too many */
  get deliveries(): readonly SignedDelivery[] {
    if (this.#trouble !== undefined) throw this.#trouble;
    return this.#deliveries;
  }

  /** Waits until the deliveries satisfy the predicate; false if `milliseconds` pass first. */
  async until(satisfied: (deliveries: readonly SignedDelivery[]) => boolean, milliseconds: number): Promise<boolean> {
    const time = new Stretch(this.#options.clock, milliseconds);
    try {
      for (;;) {
        const isLast = time.isOver;
        if (satisfied(this.deliveries)) return true;
        if (isLast) return false;
        const arrival = new Promise<void>((wake) => void this.#waiting.push(wake));
        await Promise.race([arrival, time.over]);
      }
    } finally {
      time.end();
    }
  }

  /**
   * The public keys that verify deliveries, requested once.
   *
   * @throws {Blocked} if the target does not publish them
   */
  keys(): Promise<Keys> {
    this.#keys ??= this.#fetchKeys();
    return this.#keys;
  }

  /** Removes the registrations and stops listening. The footprint keeps listing any that could not be removed. */
  async close(): Promise<void> {
    await this.#registrations?.trial.remove();
    await this.#registrations?.registration.remove();
    await this.#stopListening();
  }

  async #open(): Promise<void> {
    const { contract, footprint, ask, listen, scopes, attempted } = this.#options;
    const { url, close } = await listen((request) => this.#receive(request)).catch((error: unknown) => {
      throw new Blocked(
        'no-webhook',
        `cannot listen for deliveries: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
    this.#stopListening = close;
    // Only the target learns the random last segment, so that no one else can pass for it.
    const registration = () => new Registration({ contract, footprint, ask }, new URL(`${url}/${randomUUID()}`));
    const all = { stranger: registration(), trial: registration(), registration: registration() };
    this.#registrations = all;
    attempted(all);
    // A client without the scopes of the resource cannot attempt this.
    const tried = all.stranger.openAs(withoutScope(scopes)).catch(() => undefined);
    try {
      await all.trial.open();
    } finally {
      await all.trial.remove();
      await tried;
    }
    await all.registration.open();
  }

  async #fetchKeys(): Promise<Keys> {
    const { ask, contract } = this.#options;
    const recipe = recipeOf(contract, 'verify-keys');
    const exchange = await ask({
      operation: { method: 'GET', path: contract.doc.text(recipe, 'path') },
      caller: holderOf(contract.doc.text(recipe, 'scope')),
    });
    const keys = readKeys(exchange.response.json?.value);
    if (succeeded(exchange) && keys !== undefined) return keys;
    throw new Blocked(
      'no-verify-keys',
      `the target does not publish the keys that verify deliveries: ${headline(exchange)}`,
    );
  }

  /**
   * Records a delivery and returns the status to answer with. The first one with events is refused, to see it
   * redelivered.
   */
  #receive(request: ReceivedRequest): number {
    const [path = ''] = request.path.split('?');
    const leadsTo = (one: Registration | undefined) =>
      one !== undefined && path.endsWith(`/${one.url.pathname.split('/').at(-1)}`);
    const isLate = leadsTo(this.#registrations?.trial);
    if (request.method !== 'POST' || !(isLate || leadsTo(this.#registrations?.registration))) return 404;
    this.#size += sizeOf(request);
    if (this.#size > MOST_KEPT)
      return this.#fail(new TransportError(`the target delivered more than ${MOST_KEPT} bytes`));
    if (this.#deliveries.length >= MOST_DELIVERIES)
      return this.#fail(new TransportError(`the target sent more than ${MOST_DELIVERIES} deliveries`));
    const { text, json } = decodeBody({ body: request.body }, MOST_EVENTS);
    const events = eventsIn(json?.value);
    if (isLate) {
      this.#late.push({ exchange: this.#exchange(request, text, ACCEPTED, 'r', this.#late.length), json, events });
      return ACCEPTED;
    }
    const isFirst = events.length > 0 && !this.#deliveries.some((known) => known.events.length > 0);
    const status = isFirst ? NOT_NOW : ACCEPTED;
    const exchange = this.#exchange(request, text, status, 'd', this.#deliveries.length);
    const delivery = { exchange, json, events, request };
    try {
      this.#options.observe(delivery, this.#registrations?.registration.id);
    } catch (error) {
      return this.#fail(error);
    }
    this.#deliveries.push(delivery);
    this.#wake();
    return status;
  }

  /** From now on, reading the deliveries throws this error. */
  #fail(error: unknown): number {
    this.#trouble ??= error;
    this.#wake();
    return NOT_NOW;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #exchange(
    { method, path, headers }: ReceivedRequest,
    text: string,
    status: number,
    kind: 'd' | 'r',
    before: number,
  ): Exchange {
    const { clock, redactor, prefix } = this.#options;
    const index = before + 1;
    return {
      id: `${prefix}${kind}${index}`,
      received: true,
      operation: undefined,
      caller: 'the target',
      request: {
        method,
        url: this.#registrations?.[kind === 'd' ? 'registration' : 'trial'].url.href ?? path,
        query: {},
        headers: headers.map(([name, value]) => [name, redactor.redact(value)]),
        body: recorded(text, (part) => redactor.redact(part)),
      },
      response: { status, headers: [], body: '', bytes: 0, json: undefined },
      began: index,
      ended: index,
      startedAt: clock.now(),
      endedAt: clock.now(),
    };
  }
}

/** Approximate size of a delivery in bytes; headers count, so that an empty body is not free. */
const sizeOf = ({ body, headers }: ReceivedRequest) =>
  headers.reduce((sum, [name, value]) => sum + name.length + value.length, body.length);

const withoutScope = (scopes: readonly string[]): RequestSpec['caller'] => ({
  title: 'without the scope for webhooks',
  credential: { kind: 'token', scopes },
});

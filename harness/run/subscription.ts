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
  readonly ask: (question: RequestSpec) => Promise<Exchange>;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly footprint: Footprint;
  readonly listen: Listen;
  /** Scopes that open the resource, and not webhooks. */
  readonly scopes: readonly string[];
  /** Called with all registrations before any of them is made. */
  readonly attempted: (all: Registrations) => void;
  /** Starts the ids of what is received, so that those of two workers differ. */
  readonly prefix: string;
  /** Called with each delivery, before anybody else sees it. */
  readonly observe: (delivery: Delivery, webhookId: string | undefined) => void;
}

/** What is registered in a run. */
export interface Registrations {
  /** By a caller who may not. */
  readonly stranger: Registration;
  /** To be removed at once. */
  readonly trial: Registration;
  readonly registration: Registration;
}

/** What is kept in memory of all deliveries, in bytes; a target that sends more than this is not judged. */
const MOST_KEPT = 64 * 1024 * 1024;
/** Whoever waits looks at all deliveries each time that one comes. */
const MOST_DELIVERIES = 10_000;
/** Of one delivery so many events are read; the vendor's largest package has room for some thousands. */
const MOST_EVENTS = 20_000;
const ACCEPTED = 204;
const NOT_NOW = 503;

/**
 * The registration of this run for the events of the target: made once, enabled, and removed in the end. Before that
 * another one is made and removed at once, which from then on must hear nothing.
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
   * Listens, registers and enables, as `x-prerequisites` of the contract says.
   *
   * @throws {Blocked} where the target refuses, or nothing can listen.
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

  /** What was registered. */
  get url(): URL {
    return this.#registrations?.registration.url ?? new URL('http://unknown.invalid');
  }

  /** What was delivered to the registration that was removed before anything happened. */
  get late(): readonly Delivery[] {
    return this.#late;
  }

  /** All that came so far, in the order of arrival. @throws {TransportError} where it was too much to be judged. */
  get deliveries(): readonly SignedDelivery[] {
    if (this.#trouble !== undefined) throw this.#trouble;
    return this.#deliveries;
  }

  /** Waits until what came satisfies; false if it does not in time. */
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
   * The keys with which the target signs; asked for once.
   *
   * @throws {Blocked} where it does not show them.
   */
  keys(): Promise<Keys> {
    this.#keys ??= this.#fetchKeys();
    return this.#keys;
  }

  /** Removes the registration and stops listening; whatever fails is left to the footprint to tell. */
  async close(): Promise<void> {
    await this.#registrations?.trial.remove();
    await this.#registrations?.registration.remove();
    await this.#stopListening();
  }

  async #open(): Promise<void> {
    const { contract, footprint, ask, listen, scopes, attempted } = this.#options;
    const { url, close } = await listen((request) => this.#hear(request)).catch((error: unknown) => {
      throw new Blocked('no-webhook', `nothing can listen: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#stopListening = close;
    // The last part of a URL is known to nobody but the target.
    const registration = () => new Registration({ contract, footprint, ask }, new URL(`${url}/${randomUUID()}`));
    const all = { stranger: registration(), trial: registration(), registration: registration() };
    this.#registrations = all;
    attempted(all);
    // A client that may not ask for the scopes of the resource cannot try it.
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
      `the keys that deliveries are signed with cannot be had: ${headline(exchange)}`,
    );
  }

  /** Notes a delivery; the first one with events is turned away, to see it come again. */
  #hear(request: ReceivedRequest): number {
    const [path = ''] = request.path.split('?');
    const leadsTo = (one: Registration | undefined) =>
      one !== undefined && path.endsWith(`/${one.url.pathname.split('/').at(-1)}`);
    const isLate = leadsTo(this.#registrations?.trial);
    if (request.method !== 'POST' || !(isLate || leadsTo(this.#registrations?.registration))) return 404;
    this.#size += sizeOf(request);
    if (this.#size > MOST_KEPT) return this.#fail(new TransportError(`more than ${MOST_KEPT} bytes were delivered`));
    if (this.#deliveries.length >= MOST_DELIVERIES)
      return this.#fail(new TransportError(`more than ${MOST_DELIVERIES} deliveries came`));
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

  /** From now on whoever looks at the deliveries learns why there is no telling. */
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

/** What a delivery takes at least, in bytes, also where its body is empty. */
const sizeOf = ({ body, headers }: ReceivedRequest) =>
  headers.reduce((sum, [name, value]) => sum + name.length + value.length, body.length);

const withoutScope = (scopes: readonly string[]): RequestSpec['caller'] => ({
  title: 'without the scope for webhooks',
  credential: { kind: 'token', scopes },
});

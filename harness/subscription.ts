import { randomUUID } from 'node:crypto';
import { Blocked } from './case.ts';
import { eventsIn } from './checks/delivery.ts';
import { type Keys, readKeys } from './checks/delivery-signature.ts';
import type { Client, Question } from './client/client.ts';
import type { Redactor } from './client/redactor.ts';
import type { Contract } from './contract/index.ts';
import { isObject, type Node } from './contract/nodes.ts';
import type { Delivery, Listen, ReceivedRequest, SignedDelivery } from './delivery.ts';
import { decodeBody, type Exchange, headline, recorded, succeeded } from './exchange.ts';
import type { Footprint } from './footprint.ts';
import { Stretch } from './settling.ts';
import { type Clock, TransportError } from './wire.ts';

export interface SubscriptionOptions {
  readonly contract: Contract;
  readonly client: Client;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly footprint: Footprint;
  readonly listen: Listen;
  /** Starts the ids of what is received, so that those of two workers differ. */
  readonly prefix: string;
  /** Called with each delivery, before anybody else sees it. */
  readonly observe: (delivery: Delivery, webhookId: string | undefined) => void;
}

/** What is kept in memory of all deliveries, in bytes; a target that sends more than this is not judged. */
const MOST_KEPT = 64 * 1024 * 1024;
/** Whoever waits looks at all deliveries each time that one comes. */
const MOST_DELIVERIES = 10_000;
/** Of one delivery so many events are read; the vendor's largest package has room for some thousands. */
const MOST_EVENTS = 20_000;
const ACCEPTED = 204;
const NOT_NOW = 503;

/** The registration of this run for the events of the target: made once, enabled, and removed in the end. */
export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #deliveries: SignedDelivery[] = [];
  /** Last part of the URL: nobody but the target of this run knows it. */
  readonly #secret = randomUUID();
  #waiting: Array<() => void> = [];
  #stopListening: () => Promise<void> = async () => undefined;
  #size = 0;
  #trouble: unknown;
  #id: string | undefined;
  #url = new URL('http://unknown.invalid');
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
    return this.#url;
  }

  /** All that came so far, in the order of arrival. @throws {TransportError} where it was too much to be judged. */
  get deliveries(): readonly SignedDelivery[] {
    if (this.#trouble !== undefined) throw this.#trouble;
    return this.#deliveries;
  }

  /** Waits until what came satisfies; false where it does not in time. */
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
    const id = this.#id;
    if (id !== undefined) {
      try {
        if (succeeded(await this.#ask('DELETE', '/{id}', id))) this.#options.footprint.webhookRemoved(id);
      } catch {
        // The footprint goes on listing the registration; that is the report of this failure.
      }
    }
    await this.#stopListening();
  }

  async #open(): Promise<void> {
    const { footprint, listen } = this.#options;
    const { url, close } = await listen((request) => this.#hear(request)).catch((error: unknown) => {
      throw new Blocked('no-webhook', `nothing can listen: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.#stopListening = close;
    this.#url = new URL(`${url}/${this.#secret}`);
    const { body, enabled } = this.#recipe().value as { readonly body: object; readonly enabled: object };
    const registered = await this.#ask('POST', '', '', { ...body, url: this.#url.href }).catch(
      async (error: unknown) => {
        await this.#findOut();
        throw error;
      },
    );
    const webhook = registered.response.json?.value;
    if (!succeeded(registered) || !isObject(webhook) || typeof webhook.id !== 'string') {
      await this.#findOut();
      throw refused(registered);
    }
    this.#id = webhook.id;
    footprint.webhook(webhook.id);
    // Targets that know no such member send from the start.
    if (webhook.enabled !== false) return;
    const switched = await this.#ask('PATCH', '/{id}', webhook.id, enabled);
    if (!succeeded(switched)) throw refused(switched);
  }

  /** Looks whether there is a registration all the same, so that it can be removed. */
  async #findOut(): Promise<void> {
    const list = await this.#ask('GET', '', '').catch(() => undefined);
    const value = list?.response.json?.value;
    const all = isObject(value) && Array.isArray(value.data) ? value.data.filter(isObject) : [];
    const id = all.find(({ url }) => url === this.#url.href)?.id;
    if (typeof id !== 'string') return;
    this.#id = id;
    this.#options.footprint.webhook(id);
  }

  #recipe(name = 'webhook'): Node {
    const recipe = this.#options.contract.doc.find(`#/x-prerequisites/${name}`);
    if (recipe !== undefined && isObject(recipe.value)) return recipe;
    throw new Blocked('no-webhook', `x-prerequisites/${name} is missing in the contract`);
  }

  #ask(method: string, suffix: string, id: string, body?: unknown): Promise<Exchange> {
    const { doc } = this.#options.contract;
    const recipe = this.#recipe();
    return this.#options.client.ask({
      operation: { method, path: `${doc.text(recipe, 'path')}${suffix}` },
      caller: holderOf(doc.text(recipe, 'scope')),
      path: { id },
      body,
    });
  }

  async #fetchKeys(): Promise<Keys> {
    const { client, contract } = this.#options;
    const recipe = this.#recipe('verify-keys');
    const exchange = await client.ask({
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
    if (request.method !== 'POST' || !path.endsWith(`/${this.#secret}`)) return 404;
    this.#size += sizeOf(request);
    if (this.#size > MOST_KEPT) return this.#fail(new TransportError(`more than ${MOST_KEPT} bytes were delivered`));
    if (this.#deliveries.length >= MOST_DELIVERIES)
      return this.#fail(new TransportError(`more than ${MOST_DELIVERIES} deliveries came`));
    const { text, json } = decodeBody(request, MOST_EVENTS);
    const events = eventsIn(json?.value);
    const isFirst = events.length > 0 && !this.#deliveries.some((known) => known.events.length > 0);
    const status = isFirst ? NOT_NOW : ACCEPTED;
    const delivery = { exchange: this.#exchange(request, text, status), json, events, request };
    try {
      this.#options.observe(delivery, this.#id);
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

  #exchange({ method, headers }: ReceivedRequest, text: string, status: number): Exchange {
    const { clock, redactor, prefix } = this.#options;
    const index = this.#deliveries.length + 1;
    return {
      id: `${prefix}d${index}`,
      received: true,
      operation: undefined,
      caller: 'the target',
      request: {
        method,
        url: this.#url.href,
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

const holderOf = (scope: string): Question['caller'] => ({
  title: 'who keeps webhooks',
  credential: { kind: 'token', scopes: [scope] },
});

const refused = (exchange: Exchange) =>
  new Blocked(
    'no-webhook',
    `no webhook could be registered: ${headline(exchange)} ${exchange.response.body.slice(0, 200)}`,
  );

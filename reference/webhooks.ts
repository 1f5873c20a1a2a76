import { randomUUID } from 'node:crypto';
import { type DeliveryOptions, DeliveryQueue } from './delivery-queue.ts';
import { groupEvent, updateEvent } from './events.ts';
import { Problem } from './problems.ts';
import { Scheduler } from './scheduler.ts';
import { type AccountGroup, timestamp } from './store.ts';
import type { WebhookChanges, WebhookRequest } from './webhook-requests.ts';

/** The representation of a webhook. */
export interface Webhook extends WebhookRequest {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly enabled: boolean;
}

interface Registration {
  webhook: Webhook;
  readonly queue: DeliveryQueue;
}

export interface WebhooksOptions extends DeliveryOptions {
  /** Whether each change of a group has an UPDATED event in addition to the event of its status. */
  readonly updates: boolean;
}

/** The registered webhooks, and the delivery of events to them. */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #registrations = new Map<string, Registration>();
  readonly #stages: Scheduler<AccountGroup>;
  #closed = false;

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#stages = new Scheduler({
      ...options,
      awaited: () => this.#listeners().length > 0,
      happen: (group, at) => this.#deliver(group, at),
    });
  }

  /** Schedules the events for a group as it will be from `since` (milliseconds since the epoch) on. */
  announce(group: AccountGroup, since: number): void {
    if (!this.#closed) this.#stages.add(since, group);
  }

  /** Registers a webhook, which is disabled at first. */
  register(request: WebhookRequest): Webhook {
    const at = timestamp(this.#options.now());
    const webhook = { id: randomUUID(), created_at: at, updated_at: at, ...request, enabled: false };
    const registration: Registration = {
      webhook,
      queue: new DeliveryQueue(this.#options, () => registration.webhook),
    };
    this.#registrations.set(webhook.id, registration);
    return webhook;
  }

  /** All webhooks in the order of creation. */
  list(): readonly Webhook[] {
    return [...this.#registrations.values()].map(({ webhook }) => webhook);
  }

  find(id: string): Webhook {
    return this.#get(id).webhook;
  }

  /** Changes a webhook. Events before the change are delivered according to the old state. @throws {Problem} for an unknown id. */
  change(id: string, changes: WebhookChanges): Webhook {
    const registration = this.#get(id);
    this.#stages.catchUp();
    registration.webhook = { ...registration.webhook, ...changes, updated_at: timestamp(this.#options.now()) };
    this.#stages.resume();
    registration.queue.resume();
    return registration.webhook;
  }

  remove(id: string): void {
    this.#get(id).queue.end();
    this.#registrations.delete(id);
  }

  /** Stops all deliveries permanently. */
  close(): void {
    this.#closed = true;
    this.#stages.clear();
    for (const { queue } of this.#registrations.values()) queue.end();
  }

  #get(id: string): Registration {
    const registration = this.#registrations.get(id);
    if (registration === undefined) throw new Problem('not_found', 'No webhook has this id.');
    return registration;
  }

  #listeners(): readonly Registration[] {
    if (this.#closed) return [];
    return [...this.#registrations.values()].filter(
      ({ webhook: { enabled, type } }) => enabled && (type.includes('ALL') || type.includes('ACCOUNT_GROUP')),
    );
  }

  #deliver(group: AccountGroup, at: number): void {
    for (const { webhook, queue } of this.#listeners()) {
      queue.accept(groupEvent(group, at, webhook.id));
      const update = this.#options.updates ? updateEvent(group, at, webhook.id) : undefined;
      if (update !== undefined) queue.accept(update);
    }
  }
}

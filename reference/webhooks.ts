import { randomUUID } from 'node:crypto';
import { type CourierOptions, DeliveryQueue } from './delivery-queue.ts';
import { groupEvent, updateEvent } from './events.ts';
import { Problem } from './problems.ts';
import { Scheduler } from './scheduler.ts';
import { type AccountGroup, timestamp } from './store.ts';
import type { WebhookChanges, WebhookRequest } from './webhook-requests.ts';

/** A registration as callers see it. */
export interface Webhook extends WebhookRequest {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly enabled: boolean;
}

interface Registration {
  webhook: Webhook;
  readonly courier: DeliveryQueue;
}

export interface WebhooksOptions extends CourierOptions {
  /** Is there an event for every change, beside those for single steps? */
  readonly updates: boolean;
}

/** Who wants to be told of the stages of groups, and telling them. */
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
      happen: (group, at) => this.#tell(group, at),
    });
  }

  /** Takes note of a group as it is going to be from an instant on; now at the earliest. */
  announce(group: AccountGroup, since: number): void {
    if (!this.#closed) this.#stages.add(since, group);
  }

  /** A webhook starts out disabled. */
  register(request: WebhookRequest): Webhook {
    const at = timestamp(this.#options.now());
    const webhook = { id: randomUUID(), created_at: at, updated_at: at, ...request, enabled: false };
    const registration: Registration = {
      webhook,
      courier: new DeliveryQueue(this.#options, () => registration.webhook),
    };
    this.#registrations.set(webhook.id, registration);
    return webhook;
  }

  /** By creation. */
  list(): readonly Webhook[] {
    return [...this.#registrations.values()].map(({ webhook }) => webhook);
  }

  find(id: string): Webhook {
    return this.#get(id).webhook;
  }

  /** What has happened so far is told, or not told, according to what held until now. */
  change(id: string, changes: WebhookChanges): Webhook {
    const registration = this.#get(id);
    this.#stages.catchUp();
    registration.webhook = { ...registration.webhook, ...changes, updated_at: timestamp(this.#options.now()) };
    this.#stages.resume();
    registration.courier.resume();
    return registration.webhook;
  }

  remove(id: string): void {
    this.#get(id).courier.end();
    this.#registrations.delete(id);
  }

  /** Nothing is told any more. */
  close(): void {
    this.#closed = true;
    this.#stages.clear();
    for (const { courier } of this.#registrations.values()) courier.end();
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

  #tell(group: AccountGroup, at: number): void {
    for (const { webhook, courier } of this.#listeners()) {
      courier.accept(groupEvent(group, at, webhook.id));
      const update = this.#options.updates ? updateEvent(group, at, webhook.id) : undefined;
      if (update !== undefined) courier.accept(update);
    }
  }
}

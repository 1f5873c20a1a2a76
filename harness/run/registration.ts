import { Blocked } from '../case.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import { isObject, type JsonObject, type Node } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import { type Exchange, headline, succeeded } from '../exchange.ts';
import type { Footprint } from './footprint.ts';

export interface RegistrationOptions {
  readonly contract: Contract;
  readonly footprint: Footprint;
  readonly ask: (spec: RequestSpec) => Promise<Exchange>;
}

/** The exchanges about a webhook so far. */
export interface RegistrationCalls {
  registered?: Exchange;
  enabled?: Exchange;
  removed?: Exchange;
}

/** A webhook at the target: registered, enabled and removed as described by `x-prerequisites` of the contract. */
export class Registration {
  readonly url: URL;
  readonly calls: RegistrationCalls = {};
  readonly #options: RegistrationOptions;
  #id: string | undefined;

  constructor(options: RegistrationOptions, url: URL) {
    this.#options = options;
    this.url = url;
  }

  /** The id that the target assigned; `undefined` until it did. */
  get id(): string | undefined {
    return this.#id;
  }

  /** True once the target has acknowledged the removal. */
  get isRemoved(): boolean {
    return this.calls.removed !== undefined && succeeded(this.calls.removed);
  }

  /** The body of the request that registers the webhook. */
  get asked(): JsonObject {
    return { ...(this.#recipe.value as { readonly body: object }).body, url: this.url.href };
  }

  /**
   * Registers and enables the webhook.
   *
   * @throws {Blocked} if the target refuses
   */
  async open(): Promise<void> {
    const registered = await this.#ask('POST', this.asked).catch(async (error: unknown) => {
      await this.#findOut();
      throw error;
    });
    this.calls.registered = registered;
    if (!this.#note(registered)) {
      await this.#findOut();
      if (this.#id === undefined || !succeeded(registered)) throw this.#refused(registered);
    }
    const webhook = registered.response.json?.value;
    const described = isObject(webhook) ? webhook.enabled : undefined;
    const enabled = await this.#ask('PATCH', (this.#recipe.value as { readonly enabled: unknown }).enabled);
    // A target without such a member sends from the start.
    if (described === undefined && !succeeded(enabled)) return;
    this.calls.enabled = enabled;
    if (!succeeded(enabled)) throw this.#refused(enabled);
  }

  /** Tries to register as another caller, and removes the webhook if that succeeds. */
  async openAs(caller: RequestSpec['caller']): Promise<void> {
    const registered = await this.#ask('POST', this.asked, caller);
    this.calls.registered = registered;
    if (this.#note(registered)) await this.remove();
  }

  /** Removes the webhook, if there is one. Never rejects: the footprint keeps listing one that could not be removed. */
  async remove(): Promise<void> {
    if (this.#id === undefined || this.isRemoved) return;
    try {
      this.calls.removed = await this.#ask('DELETE');
      if (this.isRemoved) this.#options.footprint.webhookRemoved(this.#id);
    } catch {
      // The footprint keeps listing the registration, which reports the failure.
    }
  }

  #note(exchange: Exchange): boolean {
    const webhook = exchange.response.json?.value;
    if (!succeeded(exchange) || !isObject(webhook) || typeof webhook.id !== 'string') return false;
    this.#id = webhook.id;
    this.#options.footprint.webhook(webhook.id);
    return true;
  }

  /** Looks for a webhook that was created without a usable answer, so that it can be removed. */
  async #findOut(): Promise<void> {
    const list = await this.#ask('GET').catch(() => undefined);
    const value = list?.response.json?.value;
    const all = isObject(value) && Array.isArray(value.data) ? value.data.filter(isObject) : [];
    const id = all.find(({ url }) => url === this.url.href)?.id;
    if (typeof id !== 'string') return;
    this.#id = id;
    this.#options.footprint.webhook(id);
  }

  get #recipe(): Node {
    return recipeOf(this.#options.contract, 'webhook');
  }

  #ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', body?: unknown, caller?: RequestSpec['caller']): Promise<Exchange> {
    const { doc } = this.#options.contract;
    const path = doc.text(this.#recipe, 'path');
    const id = method === 'PATCH' || method === 'DELETE' ? this.#id : undefined;
    return this.#options.ask({
      operation: { method, path: id === undefined ? path : `${path}/{id}` },
      caller: caller ?? holderOf(doc.text(this.#recipe, 'scope')),
      path: { id: id ?? '' },
      body,
    });
  }

  #refused(exchange: Exchange): Blocked {
    const answer = `${headline(exchange)} ${exchange.response.body.slice(0, 200)}`;
    const hint =
      this.url.protocol === 'https:'
        ? ''
        : `; if the target requires https, set WEBHOOK_URL to an https URL that leads to WEBHOOK_LISTEN`;
    return new Blocked('no-webhook', `no webhook could be registered: ${answer}${hint}`);
  }
}

/** The entry of the contract that says how to obtain a prerequisite. @throws {Blocked} if there is none */
export function recipeOf(contract: Contract, name: string): Node {
  const recipe = contract.doc.find(`#/x-prerequisites/${name}`);
  if (recipe !== undefined && isObject(recipe.value)) return recipe;
  throw new Blocked('not-in-contract', `the contract has no x-prerequisites/${name}`);
}

/** The caller that manages webhooks. */
export const holderOf = (scope: string): RequestSpec['caller'] => ({
  title: 'that manages webhooks',
  credential: { kind: 'token', scopes: [scope] },
});

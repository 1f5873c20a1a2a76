import type { Deliveries } from '../case.ts';
import { judgeDelivery } from '../checks/delivery.ts';
import type { Finding } from '../checks/finding.ts';
import { judgeWebhook } from '../checks/webhook.ts';
import type { Client, Heard } from '../client/client.ts';
import type { Redactor } from '../client/redactor.ts';
import type { RequestSpec } from '../client/request-spec.ts';
import type { Clock } from '../client/wire.ts';
import type { Contract } from '../contract/index.ts';
import type { Listen } from '../delivery.ts';
import type { Exchange } from '../exchange.ts';
import type { CaseRecord } from './case-record.ts';
import type { Footprint } from './footprint.ts';
import { makePrerequisite } from './prerequisites.ts';
import { type Registrations, Subscription } from './subscription.ts';

export interface PreparationOptions {
  readonly contract: Contract;
  readonly client: Client;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly footprint: Footprint;
  readonly listen: Listen | undefined;
  readonly settleMs: number;
  /** Scopes of the resource that the target grants. */
  readonly scopes: readonly string[];
  /** Prefix of the ids of deliveries. */
  readonly prefix: string;
  /** Called with the findings on an exchange. */
  readonly judged: (exchange: Exchange, findings: readonly Finding[]) => void;
}

/** What creating a prerequisite needs. */
interface Making {
  readonly hear: Heard;
  readonly asked: (exchange: Exchange) => void;
  readonly idOf: (prerequisite: string) => Promise<string>;
}

/** What a run sets up before cases can use it: prerequisites, and a subscription to events. */
export class Preparations {
  readonly #options: PreparationOptions;
  #subscription: Promise<Subscription> | undefined;
  #registrations: Registrations | undefined;
  /** Exchanges about webhooks and their keys. */
  readonly #calls: Exchange[] = [];

  constructor(options: PreparationOptions) {
    this.#options = options;
  }

  /**
   * Creates a prerequisite and returns its id. The exchanges are evidence, but the contract promises nothing about
   * them.
   */
  async prerequisite(name: string, { hear, asked, idOf }: Making): Promise<string> {
    const { contract, client, footprint } = this.#options;
    const hearOf: Heard = (exchange, about) => (about === 'token' ? hear(exchange, about) : asked(exchange));
    const ask = async (spec: RequestSpec) => {
      const exchange = await client.ask(spec, { heard: hearOf });
      asked(exchange);
      return exchange;
    };
    const id = await makePrerequisite(contract, name, ask, idOf);
    footprint.made(name, id);
    return id;
  }

  /**
   * The deliveries to the subscription, which the first call opens; `hear` receives the token request for it. Deliveries
   * that a case reads become its evidence.
   */
  async deliveries(record: Pick<CaseRecord, 'asked'>, hear: Heard): Promise<Deliveries | undefined> {
    const { listen, settleMs } = this.#options;
    if (listen === undefined) return undefined;
    this.#subscription ??= this.#subscribe(listen, hear);
    const subscription = await this.#subscription;
    return {
      url: subscription.url,
      received: () => {
        for (const { exchange } of subscription.deliveries) record.asked(exchange);
        return subscription.deliveries;
      },
      afterRemoval: () => subscription.late,
      until: (satisfied) => subscription.until(satisfied, settleMs),
      keys: () =>
        subscription.keys().finally(() => {
          for (const exchange of this.#calls) record.asked(exchange);
        }),
    };
  }

  /** The registrations, including failed attempts, and all exchanges about them so far. */
  get registrations(): { readonly all: Registrations | undefined; readonly calls: readonly Exchange[] } {
    return { all: this.#registrations, calls: this.#calls };
  }

  /** Ends the subscription, if there is one. */
  async close(): Promise<void> {
    await this.#subscription?.then((open) => open.close()).catch(() => undefined);
  }

  #subscribe(listen: Listen, hear: Heard): Promise<Subscription> {
    const { contract, client, clock, redactor, footprint, scopes, prefix, judged } = this.#options;
    const note = (exchange: Exchange) => {
      this.#calls.push(exchange);
      judged(exchange, judgeWebhook(contract, exchange));
    };
    const hearOf: Heard = (exchange, about) => (about === 'token' ? hear(exchange, about) : note(exchange));
    return Subscription.open({
      contract,
      clock,
      redactor,
      footprint,
      listen,
      scopes,
      prefix,
      ask: async (spec) => {
        const exchange = await client.ask(spec, { heard: hearOf });
        note(exchange);
        return exchange;
      },
      attempted: (all) => {
        this.#registrations = all;
      },
      observe: (delivery, webhookId) => judged(delivery.exchange, judgeDelivery(contract, delivery, webhookId)),
    });
  }
}

import type { GroupEvent } from './events.ts';
import type { Post } from './post.ts';
import type { Webhook } from './webhooks.ts';

export interface DeliveryOptions {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly post: Post;
  /** Milliseconds after an event within which further events are delivered together with it. */
  readonly bundleMs: number;
  /** Unit of the pauses between attempts, in milliseconds. */
  readonly retryMs: number;
}

interface Bundle {
  readonly body: string;
  /** When to send it, in milliseconds since the epoch. */
  due: number;
  /** The next two pauses, in units of `retryMs`: they grow like Fibonacci numbers. */
  pauses: readonly [next: number, afterNext: number];
}

/** In units of `retryMs`: ten minutes if the unit is a second. */
const LONGEST_PAUSE = 600;
/** In bytes; the vendor's default for `max_package_size`. */
const LARGEST_PACKAGE = 1_048_576;

/** Delivers the events of one webhook: one request at a time, each repeated until it is acknowledged. */
export class DeliveryQueue {
  readonly #options: DeliveryOptions;
  readonly #webhook: () => Webhook;
  #events: GroupEvent[] = [];
  #bundle: Bundle | undefined;
  #inFlight: AbortController | undefined;
  #running = false;
  #ended = false;

  constructor(options: DeliveryOptions, webhook: () => Webhook) {
    this.#options = options;
    this.#webhook = webhook;
  }

  /** Queues an event. Events must be passed in the order of `created_at`. */
  accept(event: GroupEvent): void {
    this.#events.push(event);
    this.resume();
  }

  /** Continues delivery. Call it when the webhook has been enabled. */
  resume(): void {
    if (!this.#running) void this.#run();
  }

  /** Stops permanently: aborts the delivery in flight, and drops the rest. */
  end(): void {
    this.#ended = true;
    this.#events = [];
    this.#inFlight?.abort();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (!this.#ended && this.#webhook().enabled) {
      const due = this.#bundle?.due ?? this.#firstDue();
      if (due === undefined) break;
      const wait = due - this.#options.now();
      if (wait > 0) await this.#options.sleep(wait);
      else await this.#deliver();
    }
    this.#running = false;
  }

  #firstDue(): number | undefined {
    const first = this.#events[0];
    return first && Date.parse(first.created_at) + this.#options.bundleMs;
  }

  async #deliver(): Promise<void> {
    const { now, retryMs } = this.#options;
    const bundle = this.#bundle ?? this.#pack();
    this.#bundle = bundle;
    if (await this.#isAcknowledged(bundle.body)) {
      this.#bundle = undefined;
      return;
    }
    const [pause, next] = bundle.pauses;
    bundle.due = now() + Math.min(pause, LONGEST_PAUSE) * retryMs;
    bundle.pauses = [next, pause + next];
  }

  /** Takes the first event, and those within `bundleMs` of it that fit into the package. */
  #pack(): Bundle {
    const end = this.#firstDue() ?? 0;
    const room = this.#webhook().config.max_package_size ?? LARGEST_PACKAGE;
    const texts: string[] = [];
    let size = '{"payload":[]}'.length;
    for (const event of this.#events) {
      const text = JSON.stringify(event);
      size += Buffer.byteLength(text) + ','.length;
      if (texts.length > 0 && (Date.parse(event.created_at) >= end || size - ','.length > room)) break;
      texts.push(text);
    }
    this.#events.splice(0, texts.length);
    const body = `{"payload":[${texts.join(',')}]}`;
    return { body, due: 0, pauses: [1, 2] };
  }

  async #isAcknowledged(body: string): Promise<boolean> {
    const inFlight = new AbortController();
    this.#inFlight = inFlight;
    const { url } = this.#webhook();
    const headers = { 'content-type': 'application/json' };
    const request = new Request(url, { method: 'POST', headers, body, redirect: 'manual', signal: inFlight.signal });
    try {
      return (await this.#options.post(request)).ok;
    } catch {
      return false;
    } finally {
      this.#inFlight = undefined;
    }
  }
}

import type { GroupEvent } from './events.ts';
import type { Post } from './post.ts';
import type { Webhook } from './webhooks.ts';

export interface CourierOptions {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly post: Post;
  /** Events that arise within this time of the first one travel with it. */
  readonly bundleMs: number;
  /** The unit of the pauses between attempts. */
  readonly retryMs: number;
}

interface Bundle {
  readonly body: string;
  /** When it may be sent, and how many units the next two pauses are long. */
  due: number;
  pauses: readonly [next: number, afterNext: number];
}

const LONGEST_PAUSE = 600;
const LARGEST_PACKAGE = 1_048_576;

/** Brings its events to one webhook: one request at a time, each until it is acknowledged. */
export class DeliveryQueue {
  readonly #options: CourierOptions;
  readonly #webhook: () => Webhook;
  #events: GroupEvent[] = [];
  #bundle: Bundle | undefined;
  #underway: AbortController | undefined;
  #running = false;
  #ended = false;

  constructor(options: CourierOptions, webhook: () => Webhook) {
    this.#options = options;
    this.#webhook = webhook;
  }

  /** Events must come in the order of their `created_at`. */
  accept(event: GroupEvent): void {
    this.#events.push(event);
    this.resume();
  }

  /** To be called when the webhook is enabled; what was left undelivered goes on. */
  resume(): void {
    if (!this.#running) void this.#run();
  }

  /** For good: what is under way is cut off, what is left is dropped. */
  end(): void {
    this.#ended = true;
    this.#events = [];
    this.#underway?.abort();
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

  /** The first event, and those near it as far as the package has room. */
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
    const underway = new AbortController();
    this.#underway = underway;
    const { url } = this.#webhook();
    const headers = { 'content-type': 'application/json' };
    const request = new Request(url, { method: 'POST', headers, body, redirect: 'manual', signal: underway.signal });
    try {
      return (await this.#options.post(request)).ok;
    } catch {
      return false;
    } finally {
      this.#underway = undefined;
    }
  }
}

import { LightRequest, LightResponse } from './light-http.ts';

type Handler = (request: Request) => Promise<Response>;

/**
 * Tells whether something that stands between two sides ever made a difference: whether what went in on one side, and
 * the answers to it, are what came out on the other. A fault or liberty that makes none proves nothing.
 */
export class Liveness {
  /** How much more often an exchange was seen outside than inside. */
  readonly #balance = new Map<string, number>();
  #noted = false;
  #pending: Promise<void>[] = [];

  /** Puts `between` before `honest`, and watches both of its sides. */
  around(honest: Handler, between: (honest: Handler) => Handler): Handler {
    return this.#watch(1, between(this.#watch(-1, honest)));
  }

  /** A difference that no message shows. */
  note(): void {
    this.#noted = true;
  }

  /** True where anything was changed, added or left out. */
  async fired(): Promise<boolean> {
    await Promise.all(this.#pending);
    return this.#noted || [...this.#balance.values()].some((count) => count !== 0);
  }

  #watch(weight: 1 | -1, handler: Handler): Handler {
    return async (request) => {
      // As it is now: whoever stands between may change it in place.
      const asked = [`${request.method} ${request.url}`, headersOf(request), textOf(request)];
      const response = await handler(request);
      const exchange = [...asked, String(response.status), headersOf(response), textOf(response)];
      if (exchange.every((part) => typeof part === 'string')) this.#count(weight, exchange);
      else this.#pending.push(Promise.all(exchange).then((parts) => this.#count(weight, parts)));
      return response;
    };
  }

  #count(weight: 1 | -1, exchange: readonly string[]): void {
    const key = exchange.join('\n');
    this.#balance.set(key, (this.#balance.get(key) ?? 0) + weight);
  }
}

/** What a message holds, without using it up; at once where it is a light one. */
function textOf(message: Request | Response): string | Promise<string> {
  if (!(message instanceof LightRequest || message instanceof LightResponse)) return message.clone().text();
  const { held } = message;
  return typeof held === 'string' ? held : held === null ? '' : Buffer.from(held).toString('latin1');
}

const headersOf = ({ headers }: Request | Response) =>
  [...headers].map(([name, value]) => `${name}: ${value}`).join('\n');

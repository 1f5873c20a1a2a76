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
      const asked = request.clone();
      const response = await handler(request);
      this.#pending.push(this.#count(weight, asked, response.clone()));
      return response;
    };
  }

  async #count(weight: 1 | -1, request: Request, response: Response): Promise<void> {
    const key = [
      `${request.method} ${request.url} ${response.status}`,
      ...headersOf(request.headers),
      await request.text(),
      ...headersOf(response.headers),
      await response.text(),
    ].join('\n');
    this.#balance.set(key, (this.#balance.get(key) ?? 0) + weight);
  }
}

const headersOf = (headers: Headers) => [...headers].map(([name, value]) => `${name}: ${value}`);

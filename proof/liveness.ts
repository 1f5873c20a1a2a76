import { LightRequest, LightResponse } from './light-http.ts';

type Handler = (request: Request) => Promise<Response>;

/** An exchange as it was when it passed. */
type Seen = readonly unknown[];

/** Exchanges that were seen on one side of what stands between, and not on the other as well. */
interface Unmatched {
  readonly handedOn: Map<Request, Seen>;
  readonly inside: Seen[];
  readonly outside: Seen[];
}

/**
 * Tells whether something that stands between two sides ever made a difference: whether what went in on one side, and
 * the answers to it, are what came out on the other. A fault or variant that makes none proves nothing.
 */
export class Liveness {
  readonly #unmatched: Unmatched[] = [];
  #noted = false;

  /** Puts `between` before `honest`, and watches both of its sides. */
  around(honest: Handler, between: (honest: Handler) => Handler): Handler {
    const { handedOn, inside, outside } = this.#watch();
    const outer = between(async (request) => {
      const asked = await seenOf(request);
      const response = await honest(request);
      const seen = [...asked, ...(await seenOf(response))];
      if (handedOn.has(request)) inside.push(seen);
      else handedOn.set(request, seen);
      return response;
    });
    return async (request) => {
      // As it is now: whoever stands between may change it in place.
      const asked = await seenOf(request);
      const response = await outer(request);
      const seen = [...asked, ...(await seenOf(response))];
      const same = handedOn.get(request);
      handedOn.delete(request);
      if (same?.every((part, index) => part === seen[index])) return response;
      if (same !== undefined) inside.push(same);
      outside.push(seen);
      return response;
    };
  }

  /** A difference that no message shows. */
  note(): void {
    this.#noted = true;
  }

  /** True where anything was changed, added or left out. */
  fired(): boolean {
    const isDifferent = ({ handedOn, inside, outside }: Unmatched) =>
      textsOf([...inside, ...handedOn.values()]) !== textsOf(outside);
    return this.#noted || this.#unmatched.some(isDifferent);
  }

  #watch(): Unmatched {
    const unmatched = { handedOn: new Map(), inside: [], outside: [] };
    this.#unmatched.push(unmatched);
    return unmatched;
  }
}

/** A message as it is now, without using it up; two light ones with the same parts are alike. */
async function seenOf(message: Request | Response): Promise<Seen> {
  const line = 'url' in message && 'method' in message ? `${message.method} ${message.url}` : message.status;
  if (message instanceof LightRequest || message instanceof LightResponse)
    return [line, message.headers.held, message.held];
  return [line, new Map(message.headers), await message.clone().text()];
}

const textsOf = (all: readonly Seen[]) => all.map(textOf).sort().join('\n\n');

const textOf = (seen: Seen) =>
  seen
    .map((part) => {
      if (part instanceof Map) return JSON.stringify([...part].sort());
      return part instanceof Uint8Array ? Buffer.from(part).toString('latin1') : String(part ?? '');
    })
    .join('\n');

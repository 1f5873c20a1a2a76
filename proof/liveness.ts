import { LightRequest, LightResponse } from './light-http.ts';

type Handler = (request: Request) => Promise<Response>;

/** A snapshot of an exchange. */
type Seen = readonly unknown[];

/** Exchanges that were seen on one side of an interceptor, but not unchanged on the other. */
interface Unmatched {
  readonly handedOn: Map<Request, Seen>;
  readonly inside: Seen[];
  readonly outside: Seen[];
}

/**
 * Detects whether an interceptor ever made a difference: whether the exchanges on one side of it are those on the other
 * side. A fault or a variant that makes no difference proves nothing.
 */
export class Liveness {
  readonly #unmatched: Unmatched[] = [];
  #noted = false;

  /** Puts `between` in front of `honest`, and observes both sides of it. */
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
      // A snapshot from before the interceptor, which may change the request in place.
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

  /** Records a difference that no message shows, such as a refusal that was not made. */
  note(): void {
    this.#noted = true;
  }

  /** Whether anything was changed, added or left out. */
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

/** A snapshot of a message that does not consume it. Light messages with the same parts compare as identical. */
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

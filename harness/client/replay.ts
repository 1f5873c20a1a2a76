import type { Send, WireRequest, WireResponse } from './wire.ts';

/** What signs a request says nothing of what is asked. */
const OF_A_SIGNATURE = ['signature', 'signature-input', 'content-digest'];

/** A request as far as its answer goes by it. */
function keyOf({ method, url, headers, body }: WireRequest): string {
  const asked = headers.filter(([name]) => !OF_A_SIGNATURE.includes(name.toLowerCase())).sort();
  return JSON.stringify([method, url.href, asked, Buffer.from(body ?? []).toString('base64')]);
}

/**
 * One record of answers for several sessions with a target that none of them changes. What a session asks for the nth time
 * gets the nth answer on record; what is not on record goes to the target, and is.
 */
export class Recording {
  readonly #send: Send;
  readonly #answers = new Map<string, Array<Promise<WireResponse>>>();
  /** Requests that went to the target, and those that were answered from the record. */
  asked = 0;
  replayed = 0;

  constructor(send: Send) {
    this.#send = send;
  }

  /** How a further session sends. */
  session(): Send {
    const counts = new Map<string, number>();
    return (request) => {
      const key = keyOf(request);
      const nth = counts.get(key) ?? 0;
      counts.set(key, nth + 1);
      const answers = this.#answers.get(key) ?? [];
      this.#answers.set(key, answers);
      const known = answers[nth];
      if (known !== undefined) {
        this.replayed++;
        return known;
      }
      this.asked++;
      const answer = this.#send(request);
      answers[nth] = answer;
      return answer;
    };
  }
}

import type { Send, WireRequest, WireResponse } from './wire.ts';

/** Headers of the signature, which differ between otherwise equal requests. */
const SIGNATURE_HEADERS = ['signature', 'signature-input', 'content-digest'];

/** The parts of a request that its answer depends on. */
function keyOf({ method, url, headers, body }: WireRequest): string {
  const asked = headers.filter(([name]) => !SIGNATURE_HEADERS.includes(name.toLowerCase())).sort();
  return JSON.stringify([method, url.href, asked, Buffer.from(body ?? []).toString('base64')]);
}

/**
 * A record of answers that several sessions share, for a target that none of them changes. The nth occurrence of a request
 * in a session gets the nth recorded answer; if there is none, the request goes to the target and is recorded.
 */
export class Recording {
  readonly #send: Send;
  readonly #answers = new Map<string, Array<Promise<WireResponse>>>();
  /** Number of requests sent to the target, and of those answered from the record. */
  asked = 0;
  replayed = 0;

  constructor(send: Send) {
    this.#send = send;
  }

  /** The transport of another session. */
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

import type { JsonObject } from '../contract/document.ts';
import { excerpt } from '../contract/schemas.ts';
import type { Exchange } from '../exchange.ts';
import { against, type Finding } from './finding.ts';

/** The type that adds nothing to the status (RFC 9457 §4.2.1). */
const BLANK = 'about:blank';
/** The vendor's example of an unavailable service uses the type of another problem, so 503 is exempt. */
const isPassing = ({ response }: Exchange) => response.status === 503;

/** Judges the type, title and instance of each problem by those of all earlier ones of the run. */
export class ProblemHistory {
  readonly #titles = new Map<string, { title: string; exchange: string }>();
  readonly #types = new Map<string, { status: number; exchange: string }>();
  readonly #instances = new Map<string, string>();

  /** Judges the problem of an exchange and remembers it. */
  observe(exchange: Exchange, { type, title, instance }: JsonObject): Finding[] {
    const isKind = typeof type === 'string' && !/\s/.test(type);
    return [
      ...(isKind && typeof title === 'string' ? [this.#title(exchange, type, title)] : []),
      ...(isKind && type !== BLANK && !isPassing(exchange) ? [this.#type(exchange, type)] : []),
      ...(typeof instance === 'string' && instance !== '' ? [this.#instance(exchange, instance)] : []),
    ];
  }

  #title(exchange: Exchange, type: string, title: string): Finding {
    // The title of `about:blank` is that of the status (RFC 9457 §4.2.1).
    const kind = `${type} ${exchange.response.status}`;
    const before = this.#titles.get(kind);
    if (before === undefined) this.#titles.set(kind, { title, exchange: exchange.id });
    return against(
      'problem.title-constant',
      exchange,
      before?.exchange,
      before !== undefined &&
        before.title !== title &&
        `${excerpt(type)} is titled ${excerpt(before.title)} and ${excerpt(title)}`,
    );
  }

  #type(exchange: Exchange, type: string): Finding {
    const { status } = exchange.response;
    const before = this.#types.get(type);
    if (before === undefined) this.#types.set(type, { status, exchange: exchange.id });
    return against(
      'problem.type-one-status',
      exchange,
      before?.exchange,
      before !== undefined &&
        before.status !== status &&
        `${excerpt(type)} is answered with ${before.status} and ${status}`,
    );
  }

  #instance(exchange: Exchange, instance: string): Finding {
    const before = this.#instances.get(instance);
    if (before === undefined) this.#instances.set(instance, exchange.id);
    return against(
      'problem.instance-unique',
      exchange,
      before,
      before !== undefined && `${excerpt(instance)} for two occurrences`,
    );
  }
}

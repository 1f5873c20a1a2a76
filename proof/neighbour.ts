import {
  type Answered,
  type Asked,
  CREATE,
  collectionUrl,
  type Fault,
  type Forward,
  intercepting,
  isJson,
  mayWrite,
  OWNER,
  TOKEN,
  underKey,
} from './faults/fault.ts';
import { subjectOf } from './faults/subject.ts';

/** Another client of the same target, with groups of its own. */
class Neighbour {
  #user: Asked | undefined;
  #group: Asked | undefined;
  #authorization = '';
  #id: unknown;
  readonly #groups: string[] = [];

  /** Learns from the requests of the suite how to create owners and groups. */
  watch(asked: Asked, answered: Answered): void {
    if (asked.operation === OWNER && answered.status === 200) this.#user ??= { ...asked };
    if (asked.operation === CREATE && answered.status === 200) this.#group ??= { ...asked };
    if (mayWrite(asked)) this.#authorization = asked.headers.get('authorization') ?? '';
  }

  async create(forward: Forward): Promise<void> {
    if (this.#user === undefined || this.#group === undefined) return;
    this.#id ??= idIn(await forward(underKey(this.#user)));
    const about = subjectOf(this.#group.contract);
    const body = { ...this.#group.json, [about.owner]: this.#id, [about.choice]: about.usual };
    const text = JSON.stringify(body);
    const id = idIn(await forward({ ...this.#authorized(underKey(this.#group)), text }));
    if (typeof id === 'string') this.#groups.push(id);
  }

  /** Closes the neighbour's oldest open group. */
  async close(forward: Forward): Promise<void> {
    const id = this.#groups.shift();
    if (id === undefined || this.#group === undefined) return;
    const url = new URL(`${collectionUrl(this.#group).pathname}/${id}`, this.#group.url);
    await forward({ ...this.#authorized(this.#group), method: 'DELETE', url, id, text: '' });
  }

  #authorized(asked: Asked): Asked {
    const headers = new Headers(asked.headers);
    headers.set('authorization', this.#authorization);
    return { ...asked, headers };
  }
}

const idIn = ({ body }: Answered) => (isJson(body) ? body.id : undefined);

/** A neighbour creates many groups when the suite creates its first one. */
export function crowd(count: number): Fault['intercept'] {
  return intercepting(() => {
    const neighbour = new Neighbour();
    let made: Promise<void> | undefined;
    return async (asked, forward) => {
      const answered = await forward();
      neighbour.watch(asked, answered);
      if (asked.operation === CREATE && answered.status === 200)
        made ??= (async () => {
          for (let index = 0; index < count; index++) await neighbour.create(forward);
        })();
      await made;
      return answered;
    };
  });
}

/** A neighbour acts with every `every`-th request. */
export function busy(
  every: number,
  act: (neighbour: Neighbour, forward: Forward) => Promise<void>,
): Fault['intercept'] {
  return intercepting(() => {
    const neighbour = new Neighbour();
    let requests = 0;
    return async (asked, forward) => {
      const answered = await forward();
      neighbour.watch(asked, answered);
      if (asked.operation !== TOKEN && requests++ % every === 0) await act(neighbour, forward);
      return answered;
    };
  });
}

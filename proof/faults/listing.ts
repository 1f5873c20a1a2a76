import {
  type Answered,
  type Asked,
  data,
  type Fault,
  type Forward,
  intercepting,
  is,
  type Json,
  LIST,
  meta,
} from './fault.ts';

/** Shared parts of faults in lists. */

export const isPage = is(LIST);
export const query = (asked: Asked, name: string) => asked.url.searchParams.get(name);
export const offsetOf = (asked: Asked) => Number(query(asked, 'offset') ?? 0);
/** The limit of a page, by default 100. */
export const limitOf = (asked: Asked) => Number(query(asked, 'limit') ?? 100);
export const falling = (asked: Asked) => query(asked, 'order') === 'DESC';

/** Changes a parameter of a list request, but makes `meta` show the requested value. */
export function asking(
  when: (asked: Asked) => boolean,
  parameter: string,
  value: (asked: Asked) => string,
): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => {
    if (!isPage(asked) || !when(asked)) return forward();
    const requested = query(asked, parameter);
    asked.url.searchParams.set(parameter, value(asked));
    const answered = await forward();
    if (requested !== null && parameter in meta(answered))
      meta(answered)[parameter] = /^\d+$/.test(requested) ? Number(requested) : requested;
    return answered;
  });
}

/** The orders that a list with an unstable order has in turn. */
export const ORDERS = 8;

function overlaps(known: readonly Json[], more: readonly Json[]): boolean {
  const ids = new Set(known.map(({ id }) => id));
  return more.some(({ id }) => ids.has(id));
}

/** Answers with a page of a changed list. `change` receives all groups in the requested order. */
export async function relist(
  asked: Asked,
  forward: Forward,
  change: (groups: Json[], asked: Asked) => Json[],
): Promise<Answered> {
  const answered = await forward();
  if (!is(LIST, 200)(asked, answered)) return answered;
  const all: Json[] = [];
  const total = Number(meta(answered).total_count);
  for (let offset = 0; offset < total; offset += 1000) {
    const url = new URL(asked.url);
    url.searchParams.set('limit', '1000');
    url.searchParams.set('offset', String(offset));
    let part = await forward({ ...asked, url });
    // An order that changes with each answer is met again after some.
    for (let times = 1; times < ORDERS && overlaps(all, data(part)); times++) part = await forward({ ...asked, url });
    if (part.status !== 200) return part;
    all.push(...data(part));
  }
  const changed = change(all, asked);
  const page = changed.slice(offsetOf(asked), offsetOf(asked) + limitOf(asked));
  answered.body = { meta: { ...meta(answered), count: page.length, total_count: changed.length }, data: page };
  return answered;
}

/** A fault that changes the whole list. */
export const relisted = (change: (groups: Json[], asked: Asked) => Json[]): Fault['intercept'] =>
  intercepting(() => (asked, forward) => relist(asked, forward, change));

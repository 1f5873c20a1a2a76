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

/** What faults of the list share. */

export const isPage = is(LIST);
export const query = (asked: Asked, name: string) => asked.url.searchParams.get(name);
export const offsetOf = (asked: Asked) => Number(query(asked, 'offset') ?? 0);
/** What a page may hold, with the default where nothing is asked for. */
export const limitOf = (asked: Asked) => Number(query(asked, 'limit') ?? 100);
export const falling = (asked: Asked) => query(asked, 'order') === 'DESC';

/** Changes what is asked of the list, and lets `meta` repeat what was really asked. */
export function asking(
  when: (asked: Asked) => boolean,
  parameter: string,
  value: (asked: Asked) => string,
): Fault['intercept'] {
  return intercepting(() => async (asked, forward) => {
    if (!isPage(asked) || !when(asked)) return forward();
    const said = query(asked, parameter);
    asked.url.searchParams.set(parameter, value(asked));
    const answered = await forward();
    if (said !== null && parameter in meta(answered))
      meta(answered)[parameter] = /^\d+$/.test(said) ? Number(said) : said;
    return answered;
  });
}

/** Answers a page from another list than the true one: `change` gets all groups in the order that is asked for. */
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
    url.search = `?limit=1000&offset=${offset}${falling(asked) ? '&order=DESC' : ''}`;
    // By its usual member the list is sorted anyway, whether or not that can be asked for.
    const sort = asked.url.searchParams.get('sort');
    if (sort === 'updated_at') url.searchParams.set('sort', sort);
    const part = await forward({ ...asked, url });
    if (part.status !== 200) return part;
    all.push(...data(part));
  }
  const told = change(all, asked);
  const page = told.slice(offsetOf(asked), offsetOf(asked) + limitOf(asked));
  answered.body = { meta: { ...meta(answered), count: page.length, total_count: told.length }, data: page };
  return answered;
}

/** Tells another list than the true one. */
export const relisted = (change: (groups: Json[], asked: Asked) => Json[]): Fault['intercept'] =>
  intercepting(() => (asked, forward) => relist(asked, forward, change));

import { type Asked, type Fault, is, lying, meta } from './lie.ts';

/** What faults of the list share. */

export const isPage = is('list');
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
): Fault['tell'] {
  return lying(() => async (asked, forward) => {
    if (!isPage(asked) || !when(asked)) return forward();
    const said = query(asked, parameter);
    asked.url.searchParams.set(parameter, value(asked));
    const answered = await forward();
    if (said !== null && parameter in meta(answered))
      meta(answered)[parameter] = /^\d+$/.test(said) ? Number(said) : said;
    return answered;
  });
}

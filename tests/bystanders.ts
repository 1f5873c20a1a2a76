import type { Api } from '../harness/case.ts';
import { differences, type Group, idOf, pageOf } from '../harness/checks/group.ts';
import { orders } from '../harness/checks/page.ts';
import type { Exchange } from '../harness/exchange.ts';
import { changes, livesOn, OF_A_MOVE } from './closing.ts';
import { askPage, largestLimit } from './look.ts';
import { timing } from './suspects.ts';

/** Other groups while one is being closed. */

/** What happened to the other groups in the list while one was being closed. */
export interface Bystanders {
  /** The list before and after. */
  readonly pages: readonly [before: Exchange, after: Exchange];
  /** How many groups were watched. */
  readonly watched: number;
  /** What changed that nobody but the closing can have changed, in words. */
  readonly changed: readonly string[];
}

/** The list as it was read last; what differs from it was changed by others. */
interface Recent {
  page: Exchange | undefined;
}

const recent = (api: Api) => api.once('recent list', async (): Promise<Recent> => ({ page: undefined }));

/** Begins to watch all groups but one; what is returned ends it, and is to be given the request to close. */
export async function watchOthers(api: Api, id: string): Promise<(closing: Exchange) => Promise<Bystanders>> {
  const last = await recent(api);
  const earlier = last.page ?? (await newestGroups(api));
  const before = await newestGroups(api);
  return async (closing) => {
    const after = await newestGroups(api);
    last.page = after;
    const others = (page: Exchange) => byId(page, (one) => one.toLowerCase() !== id.toLowerCase());
    const [earliest, was, is] = [others(earlier), others(before), others(after)];
    const watched = [...is.keys()].filter((one) => was.has(one));
    const changed: string[] = [];
    const strange = watched.filter((one) => !api.groups.has(one));
    // Where others work on their groups anyway, nothing can be said about these.
    const isQuiet = strange.every((one) => sameIn(earliest, was, one));
    for (const one of watched) {
      const [old, now] = [was.get(one) as Group, is.get(one) as Group];
      const moved = changes(api, old, now).filter((change) => !(livesOn(api, old, now) && OF_A_MOVE.test(change)));
      if (api.groups.has(one) || (isQuiet && moved.length > 0 && (await timing(api, now, 'updated_at'))(closing)))
        changed.push(...moved.map((text) => `${one}: ${text}`));
    }
    return { pages: [before, after], watched: watched.length, changed };
  };
}

function sameIn(earlier: ReadonlyMap<string, Group>, later: ReadonlyMap<string, Group>, id: string): boolean {
  const [one, other] = [earlier.get(id), later.get(id)];
  return one === undefined || other === undefined || differences(one, other).length === 0;
}

function byId(page: Exchange, picked: (id: string) => boolean): Map<string, Group> {
  const groups = (pageOf(page)?.data ?? []).flatMap((group): Array<[string, Group]> => {
    const id = idOf(group);
    return id !== undefined && picked(id) ? [[id, group]] : [];
  });
  return new Map(groups);
}

/** As many of the newest groups as a page may hold. */
const newestGroups = (api: Api) => askPage(api, orders(api.contract).falling, 0, largestLimit(api));

/** Notes a page of the newest groups, for later comparison. */
export async function noteRecent(api: Api, page: Exchange): Promise<void> {
  (await recent(api)).page = page;
}

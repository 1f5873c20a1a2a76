import type { Api } from '../../harness/case.ts';
import { differences, type Group, groupOf, hasId, idOf, pageOf } from '../../harness/checks/group.ts';
import { orders } from '../../harness/checks/page.ts';
import { type Exchange, succeeded } from '../../harness/exchange.ts';
import { retrieve } from '../fixtures/items.ts';
import { askPage, look, shown } from '../fixtures/look.ts';
import type { Measured } from '../fixtures/measured-list.ts';
import { type Picked, sampleOf } from '../fixtures/sample.ts';
import { until } from '../fixtures/until.ts';

/** Listed groups beside the same groups when retrieved. */

/** Judges that listed groups of every kind can be retrieved, and are the same then. */
export async function judgeItems(api: Api, list: Measured): Promise<void> {
  const groups = [list.first, list.tail, list.falling].flatMap((page) => page.groups);
  const sample = sampleOf(api, groups);
  const nameOf = ({ id, kind }: Picked) => `${id} (${kind})`;
  const retrievable = api.subjects('list.retrievable', sample.map(nameOf));
  const equal = api.subjects('list.equals-retrieved', sample.map(nameOf));
  await Promise.all(
    sample.map(async (picked) => {
      const name = nameOf(picked);
      // What is created may be in the list before it can be retrieved.
      const read = await until(api, () => retrieve(api, picked.id), succeeded);
      const page = pageWith(list, picked.id);
      retrievable.report(
        name,
        [read, page],
        !succeeded(read) && `${name} is in the list, and answered with ${read.response.status}`,
      );
      if (!succeeded(read)) return equal.blocked(name, 'allowed-call-fails', 'it cannot be retrieved');
      const found = await compared(api, list, picked, read, page);
      if (found === undefined) equal.blocked(name, 'no-group', 'the two cannot be seen at the same time');
      else
        equal.report(
          name,
          found.evidence,
          found.seen.length > 0 && `${picked.id}: ${found.seen.join('; ')} in the list`,
        );
    }),
  );
}

const contains = (exchange: Exchange, id: string) => pageOf(exchange)?.data.find((group) => hasId(group, id));

const pageWith = (list: Measured, id: string): Exchange =>
  [list.last, list.tail, list.falling, list.first].find(({ exchange }) => contains(exchange, id))?.exchange ??
  list.first.exchange;

interface Comparison {
  readonly evidence: readonly Exchange[];
  readonly seen: readonly string[];
}

/** Compares a group in the list with the group itself; one that changes meanwhile is compared anew. */
async function compared(
  api: Api,
  list: Measured,
  { id }: Picked,
  read: Exchange,
  page: Exchange,
): Promise<Comparison | undefined> {
  const [listed, itself] = [contains(page, id), groupOf(read)];
  if (listed !== undefined && itself !== undefined && differences(itself, listed).length === 0)
    return { evidence: [page, read], seen: [] };
  let last: Comparison | undefined;
  let isSure = false;
  await until(
    api,
    async () => {
      const one = await retrieve(api, id);
      const { exchange, group } = await listedAgain(api, list, id);
      const two = await retrieve(api, id);
      const [before, after] = [groupOf(one), groupOf(two)];
      if (before !== undefined && after !== undefined && group !== undefined) {
        const seen = differences(after, group);
        last = { evidence: [exchange, two], seen };
        isSure = seen.length === 0 || differences(before, after).length === 0;
      }
      return two;
    },
    () => isSure,
  );
  return last;
}

/** A group as the list shows it now. */
async function listedAgain(
  api: Api,
  list: Measured,
  id: string,
): Promise<{ exchange: Exchange; group: Group | undefined }> {
  const place = [...list.firm].find(([, group]) => idOf(group) === id)?.[0];
  if (place !== undefined) {
    const exchange = await askPage(api, orders(api.contract).rising, Math.max(0, place - 2), 5);
    const group = contains(exchange, id);
    if (group !== undefined) return { exchange, group };
  }
  const seen = await look(api, [id]);
  return { exchange: seen.pages.at(-1) as Exchange, group: shown(seen, id) };
}

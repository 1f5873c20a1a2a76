import { type Api, Blocked, type Case } from '../../harness/case.ts';
import { idOf, pageOf } from '../../harness/checks/group.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { spellings } from '../../harness/contract/spellings.ts';
import { succeeded } from '../../harness/exchange.ts';
import { lateChanges } from '../fixtures/bystanders.ts';
import { withTokens } from '../fixtures/callers.ts';
import { closed, judgeCarriedOut } from '../fixtures/closing.ts';
import { COURSE, judgeCourses, judgeReadable } from '../fixtures/course.ts';
import { FOREIGN_CLIENT, namesClient, underForeignClient } from '../fixtures/foreign-client.ts';
import { callers, own, retrieve } from '../fixtures/items.ts';
import { totalOf } from '../fixtures/look.ts';
import { isSpent, spend } from '../fixtures/spent.ts';
import { findingsOf } from './unusual.ts';

/** The end of a run: the group that all others have left alone is closed, too. */

export const lastCases = ({ resource: { close } }: Contract): Case[] =>
  close === undefined ? [] : [lastClosing(close)];

const UNTOUCHED = 'close.bystanders-untouched';
const LATER = 'close.bystanders-untouched-later';

const lastClosing = ({ name: operation }: Operation): Case => ({
  id: 'close.last',
  area: 'lifecycle',
  operation,
  title: 'the last group of the run is closed like those before it',
  covers: ['close.allowed', ...COURSE, UNTOUCHED, LATER, FOREIGN_CLIENT],
  writes: true,
  last: true,
  async run(api) {
    await stillServed(api);
    await closeAsForeignClient(api);
    const role = await lastRole(api);
    if (role === undefined) return;
    const { id, exchange, bystanders } = await closed(api, role);
    await judgeLate(api);
    await judgeCourses(api, [role]);
    if (!succeeded(exchange)) return;
    const { pages, watched, changed } = bystanders;
    if (watched === 0) api.blocked(UNTOUCHED, 'no-group', 'the list shows no other group to watch');
    else api.report(UNTOUCHED, [exchange, ...pages], changed.length > 0 && changed.join('; '));
    await judgeReadable(api, id, exchange);
    await judgeManner(api, operation);
    await readOtherwise(api, (await closed(api, 'first').catch(() => undefined))?.id ?? id);
  },
});

/** The group that is left, or stands in for it; `undefined` if there is none, which others say. */
async function lastRole(api: Api): Promise<'spare' | 'substitute' | undefined> {
  for (const role of ['spare', 'substitute'] as const)
    try {
      const { id } = await own(api, role);
      if (!(await isSpent(api, id))) return role;
    } catch (error) {
      if (error instanceof Blocked) return undefined;
      throw error;
    }
  return undefined;
}

/** Judges that no closing had an effect on a group of others that came later. One may be a coincidence; several are not. */
async function judgeLate(api: Api): Promise<void> {
  const late = await lateChanges(api);
  if (late === undefined) return;
  const evidence = late.flatMap(({ closing, pages }) => [closing, ...pages]);
  const seen = late.map(({ changed }) => changed);
  api.report(LATER, evidence, ...seen);
  if (new Set(late.map(({ closing }) => closing.id)).size > 1) api.report(UNTOUCHED, evidence, ...seen);
}

/** Asks under another client's id for the group to be closed that is closed next; one that is accepted has to be carried out. */
async function closeAsForeignClient(api: Api): Promise<void> {
  const { close, idParameter } = api.contract.resource;
  const role = await lastRole(api);
  if (close === undefined || role === undefined || !namesClient(close)) return;
  const foreign = underForeignClient(api);
  if (foreign === undefined) return;
  const { id } = await own(api, role);
  const exchange = await api.ask({ operation: close.name, path: { [idParameter]: id }, ...foreign });
  if (!succeeded(exchange)) return;
  await spend(api, id);
  await judgeCarriedOut(api, id, exchange, await retrieve(api, id));
}

/** What the requests to close have shown about the ways to ask for it. */
async function judgeManner(api: Api, operation: string): Promise<void> {
  for (const { requirement, exchanges, seen } of await findingsOf(api, operation))
    api.report(requirement, exchanges, seen);
}

/** Judges that after the closings of others the list and its groups are served as before, and none fewer. */
async function stillServed(api: Api): Promise<void> {
  const { list, retrieve, idParameter } = api.contract.resource;
  if (list === undefined || retrieve === undefined) return;
  const [before] = (await closed(api, 'first').catch(() => undefined))?.bystanders.pages ?? [];
  const page = await api.ask({ operation: list.name, query: { limit: '1' }, expects: ['list.allowed'] });
  const [earlier, now] = [before && totalOf(before), totalOf(page)];
  if (before !== undefined && earlier !== undefined && now !== undefined)
    api.report(
      'list.total-independent-of-page',
      [page, before],
      now < earlier && `total_count ${now}, and ${earlier} before a group was closed`,
    );
  const [id] = (pageOf(page)?.data ?? []).map(idOf);
  if (id !== undefined)
    await api.ask({ operation: retrieve.name, path: { [idParameter]: id }, expects: ['retrieve.allowed'] });
}

/** Reads a closed group once more, as another caller and under another spelling of its id: what was kept for these shows. */
async function readOtherwise(api: Api, id: string): Promise<void> {
  const { retrieve, idParameter } = api.contract.resource;
  const path = retrieve?.parameters.find(({ name }) => name === idParameter);
  if (retrieve === undefined || path === undefined) return;
  const permitted = callers(api.contract, retrieve).filter(({ allowed }) => allowed);
  const [caller] = await withTokens(api, permitted);
  const spelled = spellings(api.contract.schemas, path.schema, id).at(-1) ?? id;
  await api.ask({ operation: retrieve.name, ...(caller && { caller }), path: { [idParameter]: spelled } });
}

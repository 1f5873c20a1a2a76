import type { Api, CaseRequest } from '../../harness/case.ts';
import { groupOf } from '../../harness/checks/group.ts';
import { type Exchange, succeeded } from '../../harness/exchange.ts';
import {
  changes,
  isFinal,
  isOpen,
  judgeCarriedOut,
  lastReads,
  livesOn,
  OF_A_MOVE,
  opened,
  type Read,
} from '../fixtures/closing.ts';
import { newItem, ownerAsked } from '../fixtures/creation.ts';
import { created, groupForRefusals, own, type Settled, settled } from '../fixtures/items.ts';
import { Ledger, type Surprise } from '../fixtures/ledger.ts';
import { isSpent, spend } from '../fixtures/spent.ts';
import { type Asked, during, timing } from '../fixtures/suspects.ts';

/** Requests that have to be refused, and what they must not do. */

/** So many suspects are asked once more, one at a time, to find the one that did it. */
const MOST_SUSPECTS = 12;

const CREATES_NOTHING = 'create.refused-creates-nothing';
const CLOSES_NOTHING = 'close.refused-closes-nothing';
const CHANGES_NOTHING = 'refusal.changes-nothing';

const isRefused = ({ exchange }: Asked) => exchange.response.status >= 400;
const exchangesOf = (asked: readonly Asked[]) => asked.map(({ exchange }) => exchange);

const askAll = (api: Api, asks: readonly CaseRequest[]): Promise<Asked[]> =>
  Promise.all(asks.map(async (ask) => ({ ask, exchange: await api.ask(ask) })));

/** Asks for creations that have to be refused, and judges that none that was refused created anything. */
export async function refusedCreations(api: Api, asks: readonly CaseRequest[]): Promise<Exchange[]> {
  const owners = [await newItem(api), ...asks.map(({ body }) => body)].map((body) => ownerAsked(api, body));
  await created(api, 'first').catch(() => undefined);
  const ledger = await Ledger.of(api);
  return api.exclusive('list:alone', async () => {
    const before = await ledger.before(api, owners);
    const asked = await askAll(api, asks);
    const refused = asked.filter(isRefused);
    const { seen: after, surprises } = await ledger.after(api);
    const unexplained = withoutAnswered(surprises, asked);
    if (before.groups === undefined || after.groups === undefined)
      api.blocked(CREATES_NOTHING, 'allowed-call-fails', 'the list cannot be read');
    else if (unexplained.length > 0) await nameCreators(api, ledger, refused, unexplained);
    else if (refused.length > 0)
      api.report(CREATES_NOTHING, [...before.pages, ...exchangesOf(refused), ...after.pages]);
    return exchangesOf(asked);
  });
}

/** A request that was accepted against a promise may have created a group without showing it. */
function withoutAnswered(surprises: readonly Surprise[], asked: readonly Asked[]): readonly Surprise[] {
  const silent = asked.filter(({ exchange }) => succeeded(exchange) && groupOf(exchange) === undefined);
  return surprises.slice(silent.length);
}

/** Finds out which refused requests have created the groups that appeared. */
async function nameCreators(
  api: Api,
  ledger: Ledger,
  refused: readonly Asked[],
  surprises: readonly Surprise[],
): Promise<void> {
  const named = new Set<Surprise>();
  const ambiguous = new Set<Asked>();
  for (const surprise of surprises) {
    const suspects = await during(api, refused, surprise.group, 'created_at');
    const [only] = suspects;
    if (suspects.length === 1 && only !== undefined) {
      named.add(surprise);
      api.report(CREATES_NOTHING, [only.exchange, ...surprise.pages], `${surprise.id} appeared in the list`);
    } else for (const suspect of suspects) ambiguous.add(suspect);
  }
  let open = surprises.length - named.size;
  for (const { ask } of [...ambiguous].slice(0, MOST_SUSPECTS)) {
    if (open === 0) return;
    const exchange = await api.ask(ask);
    const { seen, surprises: more } = await ledger.after(api);
    if (more.length === 0) continue;
    open--;
    const ids = more.map(({ id }) => id).join(', ');
    api.report(CREATES_NOTHING, [exchange, ...seen.pages], `${ids} appeared in the list`);
  }
  if (open < surprises.length) return;
  const ids = surprises.map(({ id }) => id).join(', ');
  api.report(
    CREATES_NOTHING,
    [...exchangesOf(ambiguous.size > 0 ? [...ambiguous] : refused), ...(surprises[0]?.pages ?? [])],
    `${ids} appeared in the list, after one of these requests; none did it again`,
  );
}

/** Asks for a group, whose id is returned, to be closed in ways that have to be refused, and judges that nothing that was refused changed it. */
export async function refusedClosings(
  api: Api,
  asks: (id: string) => readonly CaseRequest[],
): Promise<{ readonly id: string; readonly exchanges: readonly Exchange[] }> {
  const { id } = await groupForRefusals(api);
  // A group that cannot be closed yet would hide that a refused request closes it.
  await opened(api, id);
  return api.exclusive('groups:alone', async () => ({
    id,
    exchanges: exchangesOf(await refuseToClose(api, id, asks)),
  }));
}

/** Asks other things of a group that have to be refused, and judges that nothing that was refused changed it. */
export async function refusedActs(api: Api, asks: (id: string) => readonly CaseRequest[]): Promise<Exchange[]> {
  const { id } = await groupForRefusals(api);
  await opened(api, id);
  return api.exclusive('groups:alone', async () => {
    const before = await lastRead(api, id);
    const asked = await askAll(api, asks(id));
    await judgeRefused(api, CHANGES_NOTHING, id, before, asked);
    return exchangesOf(asked);
  });
}

/**
 * The last read of a group that is refused things: what changes it between two series of requests is seen after the
 * second one.
 */
async function lastRead(api: Api, id: string): Promise<Read> {
  const known = (await lastReads(api)).get(id);
  if (known !== undefined) return known;
  const read = await opened(api, id);
  const group = groupOf(read);
  return group !== undefined && isOpen(api, read) ? { exchange: read, group } : settled(api, id, read);
}

/** Reads a group after requests that had to leave it as it was. */
async function readAfter(api: Api, id: string, before: Read): Promise<Settled> {
  const after = await settled(api, id, before.exchange);
  (await lastReads(api)).set(id, after);
  return after;
}

async function refuseToClose(api: Api, id: string, asks: (id: string) => readonly CaseRequest[]): Promise<Asked[]> {
  const before = await lastRead(api, id);
  const asked = await askAll(api, asks(id));
  const after = await readAfter(api, id, before);
  const accepted = asked.filter(({ exchange }) => succeeded(exchange) && isAbout(id, exchange));
  const refused = asked.filter(isRefused);
  if (isFinal(api, after.group)) await spend(api, id);
  if (accepted.length > 0) {
    for (const { exchange } of accepted) await judgeCarriedOut(api, id, exchange, after.exchange);
    // What was accepted hides what the refused requests did; they are asked again for a group that is still open.
    const other = refused.length > 0 ? await substitute(api, id) : undefined;
    if (other !== undefined) {
      const open = await settled(api, other);
      const isSameCase = new Set(refused.map(({ exchange }) => exchange.id));
      const again = asks(other).filter((_, index) => isSameCase.has(asked[index]?.exchange.id ?? ''));
      await judgeRefused(api, CLOSES_NOTHING, other, open, await askAll(api, again));
      if (isFinal(api, (await settled(api, other)).group)) await spend(api, other);
    }
  } else await judgeRefused(api, CLOSES_NOTHING, id, before, refused, after);
  return asked;
}

const isAbout = (id: string, { request }: Exchange) =>
  new URL(request.url).pathname.toLowerCase().endsWith(`/${id.toLowerCase()}`);

/** Groups that a refused request was found to have changed. */
const blamed = (api: Api) => api.once('changed by refusals', async () => new Set<string>());

/** Judges that refused requests have left a group as it was, and names the one that has not. */
async function judgeRefused(
  api: Api,
  requirement: string,
  id: string,
  before: Read,
  asked: readonly Asked[],
  after?: Settled,
): Promise<void> {
  const refused = asked.filter(isRefused);
  if (refused.length === 0) return;
  if (asked.some(({ exchange }) => succeeded(exchange) && isAbout(id, exchange))) return;
  const now = after ?? (await readAfter(api, id, before));
  const changed = changes(api, before.group, now.group);
  if (changed.length === 0) {
    api.report(requirement, [before.exchange, ...exchangesOf(refused), now.exchange]);
    return;
  }
  const suspects = await during(api, refused, now.group, 'updated_at');
  const [only] = suspects;
  // A group may make such a move by itself at any time: only who does it again has done it.
  const isUnsure = livesOn(api, before.group, now.group);
  const culprit =
    suspects.length === 1 && !isUnsure
      ? only && { one: only, changed, look: now }
      : await again(api, id, suspects, isUnsure);
  const isThen = await timing(api, now.group, 'updated_at');
  const isOther = (exchange: Exchange) => isThen(exchange) && asked.every((one) => one.exchange.id !== exchange.id);
  if (culprit === undefined && !isUnsure && api.refused().some(isOther)) return judgeLeftAlone(api, id, before, now);
  (await blamed(api)).add(id);
  if (culprit !== undefined)
    api.report(requirement, [culprit.one.exchange, culprit.look.exchange], culprit.changed.join('; '));
  else if (!isUnsure)
    api.report(
      requirement,
      [...exchangesOf(suspects), before.exchange, now.exchange],
      `${changed.join('; ')}, after one of these requests`,
    );
}

/**
 * Judges that a group is the same from one read to another, whatever was refused in between. A closing, or anything else
 * that was accepted for it, must not have come in between.
 */
export async function judgeLeftAlone(api: Api, id: string, before: Read, now: Settled): Promise<void> {
  if ((await blamed(api)).has(id)) return;
  const changed = changes(api, before.group, now.group);
  if (changed.length === 0) return api.report(CHANGES_NOTHING, [before.exchange, now.exchange]);
  const isThen = await timing(api, now.group, 'updated_at');
  const suspects = api.refused().filter(isThen);
  // What was changed by nobody's request, or with every read, others tell of.
  const isTouched = now.isStable && changed.some((one) => OF_A_MOVE.test(one)) && suspects.length > 0;
  if (livesOn(api, before.group, now.group) || !(isTouched || isFinal(api, now.group))) return;
  const named = suspects.filter((exchange) => isAbout(id, exchange));
  const shown = [named, suspects, api.refused()].find((some) => some.length > 0)?.slice(0, MOST_SUSPECTS) ?? [];
  api.report(
    CHANGES_NOTHING,
    [...shown, before.exchange, now.exchange],
    `${changed.join('; ')}, after one of these requests, all of which were refused`,
  );
}

/** Asks suspects once more, one at a time, for a group that is still open, and looks after each. */
async function again(
  api: Api,
  id: string,
  suspects: readonly Asked[],
  isUnsure: boolean,
): Promise<{ one: Asked; changed: string[]; look: Read } | undefined> {
  const other = await substitute(api, id);
  if (other === undefined) return undefined;
  let before = await settled(api, other);
  for (const { ask } of suspects.slice(0, MOST_SUSPECTS)) {
    const { idParameter } = api.contract.resource;
    const path = ask.path?.[idParameter] === id ? { path: { [idParameter]: other } } : {};
    const exchange = await api.ask({ ...ask, ...path });
    const look = await settled(api, other, before.exchange);
    const changed = changes(api, before.group, look.group);
    const isThen = !isUnsure || (await timing(api, look.group, 'updated_at'))(exchange);
    if (changed.length > 0 && isThen && exchange.response.status >= 400)
      return { one: { ask, exchange }, changed, look };
    before = look;
  }
  return undefined;
}

/** The id of another group of the run that can be closed, where there is one. */
async function substitute(api: Api, id: string): Promise<string | undefined> {
  const other = await own(api, 'substitute').catch(() => undefined);
  if (other === undefined || other.id === id || (await isSpent(api, other.id))) return undefined;
  return isOpen(api, await opened(api, other.id)) ? other.id : undefined;
}

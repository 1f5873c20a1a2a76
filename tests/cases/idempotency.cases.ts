import type { Api, Case, Subjects } from '../../harness/case.ts';
import { differences, type Group, groupOf, idOf, shownId } from '../../harness/checks/group.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { type Exchange, succeeded } from '../../harness/exchange.ts';
import { closed, deeds, ended, OF_A_MOVE } from '../fixtures/closing.ts';
import { creationOf, kindAsked, kindsToChoose, likeness, newItem, ownerAsked } from '../fixtures/creation.ts';
import { AT_ONCE, type Created, created, retrieve, twins } from '../fixtures/items.ts';
import { Ledger } from '../fixtures/ledger.ts';

/** The idempotency key: one key, one group. */

const ROLES = ['first', 'second'] as const;
const CREATES_NOTHING = 'create.same-key-creates-nothing';
const CHANGES_NOTHING = 'create.same-key-changes-nothing';
const OTHER_BODY = 'create.same-key-other-body';

export function idempotencyCases({ resource }: Contract): Case[] {
  const { create, close } = resource;
  return create === undefined ? [] : [...creationCases(create), ...(close === undefined ? [] : [afterClosing(close)])];
}

const creationCases = ({ name: operation }: Operation): Case[] => [
  {
    id: 'create.same-key',
    area: 'idempotency',
    operation,
    title: 'a repeated idempotency key repeats the answer and creates nothing',
    covers: ['create.same-key-same-group', CREATES_NOTHING, OTHER_BODY, AT_ONCE],
    writes: true,
    async run(api) {
      const same = api.subjects('create.same-key-same-group', ROLES);
      const nothing = api.subjects(CREATES_NOTHING, ROLES);
      const groups = await Promise.all(ROLES.map((role) => created(api, role)));
      for (const both of await twins(api)) judgeTwins(api, both);
      await api.exclusive('list:alone', async () => {
        const repeats = await watched(api, nothing, () =>
          Promise.all(ROLES.map((role, index) => repeat(api, role, groups[index] as Created, groups))),
        );
        for (const one of repeats) judgeSame(api, same, one);
        await otherBody(api, groups[0] as Created);
      });
    },
  },
  {
    id: 'create.other-key',
    area: 'idempotency',
    operation,
    title: 'another idempotency key is another request',
    covers: ['create.other-key-other-group'],
    writes: true,
    async run(api) {
      const first = await created(api, 'first');
      const spare = await created(api, 'spare');
      api.report(
        'create.other-key-other-group',
        [first.exchange, spare.refusals[0] ?? spare.exchange],
        spare.id === first.id && `${spare.id} for both keys`,
      );
    },
  },
];

const afterClosing = ({ name: operation }: Operation): Case => ({
  id: 'close.same-key',
  area: 'idempotency',
  operation,
  title: 'a repeated idempotency key repeats the answer also when the group is closed',
  covers: ['create.same-key-same-group', CREATES_NOTHING, CHANGES_NOTHING],
  writes: true,
  async run(api) {
    const [role] = ROLES;
    const same = api.subjects('create.same-key-same-group', [role]);
    const nothing = api.subjects(CREATES_NOTHING, [role]);
    const made = await created(api, role);
    const done = await closed(api, role);
    const { exchange } = done;
    if (!succeeded(exchange)) {
      const detail = `the request to close was answered with ${exchange.response.status}`;
      same.blocked(role, 'not-closable', detail);
      return nothing.blocked(role, 'not-closable', detail);
    }
    await api.exclusive('list:alone', async () => {
      const before = await ended(api, done);
      const [one] = await watched(api, nothing, async () => [await repeat(api, role, made, [made])]);
      if (one === undefined) return;
      judgeSame(api, same, one);
      await judgeUnchanged(api, one, before);
    });
  },
});

/** Judges that a closed group is the same after its creation was repeated. */
async function judgeUnchanged(api: Api, { made, answer }: Repeat, before: Exchange): Promise<void> {
  const after = await retrieve(api, made.id);
  const [was, is] = [groupOf(before), groupOf(after)];
  if (was === undefined || is === undefined) return;
  // That it is the same group otherwise is judged wherever it is read.
  const changed = deeds(api, was, is).filter((one) => OF_A_MOVE.test(one));
  api.report(CHANGES_NOTHING, [answer, before, after], changed.length > 0 && changed.join('; '));
}

interface Repeat {
  readonly role: string;
  readonly made: Created;
  readonly answer: Exchange;
}

/** Repeats a creation, on behalf of another caller whose own creation was served, where there is one. */
async function repeat(api: Api, role: string, made: Created, groups: readonly Created[]): Promise<Repeat> {
  const caller = (groups.find((one) => one !== made) ?? made).caller;
  const answer = await api.ask({
    operation: creationOf(api.contract).name,
    ...(caller && { caller }),
    headers: { 'idempotency-key': made.key },
    body: made.body,
  });
  return { role, made, answer };
}

/** What never changes is judged wherever the group is met; here it is the rest that has to be the same. */
function judgeSame(api: Api, same: Subjects, { role, made, answer }: Repeat): void {
  const { members, status } = api.contract.resource;
  const mayDiffer = members.filter(({ immutable }) => immutable).map(({ name }) => name);
  const group = groupOf(answer);
  const isOther = shownId(answer) !== made.id;
  const changed =
    isOther || group === undefined
      ? []
      : differences(made.group, group, [...mayDiffer, ...(status ? [status.name] : []), 'updated_at']);
  same.report(
    role,
    [answer, made.exchange],
    isOther && `${shownId(answer) ?? answer.response.status} instead of ${made.id}`,
    changed.length > 0 && changed.join('; '),
  );
}

/** Judges that repeated creations create nothing, neither what they show nor anything that they do not show. */
async function watched(api: Api, nothing: Subjects, act: () => Promise<Repeat[]>): Promise<Repeat[]> {
  const ledger = await Ledger.of(api);
  const before = await ledger.before(api, []);
  const repeats = await act();
  const { seen: after, surprises } = await ledger.after(api);
  for (const repeat of repeats) {
    const { role, made, answer } = repeat;
    if (before.groups === undefined || after.groups === undefined) {
      nothing.blocked(role, 'allowed-call-fails', 'the list cannot be read');
      continue;
    }
    const own = shownId(answer);
    const isListed = own !== undefined && own !== made.id && after.groups.some((group) => idOf(group) === own);
    const isOld = before.groups.some((group) => idOf(group) === own);
    const silent = surprises.filter(({ group }) => repeatBehind(api, group, repeats) === repeat).map(({ id }) => id);
    const added = [...(isListed && !isOld ? [own] : []), ...silent];
    nothing.report(
      role,
      [answer, made.exchange, ...before.pages, ...after.pages],
      added.length > 0 && `${added.join(', ')} appeared in the list`,
    );
  }
  return repeats;
}

/** The repeated creation that a group fits best. */
function repeatBehind(api: Api, group: Group, repeats: readonly Repeat[]): Repeat | undefined {
  const score = ({ made: { body } }: Repeat) => likeness(api, group, body);
  return [...repeats].sort((a, b) => score(b) - score(a))[0];
}

/** Judges that two creations with one key at once made one group: where both were served, both show it. */
function judgeTwins(api: Api, both: readonly [Exchange, Exchange]): void {
  const ids = both.filter(succeeded).map(shownId);
  if (ids.length > 0) api.report(AT_ONCE, both, new Set(ids).size > 1 && `${ids.join(' and ')} for one key`);
}

/** Asks with a key that was used for another body: for another owner, if there is one, and of another kind. */
async function otherBody(api: Api, first: Created): Promise<void> {
  const other = kindsToChoose(api.contract).find((kind) => kind !== kindAsked(api, first.body));
  const { choice } = api.contract.resource.creation;
  if (other === undefined || choice === undefined) return;
  const body = await newItem(api, 1, other).catch(() => ({ ...first.body, [choice.member]: other }));
  const ledger = await Ledger.of(api);
  await ledger.before(api, [ownerAsked(api, body)]);
  const answer = await api.ask({
    operation: creationOf(api.contract).name,
    headers: { 'idempotency-key': first.key },
    body,
    expects: [OTHER_BODY],
  });
  const { seen, surprises } = await ledger.after(api);
  const own = succeeded(answer) && shownId(answer) !== first.id ? [`another group, ${shownId(answer)}`] : [];
  api.report(
    OTHER_BODY,
    [answer, first.exchange, ...(surprises.length > 0 ? seen.pages : [])],
    ...own,
    ...surprises.map(({ id }) => `${id} appeared in the list`),
  );
}

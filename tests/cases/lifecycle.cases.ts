import { type Api, Blocked, type Case, type Subjects } from '../../harness/case.ts';
import {
  differences,
  type Group,
  groupOf,
  hasId,
  idOf,
  instant,
  isSound,
  pageOf,
  text,
} from '../../harness/checks/group.ts';
import { CLOCK_TOLERANCE_MS, serverTime } from '../../harness/checks/timestamps.ts';
import { promiseOf } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import type { Member, Resource } from '../../harness/contract/resource.ts';
import { type Exchange, succeeded } from '../../harness/exchange.ts';
import {
  type Closed,
  changes,
  closed,
  closedEach,
  ended,
  isFinal,
  judgeCarriedOut,
  lastReads,
  opened,
  statusOf,
} from '../fixtures/closing.ts';
import { COURSE, judgeCourses, judgeReadable, MAY_MOVE } from '../fixtures/course.ts';
import { creatable, kindAsked, otherThanAsked } from '../fixtures/creation.ts';
import { judgeEarlyClosing } from '../fixtures/early-closing.ts';
import { type Created, created, firstRead, groupForRefusals, retrieve, settled } from '../fixtures/items.ts';
import { listOf, lookFor, shown } from '../fixtures/look.ts';
import { until } from '../fixtures/until.ts';
import { judgeOneGroupEach } from './one-group.ts';
import { judgeStamps } from './stamps.ts';

/** A group from its creation to its end, and what happens to the others meanwhile. */

/** The groups that are closed on the way. */
const CLOSED_ROLES = ['first', 'second'] as const;

export function lifecycleCases({ resource }: Contract): Case[] {
  const { create, retrieve, close } = resource;
  return [
    ...(create === undefined ? [] : ofCreation(create, resource)),
    ...(retrieve === undefined ? [] : [repeatable(retrieve)]),
    ...(close === undefined ? [] : ofClosing(close, resource)),
  ];
}

const ofCreation = ({ name: operation }: Operation, resource: Resource): Case[] => [
  {
    id: 'create.as-asked',
    area: 'lifecycle',
    operation,
    title: 'a created group is the one that was asked for',
    covers: [
      ...asAsked(operation, resource).map(({ requirement }) => requirement),
      'create.initial-status',
      'create.created-now',
      'create.new-group',
    ],
    writes: true,
    async run(api) {
      const groups = await Promise.all(CLOSED_ROLES.map((role) => created(api, role)));
      const isAsked = (kind: string) =>
        groups.some(
          ({ body, refusals }) => kindAsked(api, body) === kind || refusals.some((one) => asksFor(one, kind)),
        );
      const kinds = creatable(api).filter((kind, index) => index < CLOSED_ROLES.length || isAsked(kind));
      for (const group of groups) judgeCreation(api, group);
      for (const { requirement, member } of asAsked(operation, resource)) {
        const isChoice = member.askedAs === resource.creation.choice?.member;
        judgeAsAsked(api, requirement, member, groups, isChoice ? kinds : undefined);
      }
    },
  },
  {
    id: 'create.one-group',
    area: 'lifecycle',
    operation,
    title: 'a creation creates one group, and no other',
    covers: ['create.one-group'],
    writes: true,
    run: judgeOneGroupEach,
  },
  {
    id: 'create.read-back',
    area: 'lifecycle',
    operation,
    title: 'a created group can be retrieved and is in the list',
    covers: ['create.retrievable', 'create.equals-retrieved', 'create.listed'],
    writes: true,
    async run(api) {
      const retrievable = api.subjects('create.retrievable', CLOSED_ROLES);
      const equal = api.subjects('create.equals-retrieved', CLOSED_ROLES);
      const groups = await Promise.all(CLOSED_ROLES.map(async (role) => ({ role, made: await created(api, role) })));
      await Promise.all(groups.map(({ role, made }) => readBack(api, made, role, retrievable, equal)));
      await judgeListed(
        api,
        groups.map(({ made }) => made),
      );
    },
  },
];

const repeatable = ({ name: operation }: Operation): Case => ({
  id: 'retrieve.twice',
  area: 'lifecycle',
  operation,
  title: 'reading a group changes nothing',
  covers: ['retrieve.repeatable'],
  writes: false,
  async run(api) {
    const id = api.writes ? (await groupForRefusals(api)).id : await firstListed(api);
    if (id === undefined)
      return api.blocked('retrieve.repeatable', 'no-group-to-read', 'the list shows no group that could be read');
    const one = await settled(api, id, api.writes ? await opened(api, id) : undefined);
    const two = await retrieve(api, id);
    const again = groupOf(two);
    if (again === undefined)
      return api.report(
        'retrieve.repeatable',
        [one.exchange, two],
        !succeeded(two) && `${two.response.status} on the next read`,
      );
    const moved = differences(one.group, again);
    const advanced =
      text(one.group, 'status') !== text(again, 'status') &&
      moved.every((difference) => /^(status|updated_at) /.test(difference));
    api.report('retrieve.repeatable', [one.exchange, two], !advanced && moved.length > 0 && moved.join('; '));
  },
});

const ofClosing = ({ name: operation }: Operation, resource: Resource): Case[] => [
  {
    id: 'close.course',
    area: 'lifecycle',
    operation,
    title: 'a group that is asked to close moves to closing, and stays what it was otherwise',
    covers: ['close.allowed', ...COURSE],
    writes: true,
    run: (api) => judgeCourses(api, CLOSED_ROLES),
  },
  {
    id: 'close.status-changes',
    area: 'lifecycle',
    operation,
    title: 'a change of status moves updated_at',
    covers: [promiseOf(resource, 'resource.updated-at-with-status')],
    writes: true,
    async run(api) {
      for (const { role, id, reads, after } of await closedEach(api, CLOSED_ROLES, [])) {
        const course = [await firstRead(api, role, id), ...reads.map(({ exchange }) => exchange), after];
        const shown = course.flatMap((exchange) => {
          const group = groupOf(exchange);
          return group ? [{ exchange, group }] : [];
        });
        await judgeStamps(api, shown);
      }
    },
  },
  {
    id: 'close.still-listed',
    area: 'lifecycle',
    operation,
    title: 'a closing group is still in the list and never reopens',
    covers: [
      'close.stays-listed',
      promiseOf(resource, 'resource.status-forward'),
      promiseOf(resource, 'resource.updated-at-forward'),
    ],
    writes: true,
    async run(api) {
      const listed = api.subjects('close.stays-listed', CLOSED_ROLES);
      const closings = await closedEach(api, CLOSED_ROLES, [listed]);
      const done = closings.filter(({ exchange }) => succeeded(exchange));
      const over = done.filter(({ after }) => isFinal(api, groupOf(after) ?? {}));
      const isOver = (group: Group) => isFinal(api, group) || !over.some(({ id }) => hasId(group, id));
      const seen = await lookFor(
        api,
        done.map(({ id }) => id),
        isOver,
      );
      for (const { id, after } of over) {
        const group = shown(seen, id);
        if (group !== undefined && isSound(api.contract, group, 'status'))
          api.report(
            'list.equals-retrieved',
            [after, ...seen.pages],
            !isFinal(api, group) &&
              `${id} is ${text(group, 'status')} in the list after ${api.settleMs / 1000} s, and was ${statusOf(after)} before`,
          );
      }
      for (const { role, id, exchange } of closings)
        if (!succeeded(exchange))
          listed.blocked(role, 'not-closable', `the request to close was answered with ${exchange.response.status}`);
        else if (seen.groups === undefined) listed.blocked(role, 'no-group', 'the list cannot be read');
        else
          listed.report(role, [exchange, ...seen.pages], shown(seen, id) === undefined && `${id} is not in the list`);
      await Promise.all(done.map(({ id, exchange }) => judgeReadable(api, id, exchange)));
    },
  },
  {
    id: 'close.too-early',
    area: 'lifecycle',
    operation,
    title: 'a group that refuses to be closed while it waits for approval is not closed afterwards either',
    covers: ['close.refused-closes-nothing'],
    writes: true,
    run: judgeEarlyClosing,
  },
  {
    id: 'close.second-time',
    area: 'lifecycle',
    operation,
    title: 'a second request to close is a conflict, or accepted once more, and changes nothing where it is refused',
    covers: ['close.second', 'close.second-conflict'],
    writes: true,
    async run(api) {
      const first = await closed(api, 'first').catch((error: unknown) => {
        for (const requirement of ['close.second', 'close.second-conflict']) api.prevented(requirement, error);
        return undefined;
      });
      if (first === undefined) return;
      const { exchange } = first;
      if (succeeded(exchange)) return api.exclusive('groups:alone', () => closeAgain(api, first));
      api.blocked('close.second', 'not-closable', `the first request was answered with ${exchange.response.status}`);
    },
  },
  {
    id: 'close.bystanders',
    area: 'lifecycle',
    operation,
    title: 'closing one group changes no other group',
    covers: ['close.bystanders-untouched'],
    writes: true,
    async run(api) {
      const subjects = api.subjects('close.bystanders-untouched', CLOSED_ROLES);
      for (const { role, exchange, bystanders } of await closedEach(api, CLOSED_ROLES, [subjects])) {
        const { pages, watched, changed } = bystanders;
        if (!succeeded(exchange))
          subjects.blocked(role, 'not-closable', `the request was answered with ${exchange.response.status}`);
        else if (watched === 0) subjects.blocked(role, 'no-group', 'the list shows no other group to watch');
        else subjects.report(role, [exchange, ...pages], changed.length > 0 && changed.join('; '));
      }
    },
  },
];

/** The members that show what was asked for, and the requirements that they do. */
const asAsked = (operation: string, { members }: Resource) =>
  members
    .filter(({ askedAs }) => askedAs !== undefined)
    .map((member) => ({ member, requirement: promiseOf({ name: operation }, `create.${member.name}.as-asked`) }));

const asksFor = ({ request }: Exchange, kind: string) => request.body?.includes(`"${kind}"`) ?? false;

/** Judges one member of what was created; if it shows the kind, one subject for each kind that can be had. */
function judgeAsAsked(
  api: Api,
  requirement: string,
  member: Member,
  groups: readonly Created[],
  kinds: readonly string[] | undefined,
): void {
  const subjects = kinds && api.subjects(requirement, kinds);
  for (const { exchange, group, body } of groups) {
    if (!isSound(api.contract, group, member.name)) continue;
    const wrong = otherThanAsked(member, group, body);
    const kind = kindAsked(api, body);
    if (subjects === undefined) api.report(requirement, [exchange], wrong);
    else if (kinds?.includes(kind)) subjects.report(kind, [exchange], wrong);
  }
  const refusals = groups.flatMap((group) => group.refusals);
  for (const kind of kinds ?? []) {
    if (groups.some(({ body }) => kindAsked(api, body) === kind)) continue;
    const refusal = refusals.find((one) => asksFor(one, kind));
    subjects?.blocked(kind, 'type-refused', `a group of this type is refused with ${refusal?.response.status}`);
  }
}

function judgeCreation(api: Api, { exchange, group }: Created): void {
  const status = text(group, 'status');
  if (status !== undefined && isSound(api.contract, group, 'status'))
    api.report(
      'create.initial-status',
      [exchange],
      !api.contract.resource.life.initial.includes(status) &&
        `${status}; possible are ${api.contract.resource.life.initial.join(', ')}`,
    );
  const at = instant(group, 'created_at');
  if (at !== undefined)
    api.report(
      'create.created-now',
      [exchange],
      Math.abs(at - serverTime(exchange)) > CLOCK_TOLERANCE_MS &&
        `created_at ${text(group, 'created_at')}, asked at ${new Date(exchange.startedAt).toISOString()}`,
    );
}

/** A target may need a moment until what it has created can be read; what it shows then is judged. */
async function readBack(
  api: Api,
  { id, group, exchange, repeats }: Created,
  role: string,
  retrievable: Subjects,
  equal: Subjects,
): Promise<void> {
  if (repeats) throw new Blocked('no-group', `the creation answered with a group that was there already, ${id}`);
  const read = await until(api, () => retrieve(api, id), succeeded);
  const seen = groupOf(read);
  retrievable.report(role, [read, exchange], !succeeded(read) && `${id} is answered with ${read.response.status}`);
  if (seen === undefined) return equal.blocked(role, 'no-group', `${id} cannot be read`);
  const changed = differences(group, seen, MAY_MOVE);
  equal.report(role, [read, exchange], changed.length > 0 && changed.join('; '));
}

async function judgeListed(api: Api, groups: readonly Created[]): Promise<void> {
  const ids = groups.map(({ id }) => id);
  const subjects = api.subjects('create.listed', ids);
  const seen = await lookFor(api, ids);
  for (const { id, exchange } of groups)
    if (seen.groups === undefined) subjects.blocked(id, 'no-group', 'the list cannot be read');
    else subjects.report(id, [exchange, ...seen.pages], shown(seen, id) === undefined && `${id} is not in the list`);
}

/** Asks for a closing once more, when the first one has come to its end: that would hide what the second one changes. */
async function closeAgain(api: Api, done: Closed): Promise<void> {
  const { id, before: open, beforeExchange, exchange } = done;
  const end = await ended(api, done);
  if (!(await judgeReadable(api, id, exchange, end)))
    throw new Blocked('no-group', `${id} cannot be read once it was asked to close`);
  const before = await settled(api, id, succeeded(end) ? end : undefined);
  const lost = differences(open, before.group, MAY_MOVE);
  api.report('close.identity-kept', [exchange, beforeExchange, before.exchange], lost.length > 0 && lost.join('; '));
  const { close, idParameter } = api.contract.resource;
  const second = await api.ask({
    operation: close?.name ?? '',
    path: { [idParameter]: id },
    expects: ['close.second', 'close.second-conflict'],
  });
  const after = await settled(api, id, before.exchange);
  if (succeeded(second)) {
    await judgeCarriedOut(api, id, second, after.exchange);
    const other = await groupForRefusals(api);
    (await lastReads(api)).set(other.id, await settled(api, other.id));
    return;
  }
  const changed = changes(api, before.group, after.group);
  api.report(
    'close.refused-closes-nothing',
    [second, before.exchange, after.exchange],
    changed.length > 0 && changed.join('; '),
  );
}

async function firstListed(api: Api): Promise<string | undefined> {
  const group = pageOf(await api.ask({ operation: listOf(api).name }))?.data[0];
  return group && idOf(group);
}

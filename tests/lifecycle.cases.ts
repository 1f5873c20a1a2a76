import { type Api, Blocked, type Case } from '../harness/case.ts';
import { differences, type Group, groupOf, idOf, instant, isSound, pageOf, text } from '../harness/checks/group.ts';
import { queryParameter } from '../harness/checks/page.ts';
import { CLOCK_TOLERANCE_MS, serverTime } from '../harness/checks/timestamps.ts';
import { isObject } from '../harness/contract/nodes.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { closed, statusOf } from './closing.ts';
import { type Created, created, newest, retrieve, settled, until, victim, words } from './stage.ts';

/** A group from its creation to its end, and what happens to the others meanwhile. */

const MAY_MOVE = ['status', 'updated_at'];

export const lifecycleCases: readonly Case[] = [
  {
    id: 'create.as-asked',
    area: 'lifecycle',
    operation: 'create',
    title: 'a created group is the one that was asked for',
    proves: [
      'create.type-as-asked',
      'create.owner-as-asked',
      'create.initial-status',
      'create.created-now',
      'create.new-group',
    ],
    writes: true,
    async run(api) {
      const groups = await Promise.all([created(api, 'first'), created(api, 'second')]);
      for (const group of groups) judgeCreation(api, group);
    },
  },
  {
    id: 'create.read-back',
    area: 'lifecycle',
    operation: 'create',
    title: 'a created group can be retrieved and is in the list',
    proves: ['create.retrievable', 'create.equals-retrieved', 'create.listed'],
    writes: true,
    async run(api) {
      await Promise.all(
        [created(api, 'first'), created(api, 'second')].map(async (making) => readBack(api, await making)),
      );
    },
  },
  {
    id: 'retrieve.twice',
    area: 'lifecycle',
    operation: 'retrieve',
    title: 'reading a group changes nothing',
    proves: ['retrieve.repeatable'],
    writes: false,
    async run(api) {
      const id = api.writes ? (await victim(api)).id : await firstListed(api);
      if (id === undefined)
        return api.blocked('retrieve.repeatable', 'no-group', 'the list shows no group that could be read');
      const one = await settled(api, id);
      const two = await retrieve(api, id);
      const again = groupOf(two);
      if (again === undefined)
        return api.judge(
          'retrieve.repeatable',
          [one.exchange, two],
          !succeeded(two) && `${two.response.status} on the next read`,
        );
      const moved = differences(one.group, again);
      const advanced =
        text(one.group, 'status') !== text(again, 'status') &&
        moved.every((difference) => /^(status|updated_at) /.test(difference));
      api.judge('retrieve.repeatable', [one.exchange, two], !advanced && moved.length > 0 && moved.join('; '));
    },
  },
  {
    id: 'close.course',
    area: 'lifecycle',
    operation: 'close',
    title: 'a group that is asked to close moves to closing, and stays what it was otherwise',
    proves: [
      'close.allowed',
      'close.reaches-closing',
      'close.updated-at-moves',
      'close.identity-kept',
      'close.stays-readable',
    ],
    writes: true,
    async run(api) {
      for (const role of ['first', 'second'] as const) {
        const { id, exchange, before, beforeExchange, after } = await closed(api, role);
        if (!succeeded(exchange)) continue;
        const group = groupOf(after);
        api.judge(
          'close.stays-readable',
          [exchange, after],
          group === undefined && `${id} is answered with ${after.response.status}`,
        );
        if (group === undefined) continue;
        const evidence = [beforeExchange, exchange, after];
        const isFinal = api.contract.life.final.includes(text(group, 'status') ?? '');
        if (isSound(api.contract, group, 'status'))
          api.judge(
            'close.reaches-closing',
            evidence,
            !isFinal && `status ${text(group, 'status')} after ${api.settleMs / 1000} s`,
          );
        if (isFinal) judgeMove(api, evidence, before, group);
        const changed = differences(before, group, MAY_MOVE);
        api.judge('close.identity-kept', evidence, changed.length > 0 && changed.join('; '));
      }
    },
  },
  {
    id: 'close.still-listed',
    area: 'lifecycle',
    operation: 'close',
    title: 'a closing group is still in the list and never reopens',
    proves: ['close.stays-listed', 'account-group.status-forward', 'account-group.updated-at-forward'],
    writes: true,
    async run(api) {
      const { id, exchange } = await closed(api, 'first');
      if (!succeeded(exchange)) return;
      const page = await newest(api);
      if (pageOf(page) !== undefined)
        api.judge(
          'close.stays-listed',
          [exchange, page],
          !(await isListed(api, id, page)) && `${id} is not in the list`,
        );
      await retrieve(api, id);
    },
  },
  {
    id: 'close.second-time',
    area: 'lifecycle',
    operation: 'close',
    title: 'a second request to close is a conflict, or accepted once more',
    proves: ['close.second', 'close.second-conflict'],
    writes: true,
    async run(api) {
      const { id, exchange } = await closed(api, 'first');
      if (!succeeded(exchange))
        return api.blocked(
          'close.second',
          'not-closable',
          `the first request was answered with ${exchange.response.status}`,
        );
      await api.ask({
        operation: 'close',
        path: { account_group_id: id },
        aims: ['close.second', 'close.second-conflict'],
      });
      await retrieve(api, id);
    },
  },
  {
    id: 'close.bystanders',
    area: 'lifecycle',
    operation: 'close',
    title: 'closing one group changes no other group',
    proves: ['close.bystanders-untouched'],
    writes: true,
    async run(api) {
      const { exchange, bystander } = await closed(api, 'first');
      const [before, after] = [bystander && groupOf(bystander.before), bystander && groupOf(bystander.after)];
      if (bystander === undefined || before === undefined || after === undefined)
        return api.blocked('close.bystanders-untouched', 'no-group', 'there is no third group to watch');
      const isFinal = (group: Group) => api.contract.life.final.includes(text(group, 'status') ?? '');
      const changed = differences(before, after, MAY_MOVE);
      api.judge(
        'close.bystanders-untouched',
        [bystander.before, exchange, bystander.after],
        isFinal(after) && !isFinal(before) && `${bystander.id} is ${statusOf(bystander.after)} too`,
        changed.length > 0 && changed.join('; '),
      );
    },
  },
];

function judgeCreation(api: Api, { exchange, group, body }: Created): void {
  if (isSound(api.contract, group, 'type'))
    api.judge(
      'create.type-as-asked',
      [exchange],
      group.type !== body.type && `${text(group, 'type')} for ${body.type}`,
    );
  const users = Array.isArray(group.users) ? group.users.filter(isObject) : [];
  const [owner] = words(api.contract, 'AccountGroupUser', 'type');
  const mine = users.find((user) => user.id === body.user_id);
  if (isSound(api.contract, group, 'users'))
    api.judge(
      'create.owner-as-asked',
      [exchange],
      mine === undefined && `${JSON.stringify(group.users)} for ${body.user_id}`,
      mine?.type !== undefined && mine.type !== owner && `${String(mine.type)}`,
    );
  const status = text(group, 'status');
  if (status !== undefined && isSound(api.contract, group, 'status'))
    api.judge(
      'create.initial-status',
      [exchange],
      !api.contract.life.initial.includes(status) && `${status}; possible are ${api.contract.life.initial.join(', ')}`,
    );
  const at = instant(group, 'created_at');
  if (at !== undefined)
    api.judge(
      'create.created-now',
      [exchange],
      Math.abs(at - serverTime(exchange)) > CLOCK_TOLERANCE_MS &&
        `created_at ${text(group, 'created_at')}, asked at ${new Date(exchange.startedAt).toISOString()}`,
    );
}

/** A target may need a moment until what it has created can be read; what it shows then is judged. */
async function readBack(api: Api, { id, group, exchange, repeats }: Created): Promise<void> {
  if (repeats) throw new Blocked('no-group', `the creation answered with a group that was there already, ${id}`);
  const read = await until(
    api,
    () => retrieve(api, id),
    (answer) => succeeded(answer),
  );
  const seen = groupOf(read);
  api.judge(
    'create.retrievable',
    [exchange, read],
    !succeeded(read) && `${id} is answered with ${read.response.status}`,
  );
  if (seen !== undefined) {
    const changed = differences(group, seen, MAY_MOVE);
    api.judge('create.equals-retrieved', [exchange, read], changed.length > 0 && changed.join('; '));
  }
  const page = await until(
    api,
    () => newest(api),
    (answer) => pageOf(answer)?.data.some((listed) => listed.id === id) ?? false,
  );
  if (pageOf(page) !== undefined)
    api.judge('create.listed', [exchange, page], !(await isListed(api, id, page)) && `${id} is not in the list`);
}

/** Looks at the newest page; where the target breaks its order, anywhere in the first thousand. */
async function isListed(api: Api, id: string, page: Exchange): Promise<boolean> {
  const has = (answer: Exchange) => pageOf(answer)?.data.some((group) => group.id === id) ?? false;
  if (has(page)) return true;
  const most = queryParameter(api.contract, 'limit')?.schema.value;
  return has(await api.ask({ operation: 'list', query: { limit: String(isObject(most) ? most.maximum : '') } }));
}

function judgeMove(api: Api, evidence: readonly Exchange[], before: Group, after: Group): void {
  const [earlier, later] = [instant(before, 'updated_at'), instant(after, 'updated_at')];
  if (earlier !== undefined && later !== undefined)
    api.judge(
      'close.updated-at-moves',
      evidence,
      later <= earlier && `updated_at ${text(before, 'updated_at')} before and ${text(after, 'updated_at')} after`,
    );
}

async function firstListed(api: Api): Promise<string | undefined> {
  const group = pageOf(await api.ask({ operation: 'list' }))?.data[0];
  return group && idOf(group);
}

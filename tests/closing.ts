import { type Api, Blocked } from '../harness/case.ts';
import { type Group, groupOf, text } from '../harness/checks/group.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { lookUntil } from '../harness/settling.ts';
import { callers, nextTick, own, type Role, retrieve, settled, until } from './stage.ts';
import { servedUnusually } from './unusual.ts';

export interface Closed {
  readonly id: string;
  /** The request to close that was carried out. */
  readonly exchange: Exchange;
  /** The group just before. */
  readonly before: Group;
  readonly beforeExchange: Exchange;
  /** The first read that shows it closing, or the last one before patience ended. */
  readonly after: Exchange;
  /** The spare group before and after, where there is one. */
  readonly bystander: { readonly id: string; readonly before: Exchange; readonly after: Exchange } | undefined;
}

/** Closes one of the run's groups, once, as soon as the target lets it, and waits until the closing shows. */
export function closed(api: Api, role: Exclude<Role, 'spare'>): Promise<Closed> {
  return api.once(`closed ${role}`, async () => {
    const { id } = await own(api, role);
    const spare = await own(api, 'spare').catch(() => undefined);
    return api.turn('groups:closing', async () => {
      const bystanderBefore = spare && (await retrieve(api, spare.id));
      const { exchange, before } = await closeWhenOpen(api, id, role);
      const after = succeeded(exchange)
        ? await until(
            api,
            () => retrieve(api, id),
            (read) => api.contract.life.final.includes(statusOf(read) ?? ''),
          )
        : await retrieve(api, id);
      const bystander = spare &&
        bystanderBefore && { id: spare.id, before: bystanderBefore, after: await retrieve(api, spare.id) };
      return { id, exchange, before: before.group, beforeExchange: before.exchange, after, bystander };
    });
  });
}

/**
 * A group that waits for approval may refuse to be closed; asked again once it can be acted on.
 *
 * @throws {Blocked} where the group never gets there.
 */
async function closeWhenOpen(
  api: Api,
  id: string,
  role: Exclude<Role, 'spare'>,
): Promise<{ exchange: Exchange; before: { exchange: Exchange; group: Group } }> {
  const allowed = callers(api.contract, 'close').filter((caller) => caller.allowed);
  const caller = allowed[(role === 'second' ? 1 : 0) % allowed.length];
  const question = { operation: 'close', ...(caller && { caller }), path: { account_group_id: id } };
  const isRefused = (exchange: Exchange) => !succeeded(exchange) && !isConflict(api, exchange);
  const ask = () => (role === 'second' ? servedUnusually(api, question, isRefused) : api.ask(question));
  const attempt = async () => {
    const before = await settled(api, id);
    await nextTick(api, before.group);
    return { exchange: await ask(), before };
  };
  const counts = ({ exchange, before }: Awaited<ReturnType<typeof attempt>>) =>
    !isConflict(api, exchange) || isOpen(api, before.exchange);
  const last = await lookUntil(api.clock, api.settleMs, attempt, counts);
  if (!counts(last))
    throw new Blocked('not-closable', `the group stays ${statusOf(last.before.exchange)} and refuses to be closed`);
  api.judgeStatus(['close.allowed', `close.caller.${caller?.id}`], last.exchange);
  return last;
}

/** The status of the group that an answer shows. */
export function statusOf(exchange: Exchange): string | undefined {
  const group = groupOf(exchange);
  return group && text(group, 'status');
}

const isOpen = (api: Api, exchange: Exchange) => api.contract.life.open.includes(statusOf(exchange) ?? '');

/** The refusal by which the contract lets a group in another status turn down its closing. */
const isConflict = (api: Api, exchange: Exchange) =>
  (api.contract.requirements.get('close.second-conflict')?.accepts ?? []).includes(String(exchange.response.status));

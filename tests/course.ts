import type { Api } from '../harness/case.ts';
import { differences, groupOf, instant, isSound, text } from '../harness/checks/group.ts';
import { type Exchange, succeeded } from '../harness/exchange.ts';
import { closedEach } from './closing.ts';
import { judgeLeftAlone, opened } from './refusals.ts';
import { type Role, retrieve, type Settled } from './stage.ts';
import { until } from './until.ts';

/** What a closing does to the group that it is asked for. */

export const MAY_MOVE = ['status', 'updated_at'];

const READABLE = 'close.stays-readable';

/** What is judged of the group after its closing was acknowledged. */
export const COURSE = ['close.reaches-closing', 'close.updated-at-moves', 'close.identity-kept', READABLE] as const;

/** Closes groups of the run, and judges what becomes of each. */
export async function judgeCourses(api: Api, roles: readonly Role[]): Promise<void> {
  const all = COURSE.map((name) => api.subjects(name, roles));
  const [reaches, moves, kept, readable] = all;
  for (const { role, id, exchange, reads, before, beforeExchange, after } of await closedEach(api, roles, all)) {
    if (role !== 'first' && role !== 'second') await judgeSinceOpened(api, id, reads[0]);
    if (!succeeded(exchange)) {
      const detail = `the request to close was answered with ${exchange.response.status}`;
      for (const subjects of all) subjects.blocked(role, 'not-closable', detail);
      continue;
    }
    const group = groupOf(after);
    readable?.judge(role, [after, exchange], group === undefined && `${id} is answered with ${after.response.status}`);
    if (group === undefined) {
      for (const subjects of [reaches, moves, kept]) subjects?.blocked(role, 'no-group', `${id} cannot be read`);
      continue;
    }
    const evidence = [exchange, beforeExchange, after];
    const isFinal = api.contract.resource.life.final.includes(text(group, 'status') ?? '');
    if (isSound(api.contract, group, 'status'))
      reaches?.judge(role, evidence, !isFinal && `status ${text(group, 'status')} after ${api.settleMs / 1000} s`);
    else reaches?.blocked(role, 'no-group', 'its status cannot be read');
    const [earlier, later] = [instant(before, 'updated_at'), instant(group, 'updated_at')];
    if (!isFinal || earlier === undefined || later === undefined)
      moves?.blocked(role, 'not-closable', 'the group is not seen closing, or not when it was updated');
    else
      moves?.judge(
        role,
        evidence,
        later <= earlier && `updated_at ${text(before, 'updated_at')} before and ${text(group, 'updated_at')} after`,
      );
    const changed = differences(before, group, MAY_MOVE);
    kept?.judge(role, evidence, changed.length > 0 && changed.join('; '));
  }
}

/** Judges that a group can still be read after a closing was acknowledged; false where it cannot. */
export async function judgeReadable(api: Api, id: string, closing: Exchange): Promise<boolean> {
  const read = await until(api, () => retrieve(api, id), succeeded);
  api.judge(READABLE, [read, closing], !succeeded(read) && `${id} is answered with ${read.response.status}`);
  return succeeded(read);
}

/** Judges that nothing has changed a group since it was first seen open, until it was to be closed. */
async function judgeSinceOpened(api: Api, id: string, until: Settled | undefined): Promise<void> {
  const exchange = await opened(api, id);
  const group = groupOf(exchange);
  if (group !== undefined && until !== undefined && exchange.began < until.exchange.began)
    await judgeLeftAlone(api, id, { exchange, group }, until);
}

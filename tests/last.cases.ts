import { type Api, Blocked, type Case } from '../harness/case.ts';
import type { Contract, Operation } from '../harness/contract/index.ts';
import { succeeded } from '../harness/exchange.ts';
import { closed } from './closing.ts';
import { COURSE, judgeCourses, judgeReadable } from './course.ts';
import { isSpent } from './refusals.ts';
import { own } from './stage.ts';
import { findingsOf } from './unusual.ts';

/** The end of a run: the group that all others have left alone is closed, too. */

export const lastCases = ({ resource: { close } }: Contract): Case[] =>
  close === undefined ? [] : [lastClosing(close)];

const UNTOUCHED = 'close.bystanders-untouched';

const lastClosing = ({ name: operation }: Operation): Case => ({
  id: 'close.last',
  area: 'lifecycle',
  operation,
  title: 'the last group of the run is closed like those before it',
  proves: ['close.allowed', ...COURSE, UNTOUCHED],
  writes: true,
  last: true,
  async run(api) {
    const role = await lastRole(api);
    if (role === undefined) return;
    const { id, exchange, bystanders } = await closed(api, role);
    await judgeCourses(api, [role]);
    if (!succeeded(exchange)) return;
    const { pages, watched, changed } = bystanders;
    if (watched === 0) api.blocked(UNTOUCHED, 'no-group', 'the list shows no other group to watch');
    else api.judge(UNTOUCHED, [exchange, ...pages], changed.length > 0 && changed.join('; '));
    await judgeReadable(api, id, exchange);
    await judgeManner(api, operation);
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

/** What the requests to close have shown about the ways to ask for it. */
async function judgeManner(api: Api, operation: string): Promise<void> {
  for (const { requirement, exchanges, seen } of await findingsOf(api, operation))
    api.judge(requirement, exchanges, seen);
}

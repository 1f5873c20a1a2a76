import { type Api, Blocked, type Case } from '../harness/case.ts';
import type { Contract, Operation } from '../harness/contract/index.ts';
import { succeeded } from '../harness/exchange.ts';
import { closed } from './closing.ts';
import { COURSE, judgeCourses, judgeReadable } from './course.ts';
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
    const spare = await own(api, 'spare').catch((error: unknown) => {
      // Others say that there is none; what is not there need not be closed.
      if (error instanceof Blocked) return undefined;
      throw error;
    });
    if (spare === undefined) return;
    const { exchange, bystanders } = await closed(api, 'spare');
    await judgeCourses(api, ['spare']);
    if (!succeeded(exchange)) return;
    const { pages, watched, changed } = bystanders;
    if (watched === 0) api.blocked(UNTOUCHED, 'no-group', 'the list shows no other group to watch');
    else api.judge(UNTOUCHED, [exchange, ...pages], changed.length > 0 && changed.join('; '));
    await judgeReadable(api, spare.id, exchange);
    await judgeManner(api, operation);
  },
});

/** What the requests to close have shown about the ways to ask for it. */
async function judgeManner(api: Api, operation: string): Promise<void> {
  for (const { requirement, exchanges, seen } of await findingsOf(api, operation))
    api.judge(requirement, exchanges, seen);
}

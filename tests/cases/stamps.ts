import type { Api } from '../../harness/case.ts';
import { instant, resolution, text } from '../../harness/checks/group.ts';
import { promiseOf } from '../../harness/contract/ids.ts';
import type { Settled } from '../fixtures/items.ts';
import { clockOffset } from '../fixtures/suspects.ts';

/** Judges that `updated_at` moves where one read of a group shows another status than the read before. */
export async function judgeStamps(api: Api, reads: readonly Pick<Settled, 'exchange' | 'group'>[]): Promise<void> {
  for (const [index, later] of reads.entries()) {
    const earlier = reads[index - 1];
    if (earlier === undefined || text(earlier.group, 'status') === text(later.group, 'status')) continue;
    const [from, to] = [instant(earlier.group, 'updated_at'), instant(later.group, 'updated_at')];
    if (from === undefined || to === undefined) continue;
    // A coarse timestamp may not tell apart what happened before the earlier read from what happened after it.
    const { low } = await clockOffset(api);
    const unit = resolution(text(earlier.group, 'updated_at') ?? '');
    const isTold = unit <= 1 || from + unit <= earlier.exchange.startedAt + low;
    if (to > from || isTold)
      api.report(
        promiseOf(api.contract.resource, 'resource.updated-at-with-status'),
        [later.exchange, earlier.exchange],
        to <= from &&
          `status went from ${text(earlier.group, 'status')} to ${text(later.group, 'status')} with updated_at ${text(earlier.group, 'updated_at')} and ${text(later.group, 'updated_at')}`,
      );
  }
}
